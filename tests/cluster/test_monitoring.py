"""A real Prometheus scrapes the workloads as the ServiceMonitors say, and shows what a peer does."""

import re
import shutil
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from pulumi_ixn.monitoring import SCRAPE_LABELS, metrics
from pulumi_ixn.naming import WORKLOADS
from pulumi_ixn.spec import CONNECTIONS

from tests.cluster.connecting import attempts
from tests.cluster.deployment import Deployment
from tests.cluster.prometheus import running_prometheus
from tests.prometheus_api import Prometheus
from tools.dashboards.connections import UP, Observed, observation
from tools.dashboards.variables import expanded

pytestmark = pytest.mark.skipif(not shutil.which("prometheus"), reason="needs Prometheus (Debian: prometheus)")

DATA = Path(__file__).parents[1] / "data"
VENDOR = yaml.safe_load((DATA / "vendor-queries.yaml").read_text(encoding="utf-8"))
QUERIES = {query for each in VENDOR.values() for panel in each["panels"].values() for query in panel}
VARIABLES = {each for dashboard in VENDOR.values() for each in dashboard["variables"].values()}

CHOSEN = {
    "Tenant": "100",
    "ClientType": "Routing engine",
    "RequestType": "RequestPull",
    "Logger": "kafka",
    "Router": ".*",
    "Strategy": ".*",
    "Queue": ".*",
    "ORS": ".*",
    "Redis_Command": ".*",
    "__range": "1m",
    "__range_s": "60",
    "__interval": "15s",
}
"""What is chosen in the vendor's dashboards."""

FROZEN = 'count by (tenant) (ixn_health_info_view_frozen{tenant=~"$Tenant"} > 0)'
"""The only query of the vendor that returns nothing while every peer runs."""


def firing(alert: str) -> str:
    return f'count(ALERTS{{alertname="{alert}", alertstate="firing", tenant="100"}}) > bool 0 or vector(0)'


PROMPT = ("IxnConfigServerDown", "IxnDatabaseDown", "IxnRedisDown", "IxnVoiceRqDown", "IxnVqNodeKafkaDown")
"""Alerts that fire here as soon as a peer has been away for seconds, and end as soon as it is back."""

PEERS = {
    "tenant": {"ixn_health_info_config_server_connected": (1, 0), firing("IxnConfigServerDown"): (0, 1)},
    "kafka": {
        firing("IxnVqNodeKafkaDown"): (0, 1),
        "ixn_vq_node_kafka_producer_state": (1, -1),
        "ixn_health_info_event_logger_current_queue_size > bool 0": (0, 1),
    },
    "voice-rq": {"ixnnode_rq_client_status": (1, 0), firing("IxnVoiceRqDown"): (0, 1)},
    "voice-config": {"increase(ixnnode_configuration_fetch_errors_total[6s]) > bool 0": (0, 1)},
    "redis": {
        firing("IxnRedisDown"): (0, 1),
        "ixnnode_redis_client_status": (1, 0),
        "increase(ixnnode_ors_health_check_sent_total[6s]) > bool 0": (1, 0),
        "increase(ixnnode_ors_health_check_failed_total[6s]) > bool 0": (0, 1),
    },
    "postgres": {
        firing("IxnDatabaseDown"): (0, 1),
        "ixn_health_info_current_database_connections": (4, 0),
        "ixn_health_info_current_database_requests > bool 0": (0, 1),
        "count(ixn_health_info_view_frozen > 0) or vector(0)": (0, 2),
    },
    "urs": {"increase(ixn_vq_node_received_total[6s]) > bool 0": (1, 0)},
    "statserver": {
        "increase(ixn_vq_node_forwarded_total[6s]) > bool 0": (1, 0),
        'ixn_health_info_client_count{client_type_name="Reporting engine"}': (2, 1),
    },
    "gws-ixn": {'ixn_health_info_client_count{client_type_name="Agent application"}': (1, 0)},
}
"""The value of queries while the peer runs, and after it has stopped."""

TOGETHER = [
    {"tenant", "redis", "urs"},
    {"kafka", "voice-config", "gws-ixn"},
    {"postgres", "voice-rq", "statserver"},
]
"""Peers that are stopped at once, which have no metric in common."""


