"""Whether the value of a query is a total or the figure of one replica, and which series it reads."""

import promql_parser
import pytest
from pulumi_ixn.parsing import Invalid
from pulumi_ixn.scaling.promql import Selector, Shape, parse_query

QUERIES = {
    # Totals
    "sum(a)": Shape.TOTAL,
    "count(a > 1)": Shape.TOTAL,
    'sum(rate(a{b="c", d=~"e.*"}[5m] offset 1h)) * 2': Shape.TOTAL,
    "sum(a) - sum(b)": Shape.TOTAL,
    "sum(a) / avg(b)": Shape.TOTAL,
    "avg(a) * count(b)": Shape.TOTAL,
    "ceil(sum(a) / 10)": Shape.TOTAL,
    "clamp_min(sum(a), 0)": Shape.TOTAL,
    "max_over_time(sum(a)[10m:1m])": Shape.TOTAL,
    "sum(sum by (pod) (a))": Shape.TOTAL,
    'sum by (tenant) (a{tenant="1"})': Shape.TOTAL,
    'sum(a{tenant="1"}) by (tenant)': Shape.TOTAL,
    "-sum(a) ^ 2": Shape.TOTAL,
    "sum(a) > bool 3": Shape.TOTAL,
    "sum(a) and on () (b > 2)": Shape.TOTAL,
    "(sum(a)) # all of them": Shape.TOTAL,
    "sum(a @ start())": Shape.TOTAL,
    "SUM(a)": Shape.TOTAL,
    # Figures of one replica
    "avg(a)": Shape.PER_REPLICA,
    "max(sum by (pod) (a))": Shape.PER_REPLICA,
    "sum(a) / sum(b)": Shape.PER_REPLICA,
    "sum(a) / count(up)": Shape.PER_REPLICA,
    "100 * avg(a) / avg(b)": Shape.PER_REPLICA,
    "quantile(0.9, a)": Shape.PER_REPLICA,
    "histogram_quantile(0.9, sum by (le) (rate(a_bucket[5m])))": Shape.PER_REPLICA,
    # Neither
    "a": Shape.SERIES,
    "rate(a[5m])": Shape.SERIES,
    "sum by (pod) (a)": Shape.SERIES,
    "sum(a) by (pod)": Shape.SERIES,
    'sum by (tenant) (a{tenant=~"1"})': Shape.SERIES,
    "sum without (type) (a)": Shape.SERIES,
    "topk(3, a)": Shape.SERIES,
    "sum(a) / on (pod) group_left (b) c": Shape.SERIES,
    '{__name__="a"}': Shape.SERIES,
    "sum(a) + avg(b)": Shape.MIXED,
    "2": Shape.NUMBER,
    "vector(time())": Shape.NUMBER,
    "1h30m + inf": Shape.NUMBER,
}


@pytest.mark.parametrize("query", QUERIES)
def test_the_shape_of_a_query_is_recognized(query: str) -> None:
    assert parse_query(query).shape is QUERIES[query]


@pytest.mark.parametrize("query", [each for each in QUERIES if "1h30m" not in each])
def test_the_queries_of_these_tests_are_promql(query: str) -> None:
    assert promql_parser.parse(query)


@pytest.mark.parametrize(
    "query", ["", "sum(", "sum(a))", "a b", "a{b}", "a{b=c}", "a $ b", 'a{b="c"', "a[5m", "()"]
)
def test_what_is_no_promql_is_rejected(query: str) -> None:
    with pytest.raises(Invalid):
        parse_query(query)
    with pytest.raises(ValueError, match=r"."):
        promql_parser.parse(query)


def test_each_selector_is_found_with_its_labels_and_functions() -> None:
    found = parse_query('sum(rate(a{b="c", d!="e"}[5m])) / on () avg({__name__="f", g=\'h\'}) unless i').selectors

    assert list(found) == [
        Selector("a", {"b": "c"}, ("sum", "rate")),
        Selector("f", {"g": "h"}, ("avg",)),
        Selector("i", {}, ()),
    ]


@pytest.mark.parametrize(("query", "default"), [("sum(a) or vector(0)", True), ("sum(a) or sum(b)", False)])
def test_a_number_in_the_place_of_a_missing_series_is_found(query: str, default: bool) -> None:
    assert parse_query(query).has_default is default
