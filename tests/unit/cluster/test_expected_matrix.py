"""The expectation of the connectivity matrix, without a cluster."""

from typing import Any

import pytest
import yaml
from pulumi_ixn import Party
from pulumi_ixn.spec import CONNECTIONS

from tests.cluster.matrix import (
    DNS_ROW,
    NODE,
    Connection,
    Pod,
    expected_of,
    expected_rows,
    targets_of_pods,
    targets_of_services,
    union,
    wanted,
)
from tests.engine.project import CHECKOUT
from tests.isolation.cases import Case
from tests.isolation.stacks import case_of

SERVER, NODE_WORKLOAD = "ixn/ixn-server-100", "ixn/ixn-node-100"


@pytest.fixture
def config() -> dict[str, Any]:
    return yaml.safe_load((CHECKOUT / "Pulumi.local.yaml").read_text(encoding="utf-8"))["config"]


@pytest.fixture
def case(config: dict[str, Any]) -> Case:
    return case_of(config)


def test_every_row_is_expected_on_one_port_and_the_agent_also_through_its_node(case: Case) -> None:
    rows = expected_rows(case)

    assert rows.keys() == {DNS_ROW, *(row.number for row in CONNECTIONS)}
    assert {number: len(found) for number, found in rows.items()} == {
        **dict.fromkeys(range(2, 20), 1),
        1: 2,
        DNS_ROW: 3,
    }
    assert rows[1] == {Connection(NODE_WORKLOAD, end, 8500) for end in (NODE, "consul/consul")}


def test_an_agent_with_host_networking_has_the_nodes_address(case: Case) -> None:
    assert expected_rows(case, agent_on_host=True)[1] == {Connection(NODE_WORKLOAD, NODE, 8500)}


def test_an_absent_peer_is_not_expected_to_connect(config: dict[str, Any]) -> None:
    config["ixn:peers"]["pulseStatServers"] = {"absent": True}

    rows = expected_rows(case_of(config))

    assert [number for number, found in rows.items() if not found] == [18, 19]


def test_an_external_peer_is_identified_by_its_address(config: dict[str, Any]) -> None:
    config["ixn:peers"]["kafka"] |= {
        "endpoints": ["192.0.2.1:9092"], "locations": [{"cidrs": ["192.0.2.1/32"]}],
    }  # fmt: skip

    rows = expected_rows(case_of(config))

    assert rows[6] == {Connection(SERVER, "outside/192.0.2.1", 9092)}


def test_an_external_peer_in_the_node_network_is_reachable_on_the_agent_port(
    config: dict[str, Any],
) -> None:
    config["ixn:peers"]["prometheus"] = {"locations": [{"cidrs": ["198.18.7.1/32"]}]}
    config["ixn:peers"]["statServer"] = {"locations": [{"cidrs": ["192.0.2.1/32"]}]}

    rows = expected_rows(case_of(config))

    assert {each.destination for each in rows[1]} == {NODE, "consul/consul", "outside/198.18.7.1"}


def test_pairs_without_an_ixn_workload_and_a_pod_with_itself_are_not_tested() -> None:
    pods = [Pod(name, name, address, (7120,)) for name, address in ((SERVER, "1"), ("a/b", "2"), ("c/d", "3"))]
    targets = list(targets_of_pods(pods))

    assert {each.destination for each in wanted(SERVER, targets, {SERVER})} == {"a/b", "c/d"}
    assert {each.destination for each in wanted("a/b", targets, {SERVER})} == {SERVER}


def test_a_service_is_expected_to_connect_if_its_pod_port_is(case: Case) -> None:
    service = {"metadata": {"namespace": "infra", "name": "kafka"}, "spec": {"ports": [
        {"name": "mapped", "port": 9092, "protocol": "TCP"}, {"name": "other", "port": 9, "protocol": "TCP"},
    ]}}  # fmt: skip
    endpoints = {
        "metadata": {"namespace": "infra", "labels": {"kubernetes.io/service-name": "kafka"}},
        "ports": [{"name": "mapped", "port": 19092}, {"name": "other", "port": 10}],
        "endpoints": [{"addresses": ["10.0.0.7"]}],
    }
    targets = list(targets_of_services([service], [endpoints], {"10.0.0.7": "infra/kafka"}))
    assert {each.address for each in targets} == {"kafka.infra.svc:9092", "kafka.infra.svc:9"}

    must = {Connection(SERVER, "infra/kafka", 19092)}
    expected = expected_of(must, {SERVER: targets, NODE_WORKLOAD: targets})
    assert expected == {Connection(SERVER, "service infra/kafka", 9092)}


def test_two_tenants_have_the_expected_connections_of_each(config: dict[str, Any]) -> None:
    alone = len(union(expected_rows(case_of(config))))
    config["ixn:tenants"]["second"] = {"id": "3c2b7f6e-58d1-4b0a-9c39-0f6a1b7d2e45", "sid": "200"}

    both = union(expected_rows(case_of(config)))

    assert len(both) == 2 * alone
    assert not [each for each in both if {"100", "200"} <= {each.source[-3:], each.destination[-3:]}]
    assert {each.source for each in both if each.destination == case_of(config).where[Party.KAFKA].name} == {
        f"ixn/{workload}-{sid}" for workload in ("ixn-server", "ixn-vqnode") for sid in ("100", "200")
    }