@pytest.fixture(scope="module")
def prometheus(deployment: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Generator[Prometheus]:
    """Return a Prometheus that has scraped every workload often enough for a rate."""

    def often(config: dict[str, Any]) -> None:
        config["ixn:monitoring"] |= {"interval": "1s", "alerts": {"durations": dict.fromkeys(PROMPT, "2s")}}

    deployment.deploy(often)
    with running_prometheus(deployment, tmp_path_factory.mktemp("prometheus")) as running:
        assert any(running.values("min(count_over_time(up[1m])) > bool 5") == {1} for _ in attempts())
        yield running


def settles(differences: Callable[[], Mapping[str, set[float]]]) -> Mapping[str, set[float]]:
    """Return the differences that remain, at the latest after a while."""
    found: Mapping[str, set[float]] = {}
    for _ in attempts(40):
        if not (found := differences()):
            break
    return found


def scale(deployment: Deployment, names: set[str], replicas: int) -> None:
    for each in deployment.peers.pods:
        if each.name in names:
            command = ("scale", f"deployment/{each.name}", f"--namespace={each.namespace}")
            deployment.cluster.client.run(*command, f"--replicas={replicas}")


def chosen(query: str, values: Mapping[str, str] = CHOSEN) -> str:
    return re.sub(r"\$\{?(\w+)\}?", lambda found: values[found[1]], query)


def test_every_pod_is_scraped_once_with_the_labels_of_the_vendors_queries(
    deployment: Deployment, prometheus: Prometheus
) -> None:
    targets = prometheus.targets()
    labels = [each["labels"] for each in targets]
    pods = deployment.cluster.client.get("pods", "--namespace=ixn")["items"]

    assert [(each["health"], each["lastError"]) for each in targets] == [("up", "")] * len(targets)
    assert sorted(each["pod"] for each in labels) == sorted(each["metadata"]["name"] for each in pods)
    assert sorted(each["container"] for each in labels) == sorted(each.name for each in WORKLOADS)
    for each in labels:
        assert each.keys() >= set(SCRAPE_LABELS)
        assert each["job"] == each["container"]
        common = {"tenant": "100", "service": "ixn", "servicename": "ixn", "namespace": "ixn"}
        assert common.items() <= each.items()


def test_a_label_that_a_container_exports_does_not_replace_that_of_the_scrape(prometheus: Prometheus) -> None:
    labels = [each for each, _ in prometheus.query("double_dials_total")]

    assert {(each["service"], each["exported_service"]) for each in labels} == {("ixn", "double")}


def test_every_series_of_the_catalog_is_scraped_with_its_labels(prometheus: Prometheus) -> None:
    wanted = {
        name: {"__name__", "endpoint", *SCRAPE_LABELS, *labels}
        for metric in metrics().values()
        for name, labels in metric.series().items()
    }
    found = {
        name: [set(labels) for labels, _ in prometheus.query(f'{name}{{tenant="100", namespace="ixn"}}')]
        for name in wanted
    }

    assert {name: labels for name, labels in found.items() if not labels} == {}
    assert {
        name: found[name] for name, labels in wanted.items() if any(each != labels for each in found[name])
    } == {}


def test_the_vendors_queries_return_data(prometheus: Prometheus) -> None:
    assert {query for query in QUERIES if not prometheus.query(chosen(query))} == {FROZEN}


def test_the_overview_shows_every_observable_connection_as_up(prometheus: Prometheus) -> None:
    selected = {"namespace": "ixn", "tenant": "100"}
    found = {row.number: observation(row) for row in CONNECTIONS}
    states = {
        number: prometheus.values(chosen(expanded(each.expr), selected))
        for number, each in found.items()
        if isinstance(each, Observed)
    }

    assert {number: state for number, state in states.items() if state != {UP}} == {}


def test_prometheus_evaluates_every_alert_and_none_fires_while_everything_runs(prometheus: Prometheus) -> None:
    rules = prometheus.rules()

    assert {each["name"] for each in rules} >= {*PROMPT}
    assert [(each["name"], each["lastError"]) for each in rules if each["health"] != "ok"] == []
    assert [labels for labels, _ in prometheus.query("ALERTS")] == []


@pytest.mark.parametrize("query", sorted(VARIABLES))
def test_the_variables_of_the_vendors_dashboards_have_values(prometheus: Prometheus, query: str) -> None:
    kind, arguments = chosen(query).removesuffix(")").split("(", 1)
    selector, _, label = (each.strip() for each in arguments.rpartition(","))

    found = prometheus.query(arguments) if kind == "query_result" else prometheus.label_values(selector, label)
    assert found
    assert label != "tenant" or found == ["100"]


@pytest.mark.parametrize("stopped", TOGETHER, ids=lambda names: "-".join(sorted(names)))
def test_a_stopped_peer_changes_exactly_its_values(
    deployment: Deployment, prometheus: Prometheus, stopped: set[str]
) -> None:
    def differences(gone: set[str]) -> Mapping[str, set[float]]:
        """Return the values that are not as expected."""
        return {
            query: found
            for name, queries in PEERS.items()
            for query, expected in queries.items()
            if (found := prometheus.values(query)) != {expected[name in gone]}
        }

    assert settles(lambda: differences(set())) == {}
    scale(deployment, stopped, 0)
    try:
        assert settles(lambda: differences(stopped)) == {}
    finally:
        scale(deployment, stopped, 1)
    assert settles(lambda: differences(set())) == {}
