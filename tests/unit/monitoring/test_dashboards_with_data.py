"""Each query of the dashboards, run by a real Prometheus that scrapes a tenant on loopback, returns data."""

import math
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from pulumi_ixn.monitoring.dashboards import dashboards
from pulumi_ixn.naming import NODE
from pulumi_ixn.spec import CONNECTIONS

from tests.prometheus_api import Prometheus
from tests.unit.monitoring.dashboard_json import label_values_of, panels, queries, status_map, variables
from tests.unit.monitoring.loopback import Loopback, prometheus, stop, wait_for
from tests.unit.monitoring.other_exporters import other_exporters
from tools.builder import built
from tools.dashboards.connections import DOWN, IDLE, NO_DATA, NOT_OBSERVABLE, UP

PROGRAM = shutil.which("prometheus")

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no prometheus on PATH (Debian: package prometheus)")

GREY = {1: NOT_OBSERVABLE, 17: NOT_OBSERVABLE, 19: NOT_OBSERVABLE}
HEALTHY = {row.number: GREY.get(row.number, UP) for row in CONNECTIONS}
VARIABLES = {"__rate_interval": "30s", "__range": "1m", "tenant": "100"}
"""Other variables stand for everything. A rate interval of Grafana spans four scrapes at least."""


class Tenant:
    """The tenant on loopback: its Prometheus, and its processes by workload and `peers`."""

    def __init__(self, directory: Path, stack: ExitStack) -> None:
        assert PROGRAM is not None
        loopback = Loopback(built(["double"], os.environ)["double"], directory)
        self.processes: dict[Any, Any] = {
            "peers": stack.enter_context(loopback.start("peers", loopback.peers())),
            **{
                workload: stack.enter_context(loopback.start(workload.name, variables))
                for workload, variables in loopback.workloads().items()
            },
        }
        others = stack.enter_context(other_exporters())
        self.prometheus: Prometheus = stack.enter_context(prometheus(PROGRAM, directory, loopback, others))

    def connections(self) -> Mapping[int, int]:
        """Return the states of the connections, as the overview shows them."""
        found = {}
        for row, target in zip(CONNECTIONS, status_map()["targets"], strict=True):
            ((_, state),) = self.prometheus.query(filled(target["expr"]))
            found[row.number] = int(state)
        return found

    def shows(self, expected: Mapping[int, int], seconds: float = 60) -> None:
        """Wait until the overview shows these states of the connections."""
        try:
            wait_for("", lambda: self.connections() == expected, seconds)
        except AssertionError:
            assert self.connections() == expected


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    with ExitStack() as stack:
        found = Tenant(tmp_path_factory.mktemp("monitoring"), stack)
        # A rate needs two samples of each counter.
        wait_for(
            "three scrapes of each target",
            lambda: bool(found.prometheus.query("min(count_over_time(up[1m])) >= 3")),
            seconds=60,
        )
        found.shows(HEALTHY)
        yield found


def filled(query: str) -> str:
    """Return a query with the variables replaced as Grafana does."""
    return re.sub(r"\$(\w+)", lambda match: VARIABLES.get(match[1], ".*"), query)


def result(tenant: Tenant, target: Any) -> list[tuple[Mapping[str, str], list[float]]]:
    """Run a query as Grafana does, over time or for the current value; return labels and values of each series."""
    query = filled(target["expr"])
    if target["instant"]:
        return [(labels, [value]) for labels, value in tenant.prometheus.query(query)]
    return tenant.prometheus.over_time(query, seconds=10, step=2)


def legend(target: Any, labels: Mapping[str, str]) -> str:
    """Return the name of a series as Grafana shows it."""
    return re.sub(r"{{(\w+)}}", lambda match: labels[match[1]], target["legendFormat"])


@pytest.mark.parametrize("uid", dashboards())
def test_each_query_returns_numbers(uid: str, tenant: Tenant) -> None:
    empty, unusable = [], []
    for panel, target in queries(uid):
        numbers = [number for _, values in result(tenant, target) for number in values]
        if not numbers:
            empty.append((panel["title"], target["expr"]))
        if not all(map(math.isfinite, numbers)):
            unusable.append((panel["title"], target["expr"], numbers))

    assert empty == []
    assert unusable == []


@pytest.mark.parametrize("uid", dashboards())
def test_each_label_of_a_legend_exists(uid: str, tenant: Tenant) -> None:
    for panel, target in queries(uid):
        wanted = set(re.findall(r"{{(\w+)}}", target["legendFormat"]))
        for labels, _ in result(tenant, target):
            assert wanted <= labels.keys(), panel["title"]


@pytest.mark.parametrize("uid", dashboards())
def test_the_series_of_a_query_have_different_legends(uid: str, tenant: Tenant) -> None:
    for panel, target in queries(uid):
        if panel["type"] != "table":
            names = [legend(target, labels) for labels, _ in result(tenant, target)]
            assert len(names) == len(set(names)), (panel["title"], names)


@pytest.mark.parametrize("uid", dashboards())
def test_the_rows_of_a_table_are_the_same_for_each_column(uid: str, tenant: Tenant) -> None:
    for panel in panels(uid):
        if panel["type"] == "table":
            labels = [
                {frozenset(labels.items()) for labels, _ in result(tenant, target)} for target in panel["targets"]
            ]
            assert all(each == labels[0] for each in labels), panel["title"]


@pytest.mark.parametrize("uid", dashboards())
def test_each_state_has_a_name(uid: str, tenant: Tenant) -> None:
    for panel, target in queries(uid):
        if panel["type"] == "state-timeline":
            (mapping,) = panel["fieldConfig"]["defaults"]["mappings"]
            values = {f"{number:g}" for _, numbers in result(tenant, target) for number in numbers}
            assert values <= mapping["options"].keys(), panel["title"]


@pytest.mark.parametrize("uid", dashboards())
def test_each_variable_has_options(uid: str, tenant: Tenant) -> None:
    for name, variable in variables(uid).items():
        if variable["type"] == "query":
            selector, label = label_values_of(variable["query"])
            assert tenant.prometheus.label_values(filled(selector), label), name


def test_all_observable_connections_are_up_while_the_peers_answer(tenant: Tenant) -> None:
    tenant.shows(HEALTHY)


def test_the_overview_shows_which_connections_a_lost_peer_takes_down(tenant: Tenant) -> None:
    stop(tenant.processes["peers"])

    to_peers = dict.fromkeys((5, 6, 7, 13, 14, 15, 16), DOWN)
    tenant.shows({**HEALTHY, **to_peers, **dict.fromkeys((3, 4, 18), IDLE)})


def test_the_states_that_a_lost_workload_would_tell_have_no_data(tenant: Tenant) -> None:
    stop(tenant.processes[NODE])

    wait_for("no data", lambda: tenant.connections()[15] == NO_DATA, 30)
    found = tenant.connections()
    assert (found[11], found[12]) == (DOWN, UP)
    assert found[13] == NO_DATA
