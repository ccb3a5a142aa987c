"""The alerts' expressions, run by a real Prometheus that scrapes a tenant with and without its peers."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from pulumi_ixn import Alerts
from pulumi_ixn.manifests.prometheus_rule import AlertedTenant, prometheus_rule_spec
from pulumi_ixn.monitoring.alerts import ALERTS

from tests.unit.monitoring import loopback
from tests.unit.monitoring.loopback import stop, wait_for
from tests.unit.monitoring.test_dashboards_with_data import HEALTHY, PROGRAM, Tenant

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no prometheus on PATH (Debian: package prometheus)")

DISCONNECTED = {
    "IxnConfigServerDown",
    "IxnDatabaseDown",
    "IxnRedisDown",
    "IxnServerKafkaDown",
    "IxnVoiceRqDown",
    "IxnVqNodeKafkaDown",
}


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    with ExitStack() as stack:
        found = Tenant(tmp_path_factory.mktemp("alerts"), stack)
        found.shows(HEALTHY)
        yield found


def holding(tenant: Tenant) -> set[str]:
    """Return the alerts whose expressions hold now; they fire once they have held for their duration."""
    spec = prometheus_rule_spec(AlertedTenant(loopback.TENANT, "ixn"), Alerts())
    rules = [rule for group in spec["groups"] for rule in group["rules"]]
    return {rule["alert"] for rule in rules if tenant.prometheus.query(_soon(rule["expr"]))}


def _soon(expression: str) -> str:
    """Return the expression with windows of ten seconds, since the tenant has just been started."""
    for window in ("15m", "10m", "5m"):
        expression = expression.replace(f"[{window}]", "[10s]").replace(f"offset {window}", "offset 10s")
    return expression


def test_no_alert_is_pending_while_all_is_well(tenant: Tenant) -> None:
    assert holding(tenant) == set()


def test_each_connection_that_metrics_show_has_an_alert_that_finds_it_down(tenant: Tenant) -> None:
    stop(tenant.processes["peers"])

    wait_for("alerts", lambda: holding(tenant) >= DISCONNECTED, 60)
    assert {ALERTS[name].cause for name in DISCONNECTED} == {"connection"}
    # The workloads themselves run.
    assert not holding(tenant) & {"IxnNoPrimary", "IxnWorkloadDown", "IxnTargetDown", "IxnTargetAbsent"}
