import csv
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest
import yaml
from pulumi_ixn.monitoring import SCRAPE_LABELS, Metric, labels_by_series, metrics, other_series
from pulumi_ixn.monitoring.catalog import parse
from pulumi_ixn.naming import NODE, SERVER, VQ_NODE, WORKLOADS
from pulumi_ixn.spec import CONNECTIONS
from pulumi_ixn.validation import InvalidInputs

# Names, labels and sources, as they stand in the vendor's seven dashboards and eleven alerts.
VENDOR = Path(__file__).parents[2] / "data" / "vendor-metrics.csv"
FACTS = {row["name"]: row for row in csv.DictReader(VENDOR.read_text(encoding="utf-8").splitlines())}
VALID = {
    "name": "a_total",
    "type": "gauge",
    "unit": "events",
    "source": ["d"],
    "meaning": "Events.",
    "labels": ["topic"],
    "values": {0: "off"},
    "rows": [7],
}


def queried_name(metric: Metric) -> str:
    return f"{metric.name}_bucket" if metric.type == "histogram" else metric.name


def facts_of(name: str) -> dict[str, str]:
    return FACTS[queried_name(metrics()[name])]


def parsed(**changes: object) -> Mapping[str, Metric]:
    entry = {key: value for key, value in (VALID | changes).items() if value is not None}
    return parse(yaml.safe_dump({"ixn-vqnode": [entry]}))


def test_the_catalog_has_exactly_the_names_of_the_vendors_queries() -> None:
    assert sorted(queried_name(metric) for metric in metrics().values()) == sorted(FACTS)


@pytest.mark.parametrize("name", metrics())
def test_labels_and_sources_are_those_of_the_vendors_queries(name: str) -> None:
    metric = metrics()[name]
    known = set(metric.labels) - set(metric.assumed_labels)
    assert known == set(facts_of(name)["labels"].split())
    assert sorted(metric.source) == sorted(facts_of(name)["sources"].split("; "))


def test_every_workload_exports_metrics_of_its_own_prefix() -> None:
    prefixes = {SERVER: "ixn_health_info_", NODE: "ixnnode_", VQ_NODE: "ixn_vq_node_"}
    assert all(metric.name.startswith(prefixes[metric.workload]) for metric in metrics().values())
    assert {metric.workload for metric in metrics().values()} == set(WORKLOADS)


def test_a_metric_shows_connections_of_its_own_workload_only() -> None:
    parties = {row.number: {row.source, row.destination} for row in CONNECTIONS}
    for metric in metrics().values():
        assert all(metric.workload.party in parties[row] for row in metric.rows), metric.name


def test_counters_are_named_as_totals() -> None:
    for metric in metrics().values():
        assert (metric.type == "counter") == ("total" in metric.name), metric.name


def test_a_histogram_has_three_series_and_only_its_buckets_have_a_bound() -> None:
    metric = metrics()["ixnnode_redis_command_duration_sec"]
    assert metric.series() == {
        "ixnnode_redis_command_duration_sec_bucket": ("command", "le"),
        "ixnnode_redis_command_duration_sec_sum": ("command",),
        "ixnnode_redis_command_duration_sec_count": ("command",),
    }


def test_states_have_the_values_of_the_vendors_value_maps() -> None:
    assert {name: dict(metric.values) for name, metric in metrics().items() if metric.unit == "state"} == {
        "ixn_health_info_config_server_connected": {0: "disconnected", 1: "connected"},
        "ixn_health_info_run_mode": {
            0: "primary",
            1: "backup",
            2: "exit",
            100: "primary (disabled)",
            101: "backup (disabled)",
        },
        "ixn_vq_node_kafka_producer_state": {-1: "connection failed", 0: "unknown", 1: "connected"},
        "ixnnode_redis_client_status": {0: "not ready", 1: "ready", 2: "wait"},
        "ixnnode_redis_client_node_status": {0: "not ready", 1: "ready", 2: "wait"},
        "ixnnode_rq_client_status": {0: "not connected", 1: "connected"},
    }


def test_every_series_lists_the_labels_of_the_scrape() -> None:
    labels = labels_by_series()
    assert set(labels["ixn_vq_node_kafka_sent_total"]) == {"topic", *SCRAPE_LABELS}
    assert set(labels["up"]) == set(SCRAPE_LABELS)
    assert labels["kube_pod_status_phase"] == ("namespace", "phase", "pod", "uid")


def test_no_other_exporter_exports_a_metric_of_the_catalog() -> None:
    assert not {name for name in other_series() if name.startswith("ixn")}


def test_the_catalog_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        cast("dict[str, Metric]", metrics())["ixn_new_total"] = metrics()["ixn_vq_node_received_total"]


def test_an_entry_without_optional_keys_is_valid() -> None:
    metric = parsed(labels=None, values=None, rows=None, type="counter")["a_total"]
    assert (metric.labels, dict(metric.values), metric.rows, metric.type) == ((), {}, (), "counter")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"name": None}, "ixn-vqnode.None.name"),
        ({"name": 1}, "ixn-vqnode.1.name"),
        ({"unit": None}, "ixn-vqnode.a_total.unit"),
        ({"meaning": ""}, "ixn-vqnode.a_total.meaning"),
        ({"source": []}, "ixn-vqnode.a_total.source"),
        ({"source": "d"}, "ixn-vqnode.a_total.source"),
        ({"type": "summary"}, "ixn-vqnode.a_total.type"),
        ({"type": None}, "ixn-vqnode.a_total.type"),
        ({"labels": [1]}, "ixn-vqnode.a_total.labels"),
        ({"labels": ["le"]}, "ixn-vqnode.a_total.labels"),
        ({"assumedLabels": ["tenant"]}, "ixn-vqnode.a_total.labels"),
        ({"values": {"0": "off"}}, "ixn-vqnode.a_total.values"),
        ({"values": {False: "off"}}, "ixn-vqnode.a_total.values"),
        ({"values": {0: 1}}, "ixn-vqnode.a_total.values"),
        ({"type": "counter"}, "ixn-vqnode.a_total.values"),
        ({"rows": [20]}, "ixn-vqnode.a_total.rows"),
        ({"rows": 7}, "ixn-vqnode.a_total.rows"),
        ({"lables": ["topic"]}, "ixn-vqnode.a_total.lables"),
    ],
)
def test_an_invalid_entry_is_an_error_with_its_path(changes: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidInputs) as raised:
        parsed(**changes)
    assert path in [issue.path for issue in raised.value.issues]


def test_every_invalid_entry_is_reported() -> None:
    text = yaml.safe_dump({"ixn-other": [VALID], "ixn-node": [VALID | {"rows": [0]}], "ixn-vqnode": [VALID]})
    with pytest.raises(InvalidInputs) as raised:
        parse(text)
    assert [issue.path for issue in raised.value.issues] == [
        "ixn-node.a_total.rows",
        "ixn-other",
        "ixn-vqnode.a_total",
    ]
