"""The configuration of Alertmanager in docs/monitoring.md: one outage is one page."""

import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from pulumi_ixn import Tenant

from tests.unit.markdown import blocks
from tests.unit.monitoring.alertmanager import Labels, alertmanager, groups
from tests.unit.monitoring.promtool import program
from tests.unit.monitoring.test_alerts import rules

PAGE = Path(__file__).parents[3] / "docs" / "monitoring.md"
TENANTS = ("100", "200")
Pages = Callable[[Sequence[Labels]], dict[str, list[set[str]]]]

CAUSES = ("IxnServerKafkaDown", "IxnVqNodeKafkaDown")
CONSEQUENCES = ("IxnServerEventsLost", "IxnVqNodeSendErrors", "IxnVqNodeEventsLost")


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    (block,) = [each for each in blocks(PAGE, "yaml") if "inhibit_rules" in each.text]
    file = tmp_path_factory.mktemp("config") / "alertmanager.yaml"
    file.write_text(block.text, encoding="utf-8")
    return file


def firing(*alerts: str, tenants: Sequence[str] = TENANTS) -> list[Labels]:
    """Return the labels of all rules of these alerts, for each tenant."""
    return [
        {"alertname": rule["alert"], **rule["labels"]}
        for sid in tenants
        for rule in rules(tenant=Tenant("9350e2fc-a1dd-4c65-8d40-1f75a2e080dd", sid))
        if rule["alert"] in alerts
    ]


@pytest.fixture(scope="module")
def running(config: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with alertmanager(config, tmp_path_factory.mktemp("alertmanager")) as port:
        yield port


@pytest.fixture
def pages(running: int, request: pytest.FixtureRequest) -> Pages:
    """Return what each receiver is notified of: the names of the alerts, by notification."""

    def notified(alerts: Sequence[Labels]) -> dict[str, list[set[str]]]:
        found: dict[str, list[set[str]]] = {}
        # Each test has a namespace of its own in the one Alertmanager.
        for group in groups(running, [{**each, "namespace": request.node.name} for each in alerts]):
            if names := _active(group):
                found.setdefault(group["receiver"]["name"], []).append(names)
        return found

    return notified


def _active(group: Mapping[str, Any]) -> set[str]:
    return {each["labels"]["alertname"] for each in group["alerts"] if each["status"]["state"] != "suppressed"}


def test_amtool_accepts_the_configuration(config: Path) -> None:
    amtool = program("amtool", "prometheus-alertmanager")

    checked = subprocess.run([amtool, "check-config", config], capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        ({"severity": "critical", "peer": "Kafka"}, "pager"),
        ({"severity": "critical"}, "pager"),
        ({"severity": "warning", "peer": "Kafka"}, "chat"),
    ],
)
def test_only_what_is_critical_goes_to_the_pager(labels: Labels, receiver: str, config: Path) -> None:
    amtool = program("amtool", "prometheus-alertmanager")
    given = [f"{name}={value}" for name, value in {"service": "ixn", **labels}.items()]

    command = [amtool, "config", "routes", "test", f"--config.file={config}", *given]
    routed = subprocess.run(command, capture_output=True, text=True, check=True)

    assert routed.stdout.split() == [receiver]


def test_a_kafka_outage_is_one_page_for_all_tenants(pages: Pages) -> None:
    assert pages(firing(*CAUSES, *CONSEQUENCES)) == {"pager": [{*CAUSES}]}


def test_data_that_is_lost_while_kafka_is_connected_is_a_page(pages: Pages) -> None:
    assert pages(firing("IxnVqNodeEventsLost")) == {"pager": [{"IxnVqNodeEventsLost"}]}


def test_another_tenant_s_lost_data_is_not_muted(pages: Pages) -> None:
    alerts = [*firing("IxnVqNodeKafkaDown", tenants=["100"]), *firing("IxnVqNodeEventsLost", tenants=["200"])]

    assert pages(alerts) == {"pager": [{"IxnVqNodeKafkaDown", "IxnVqNodeEventsLost"}]}


def test_a_server_that_is_down_mutes_its_warnings_and_what_needs_it(pages: Pages) -> None:
    down = [each for each in firing("IxnWorkloadDown", tenants=["100"]) if each["component"] == "server"]
    others = firing("IxnTargetDown", "IxnRolloutStuck", "IxnPullingStopped", tenants=["100"])

    found = pages([*down, *others])

    assert found["pager"] == [{"IxnWorkloadDown"}]
    assert [names for names in found["chat"] if "IxnTargetDown" in names] == [
        {"IxnTargetDown", "IxnRolloutStuck"}
    ] * 2


def test_of_two_thresholds_only_the_worse_is_reported(pages: Pages) -> None:
    alerts = firing("IxnOrsRepliesReduced", "IxnOrsRepliesFailing", tenants=["100"])

    assert pages(alerts) == {"pager": [{"IxnOrsRepliesFailing"}]}


def test_an_alert_without_a_connection_mutes_nothing(pages: Pages) -> None:
    found = pages(firing("IxnNoPrimary", "IxnViewsFrozen", tenants=["100"]))

    assert found == {"pager": [{"IxnNoPrimary"}], "chat": [{"IxnViewsFrozen"}]}
