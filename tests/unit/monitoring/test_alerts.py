"""The alerts: each fires when it should, stays silent when it should, and reads only what exists."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from pulumi_ixn import Alerts, Tenant
from pulumi_ixn.config import load
from pulumi_ixn.contract import NODE_CONTRACT, SERVER_CONTRACT, VQ_NODE_CONTRACT
from pulumi_ixn.manifests.prometheus_rule import AlertedTenant, prometheus_rule_spec
from pulumi_ixn.monitoring.alerts import ALERTS

from tests.unit.config.stacks import change, stack_config
from tests.unit.markdown import blocks
from tests.unit.monitoring import node_cases, server_cases, workload_cases
from tests.unit.monitoring.cases import NAMESPACE, Case, own
from tests.unit.monitoring.promtool import run
from tests.unit.monitoring.queries import series_of, unknown_names
from tests.unit.samples import TENANT

CLAIMS = "(logs-ixn-server-100)-[0-9]+"
CASES = (*server_cases.CASES, *node_cases.NODE_CASES, *node_cases.VQ_NODE_CASES, *workload_cases.CASES)
KAFKA, REDIS = (6, 7), (15,)

Rules = Sequence[Mapping[str, Any]]


def rules(
    alerts: Alerts | None = None, tenant: Tenant = TENANT, absent: Sequence[int] = (), claims: str | None = CLAIMS
) -> Rules:
    """Return the rules of a tenant: by default with every alert."""
    alerted = AlertedTenant(tenant, NAMESPACE, absent, claims)
    spec = prometheus_rule_spec(alerted, alerts or Alerts(certificates=("ixn.tls",)))
    return [cast("Mapping[str, Any]", rule) for group in spec["groups"] for rule in group["rules"]]


def names(found: Rules) -> set[str]:
    return {rule["alert"] for rule in found}


def elsewhere(case: Case, old: str, new: str) -> Case:
    """Return the case for another tenant or namespace, which is silent."""
    moved = {name.replace(old, new): values for name, values in case.series.items()}
    return replace(case, situation=f"{case.situation}, with {new}", series=moved, fires=())


def test_each_alert_fires_and_stays_silent_as_in_its_cases(tmp_path: Path) -> None:
    assert run(rules(), CASES, tmp_path) == ""


def test_no_alert_fires_for_another_tenant_or_namespace(tmp_path: Path) -> None:
    firing = [case for case in CASES if case.fires and case.alert != "IxnTargetAbsent"]
    others = [
        *(elsewhere(elsewhere(case, 'tenant="100"', 'tenant="200"'), "-100", "-200") for case in firing),
        *(elsewhere(case, NAMESPACE, "other") for case in firing),
    ]
    # A certificate belongs to the namespace, not to the tenant.
    others = [case for case in others if case.alert != "IxnCertificateExpiring" or "other" in case.situation]

    assert run(rules(), others, tmp_path) == ""


def test_no_alert_fires_before_its_expression_has_held_for_its_duration(tmp_path: Path) -> None:
    minutes = {rule["alert"]: _minutes(rule.get("for", "0m")) for rule in rules()}
    early = [
        replace(case, situation=f"{case.situation}, too early", at=minutes[case.alert] - 1, fires=())
        for case in CASES
        if case.fires and minutes[case.alert]
    ]

    assert run(rules(), early, tmp_path) == ""


def _minutes(duration: str) -> int:
    return int(duration[:-1]) * {"m": 1, "h": 60}[duration[-1]]


@pytest.mark.parametrize("silent", [True, False])
def test_each_alert_has_cases(silent: bool) -> None:
    assert {case.alert for case in CASES if silent is not bool(case.fires)} == set(ALERTS)


def test_a_threshold_and_a_duration_are_settings_of_the_alert(tmp_path: Path) -> None:
    series = {own("ixn_health_info_current_database_requests", server_cases.SERVER): "5x20"}
    case = Case("IxnDatabaseBacklog", "five", series, 3, server_cases.one(5))
    short = Alerts(durations={"IxnDatabaseBacklog": "2m"})
    high = Alerts(durations={"IxnDatabaseBacklog": "2m"}, thresholds={"IxnDatabaseBacklog": 5})

    assert run(rules(short), [case], tmp_path) == ""
    assert run(rules(high), [replace(case, fires=())], tmp_path) == ""


def test_all_kinds_of_texts_have_the_value_and_no_placeholder() -> None:
    for rule in rules():
        text = json.dumps(rule)
        assert "$value" in rule["annotations"]["description"], rule["alert"]
        assert not re.findall(r"@\w+", text), rule["alert"]
        assert rule["annotations"]["summary"]


def test_no_alert_reads_a_series_or_a_label_that_nothing_exports() -> None:
    assert [problem for rule in rules() for problem in unknown_names(rule["expr"])] == []


@pytest.mark.parametrize("namespace", ["ixn", "voice"])
def test_expressions_have_no_namespace_but_the_tenant_s(namespace: str) -> None:
    spec = prometheus_rule_spec(AlertedTenant(TENANT, namespace), Alerts())
    expressions = [rule["expr"] for group in spec["groups"] for rule in group["rules"]]

    assert {name for each in expressions for name in re.findall(r'namespace=~?"([^"]*)"', each)} == {namespace}
    assert all(f'namespace="{namespace}"' in each for each in expressions)


def test_each_rule_has_the_labels_by_which_alertmanager_routes() -> None:
    for rule in rules(Alerts(labels={"team": "voice"})):
        labels = rule["labels"]
        assert (
            labels.items() >= {"service": "ixn", "tenant": "100", "namespace": NAMESPACE, "team": "voice"}.items()
        )
        assert labels["severity"] in ("critical", "warning", "info")


def test_the_documented_settings_are_valid() -> None:
    page = Path(__file__).parents[3] / "docs" / "monitoring.md"
    (block,) = [each.text for each in blocks(page, "yaml") if "thresholds:" in each.text]

    settings = load(change(stack_config("dev"), {"monitoring": yaml.safe_load(block)["ixn:monitoring"]}))

    assert settings.environment.monitoring.alerts.args().thresholds == {"IxnMemoryHigh": 90}


def test_severities_are_settings_and_alerts_can_be_disabled() -> None:
    found = rules(Alerts(severities={"IxnPodPending": "critical"}, disabled=["IxnMemoryHigh", "IxnTargetDown"]))

    (pending,) = [rule for rule in found if rule["alert"] == "IxnPodPending"]
    assert pending["labels"]["severity"] == "critical"
    assert set(ALERTS) - names(found) == {"IxnMemoryHigh", "IxnTargetDown", "IxnCertificateExpiring"}


@pytest.mark.parametrize(
    ("absent", "omitted"),
    [
        (KAFKA, {name for name in ALERTS if "Kafka" in name or "Lost" in name or name.startswith("IxnVqNode")}),
        (REDIS, {name for name in ALERTS if re.search("Redis|Pings|Ors|Instruction", name)}),
        ((5,), {"IxnConfigServerDown"}),
        ((13,), {"IxnVoiceRqDown", "IxnVoiceRqDegraded"}),
        ((16,), {"IxnDatabaseDown", "IxnDatabaseHung", "IxnDatabaseBacklog", "IxnDatabaseDeadlocks"}),
        ((3, 4, 18), set()),
    ],
)
def test_a_connection_whose_peer_is_absent_has_no_alerts(absent: Sequence[int], omitted: set[str]) -> None:
    found = rules(absent=absent)

    assert set(ALERTS) - names(found) - {"IxnCertificateExpiring"} == omitted
    # Without Kafka, IXN VQ Node has no producer whose state could be missing.
    missing = [rule["labels"]["component"] for rule in found if rule["alert"] == "IxnSeriesAbsent"]
    assert ("vqnode" in missing) is (7 not in absent)


def test_a_tenant_without_claims_and_certificates_has_no_alerts_on_them() -> None:
    assert set(ALERTS) - names(rules(Alerts(), claims=None)) == {"IxnLogVolumeFilling", "IxnCertificateExpiring"}


def test_a_start_within_its_startup_probe_is_no_outage() -> None:
    down = ALERTS["IxnWorkloadDown"]
    probes = [contract.startup for contract in (SERVER_CONTRACT, NODE_CONTRACT, VQ_NODE_CONTRACT)]

    assert int(down.duration.removesuffix("m")) * 60 > max(each.period * each.failure_threshold for each in probes)


@pytest.mark.parametrize(
    ("base", "key", "value"),
    [
        (None, "runbook", "docs/runbooks/IxnRedisDown.md"),
        ("https://wiki.example.com/ixn/", "runbook_url", "https://wiki.example.com/ixn/IxnRedisDown.md"),
    ],
)
def test_each_alert_has_its_runbook(base: str | None, key: str, value: str) -> None:
    found = rules(Alerts(runbook_base_url=base))

    (redis,) = [rule for rule in found if rule["alert"] == "IxnRedisDown"]
    assert redis["annotations"][key] == value
    assert all(rule["annotations"][key].endswith(f"/{rule['alert']}.md") for rule in found)


def test_the_pods_of_a_tenant_whose_sid_begins_alike_are_not_its_own() -> None:
    (rule,) = [rule for rule in rules() if rule["alert"] == "IxnPodPending"]
    pods = re.search(r'pod=~"([^"]+)"', rule["expr"])
    assert pods

    def matches(pod: str) -> bool:
        return re.fullmatch(pods[1], pod) is not None

    assert matches("ixn-server-100-0")
    assert matches("ixn-node-100-7c9d8b6f5-x2x4z")
    assert matches("ixn-vqnode-100-7c9d8bx2x4z")  # of a long sid: Kubernetes shortens the name
    assert not matches("ixn-server-100-5-0")
    assert not matches("ixn-node-100-b-7c9d8b6f5-x2x4z")
    assert not matches("ixn-server-100-check-x2x4z")


def test_every_metric_that_means_data_loss_has_an_alert() -> None:
    read = {name for rule in rules() for name in series_of(rule["expr"])}

    assert {name for name in read if "overflow" in name} == {
        "ixn_health_info_event_logger_total_events_discarded_due_to_overflow",
        "ixn_vq_node_kafka_overflown_events_total",
    }
