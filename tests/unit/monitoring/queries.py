"""A static check of PromQL: no query reads a series, or selects by a label, that nothing exports."""

from collections.abc import Iterator, Mapping
from typing import Any

import promql_parser as promql
from pulumi_ixn.monitoring import labels_by_series

_MAKE_LABELS = ("label_join", "label_replace")
"""Functions whose second argument is the label that they set."""


def unknown_names(query: str, series: Mapping[str, tuple[str, ...]] | None = None) -> list[str]:
    """Return what is wrong with a query, one message each: its syntax, unknown series and unknown labels.

    `series` are the labels of each series that exists; by default, those of the catalog and of other exporters.
    """
    known = labels_by_series() if series is None else series
    try:
        expressions = list(_walk(promql.parse(query)))
    except ValueError as error:
        return [f"is not PromQL: {error}: {query}"]
    selectors = [each for each in expressions if isinstance(each, promql.VectorSelector)]
    found = [problem for each in selectors for problem in _selector_problems(each, known)]
    exist = {label for each in selectors for label in known.get(each.name or "", ())}
    exist |= {label for each in expressions for label in _made_labels(each)}
    missing = {label for each in expressions for label in _grouping_labels(each)} - exist
    return [*found, *(f"no series of the query has the label {label}: {query}" for label in sorted(missing))]


def series_of(query: str) -> set[str]:
    """Return the names of the series that a query reads."""
    return {each.name or "" for each in selectors(query)}


def selectors(query: str) -> list[promql.VectorSelector]:
    """Return the selectors of series in a query."""
    return [each for each in _walk(promql.parse(query)) if isinstance(each, promql.VectorSelector)]


def _walk(expression: Any) -> Iterator[Any]:
    """Yield the expression and all that it contains."""
    if isinstance(expression, promql.MatrixSelector):
        expression = expression.vector_selector
    yield expression
    match expression:
        case promql.BinaryExpr():
            parts = [expression.lhs, expression.rhs]
        case promql.AggregateExpr():
            parts = [expression.expr, *([expression.param] if expression.param else [])]
        case promql.Call():
            parts = list(expression.args)
        case promql.ParenExpr() | promql.UnaryExpr() | promql.SubqueryExpr():
            parts = [expression.expr]
        case promql.VectorSelector() | promql.NumberLiteral() | promql.StringLiteral():
            parts = []
        case _:
            raise NotImplementedError(type(expression))
    for part in parts:
        yield from _walk(part)


def _selector_problems(selector: promql.VectorSelector, known: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    labels = known.get(selector.name or "")
    if labels is None:
        yield f"nothing exports the series {selector.name}"
        return
    matchers = [*selector.matchers.matchers, *(each for group in selector.matchers.or_matchers for each in group)]
    for name in sorted({each.name for each in matchers} - {*labels}):
        yield f"{selector.name} has no label {name}"


def _grouping_labels(expression: Any) -> Iterator[str]:
    match expression:
        case promql.AggregateExpr() if expression.modifier:
            yield from expression.modifier.labels
        case promql.BinaryExpr() if expression.modifier:
            matching = expression.modifier.matching
            yield from matching.labels if matching else ()
            yield from expression.modifier.group_labels or ()
        case _:
            pass


def _made_labels(expression: Any) -> Iterator[str]:
    if isinstance(expression, promql.Call) and expression.func.name in _MAKE_LABELS:
        made = expression.args[1]
        assert isinstance(made, promql.StringLiteral)
        yield made.val
