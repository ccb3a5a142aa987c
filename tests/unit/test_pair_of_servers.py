"""Two workloads of one party in the table: they share its rows, and each has names of its own."""

from collections.abc import Mapping

import pytest
from pulumi_ixn import (
    NODE,
    SERVER,
    WORKLOADS,
    CiliumPolicies,
    ConnectivityCheck,
    ConnectivityCheckArgs,
    IxnNode,
    Link,
    NetworkPolicies,
    Parameter,
    Party,
    WorkloadArgs,
    WorkloadId,
    resolve,
    rules_by_row,
    workload_peers,
)
from pulumi_ixn.policies import Isolation
from pulumi_ixn.spec import rows_of
from pulumi_ixn.testing import Deployment, deploy

from tests.unit.check.jobs import OPTIONS, jobs, targets
from tests.unit.deployed import policy
from tests.unit.samples import ALL_PEERS, NAMESPACE, TENANT, pod

BACKUP = WorkloadId("ixn-server-backup", Party.IXN)
PORT = 7130


def links() -> Mapping[WorkloadId, tuple[Link, ...]]:
    workloads = workload_peers(TENANT, NAMESPACE, (*WORKLOADS, BACKUP))
    return resolve(workloads, ALL_PEERS, {Parameter.SERVER_PORT: PORT})


def checked(preview: bool) -> Deployment[None]:
    args = ConnectivityCheckArgs(TENANT, NAMESPACE, links(), OPTIONS)
    return deploy(lambda: ConnectivityCheck("one", args) and None, preview=preview)


def test_each_server_has_the_rows_and_ports_of_their_party() -> None:
    found = links()

    assert [link.row for link in found[BACKUP]] == list(rows_of(Party.IXN))
    assert [(link.row, link.port) for link in found[BACKUP]] == [(link.row, link.port) for link in found[SERVER]]


def test_the_node_may_connect_to_both_servers(preview: bool) -> None:
    args = WorkloadArgs(TENANT, NAMESPACE, links()[NODE], pod())
    found = deploy(lambda: IxnNode("one", args) and None, preview=preview)

    (rule,) = (
        each for each in policy(found, "node")["egress"] if {"protocol": "TCP", "port": PORT} in each["ports"]
    )
    selected = [peer["podSelector"]["matchLabels"]["ixn-pulumi/policy"] for peer in rule["to"]]
    assert selected == ["ixn-server-100", "ixn-server-backup-100"]


def test_the_connectivity_check_tries_both_servers(preview: bool) -> None:
    tried = [line for line in targets(checked(preview), "node") if line.startswith("2 ")]

    assert tried == [
        f"2 {name}-{TENANT.id}.{NAMESPACE}.svc {PORT}" for name in ("ixn-server", "ixn-server-backup")
    ]


def test_each_server_has_its_own_job(preview: bool) -> None:
    found = checked(preview)

    assert {"ixn-server-100-check", "ixn-server-backup-100-check"} <= jobs(found).keys()
    assert targets(found, "server-backup") == targets(found, "server")


@pytest.mark.parametrize("isolation", [NetworkPolicies(), CiliumPolicies()])
def test_a_row_names_a_rule_of_each_server(isolation: Isolation) -> None:
    found = rules_by_row(TENANT, links(), isolation)

    for row in rows_of(Party.IXN):
        named = {rule["policy"].rpartition("-")[0] for rule in found[row.number]}
        assert {"ixn-server-100", "ixn-server-backup-100"} <= named
