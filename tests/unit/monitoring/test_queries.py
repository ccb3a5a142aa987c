"""The static check of PromQL finds what nothing exports."""

import pytest

from tests.unit.monitoring.queries import series_of, unknown_names

SERIES = {
    "sent_total": ("pod", "tenant", "topic"),
    "seconds_bucket": ("le", "pod"),
    "up": ("instance", "pod", "tenant"),
}


@pytest.mark.parametrize(
    "query",
    [
        'sum by (tenant) (rate(sent_total{topic="a"}[5m])) > 0',
        'up{tenant="100"} unless on (pod) sent_total',
        "max_over_time((up == 0)[5m:30s])",
        "sum without (topic) (sent_total) * on (pod) group_left (instance) up",
        "histogram_quantile(0.9, sum by (le) (rate(seconds_bucket[5m])))",
        'sum by (name) (label_replace(up, "name", "$1", "pod", "(.*)"))',
        "topk(3, -up offset 5m) or vector(1)",
    ],
)
def test_a_query_on_what_exists_passes(query: str) -> None:
    assert unknown_names(query, SERIES) == []


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("rate(missing_total[5m])", "missing_total"),
        ("up unless missing_total", "missing_total"),
        ("seconds", "seconds"),
        ('up{topic="a"}', "topic"),
        ('up{pod="a" or topic="b"}', "topic"),
        ("sum by (topic) (up)", "topic"),
        ("sum without (topic) (up)", "topic"),
        ("up and on (topic) up", "topic"),
        ("up * on (pod) group_left (topic) up", "topic"),
        ('{__name__=~"sent.*"}', "None"),
        ("sum(up", "sum(up"),
    ],
)
def test_a_query_on_what_nothing_exports_is_reported(query: str, name: str) -> None:
    assert [problem for problem in unknown_names(query, SERIES) if name in problem]


def test_the_series_of_a_query_are_those_in_all_of_its_parts() -> None:
    query = 'sum(rate(a[5m])) / ignoring (pod) max_over_time(b[1h:1m]) > scalar(c{d="e"})'

    assert series_of(query) == {"a", "b", "c"}
