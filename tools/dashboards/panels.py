"""Panels by kind. What the catalog of metrics knows (unit, meaning, labels, states) need not be repeated."""

import re
from collections.abc import Mapping, Sequence

from pulumi_ixn.monitoring.catalog import Metric, metrics

from tools.dashboards.model import Color, Column, Panel, Query, State

_NAME = re.compile(r"\b(ixn_health_info|ixnnode|ixn_vq_node)_\w+")
_BY = re.compile(r"\bby \(([^)]*)\)")

_UNITS: Mapping[str, str] = {"seconds": "s", "milliseconds": "ms"}

_COLORS: Mapping[str, Color] = {
    "primary": "green",
    "connected": "green",
    "ready": "green",
    "backup": "blue",
    "wait": "orange",
    "unknown": "orange",
    "running": "orange",
    "not running": "green",
    "not ready": "red",
    "not connected": "red",
    "disconnected": "red",
    "connection failed": "red",
    "exit": "red",
}
"""The colors of the catalog's states; a state that is not here is orange."""

UP = (State(0, "down", "red"), State(1, "up", "green"))


def chart(
    title: str,
    *exprs: str | Query,
    about: str = "",
    unit: str = "",
    width: int = 8,
    limits: tuple[float, float] | None = None,
) -> Panel:
    """Return a panel with lines over time."""
    queries = _queries(exprs)
    expr = queries[0].expr
    text = about or _about(expr)
    return Panel("chart", title, text, queries, unit or _unit(expr), width=width, limits=limits)


def states(
    title: str,
    *exprs: str | Query,
    about: str = "",
    values: Sequence[State] = (),
    width: int = 12,
    height: int = 5,
) -> Panel:
    """Return a panel with a colored bar per series: its states over time, by default those of the catalog."""
    queries = _queries(exprs)
    expr = queries[0].expr
    known = values or [
        State(value, text, _COLORS.get(text, "orange")) for value, text in _metric(expr).values.items()
    ]
    return Panel("states", title, about or _about(expr), queries, "short", known, width=width, height=height)


def stat(
    title: str,
    *exprs: str | Query,
    about: str = "",
    unit: str = "",
    width: int = 4,
    limits: tuple[float, float] | None = None,
    values: Sequence[State] = (),
) -> Panel:
    """Return a panel with the last value of each series."""
    queries = _queries(exprs)
    text = about or _about(queries[0].expr)
    shown = unit or _unit(queries[0].expr)
    return Panel("stat", title, text, queries, shown, values, width=width, limits=limits)


def bars(title: str, *exprs: str | Query, about: str, unit: str, width: int = 12) -> Panel:
    """Return a panel with a bar per series."""
    return Panel("bars", title, about, _queries(exprs), unit, width=width)


def shares(title: str, metric: str, selector: str, *, width: int = 12) -> Panel:
    """Return a panel with the share of a histogram's observations at or below each bound, over the shown time."""
    counted = f"sum by (le) (increase({metric}_bucket{selector}[$__range]))"
    total = f"scalar(sum(increase({metric}_count{selector}[$__range])))"
    about = f"{metrics()[metric].meaning} The share at or below each bound, over the time range shown."
    query = Query(f"sort({counted} / {total})", "up to {{le}} s")
    return Panel("bars", title, about, (query,), "percentunit", width=width, height=8)


def heatmap(title: str, metric: str, selector: str, *, width: int = 12) -> Panel:
    """Return a panel with a histogram's observations over time, by bound."""
    query = Query(f"sum by (le) (increase({metric}_bucket{selector}[$__rate_interval]))", "{{le}}")
    about = f"{metrics()[metric].meaning} The brighter a cell, the more of them."
    return Panel("heatmap", title, about, (query,), "s", width=width, height=8)


def table(
    title: str, columns: Mapping[str, str], *, about: str, units: Mapping[str, str] | None = None, width: int = 24
) -> Panel:
    """Return a table: a row per set of labels, which all queries have in common, and a column per query."""
    queries = tuple(Query(expr, name) for name, expr in columns.items())
    shown = {name: Column(unit) for name, unit in (units or {}).items()}
    return Panel("table", title, about, queries, columns=shown, width=width, height=8)


def text(title: str, markdown: str, *, width: int = 24, height: int = 8) -> Panel:
    """Return a panel with a text."""
    return Panel("text", title, "", text=markdown, width=width, height=height)


def metrics_in(expr: str) -> list[Metric]:
    """Return the catalog's metrics that an expression reads. Raises KeyError for one that it lacks."""
    names = dict.fromkeys(match.group() for match in _NAME.finditer(expr))
    return [
        metrics()[re.sub("_(bucket|sum|count)$", "", each) if each not in metrics() else each] for each in names
    ]


def _metric(expr: str) -> Metric:
    return metrics_in(expr)[0]


def _queries(exprs: Sequence[str | Query]) -> tuple[Query, ...]:
    return tuple(each if isinstance(each, Query) else Query(each, _legend(each)) for each in exprs)


def _legend(expr: str) -> str:
    by = _BY.search(expr)
    labels = by[1].split(", ") if by else ["tenant", *_metric(expr).labels, "pod"]
    return " ".join(f"{{{{{each}}}}}" for each in labels)


def _about(expr: str) -> str:
    return _metric(expr).meaning + (" Per second." if "rate(" in expr else "")


def _unit(expr: str) -> str:
    unit = _metric(expr).unit
    if "rate(" in expr:
        return "reqps" if unit == "requests" else "cps"
    return _UNITS.get(unit, "short")
