"""Exactly the connections of the table succeed on a real node: every pair and port, by pod and by Service."""

from collections.abc import Callable, Generator
from typing import Any, Literal, NamedTuple

import pytest

from tests.cluster import connecting
from tests.cluster.deployment import Change, Deployment, make_deployment, matrix_of, unchanged
from tests.cluster.matrix import DNS_ROW
from tests.cluster.rules import expected_without, removed, rules_of
from tools.cluster.node import Cluster

SECOND = {"id": "3c2b7f6e-58d1-4b0a-9c39-0f6a1b7d2e45", "sid": "200"}


def two_tenants(config: dict[str, Any]) -> None:
    config["ixn:tenants"]["second"] = SECOND


def mapping_services(config: dict[str, Any]) -> None:
    for name, port in (("voiceRQ", 21000), ("voiceConfig", 22000), ("ixnDB", 23000), ("pulseStatServers", 24000)):
        config["ixn:peers"][name]["targetPorts"] = [{"first": port}]
    config["ixn:peers"]["ixnNodeDB"]["targetPorts"] = [{"first": 23000}]


def changed_parameters(config: dict[str, Any]) -> None:
    config["ixn:ixnService"]["ixnServer"] |= {"port": 7125, "ports": 13135, "config": 8890}
    config["ixn:ixnService"]["ixnNode"] |= {"ports": 13137, "conf": 8891, "consul": 8501}
    config["ixn:ixnVQNode"]["ports"] = {"default": 7127, "health": 13141}


def without_peers(config: dict[str, Any]) -> None:
    for name in ("pulseStatServers", "urs", "voiceRQ"):
        config["ixn:peers"][name] = {"absent": True}


def outside_the_cluster(cluster: Cluster) -> Change:
    """Put the databases, Kafka and Prometheus at two addresses of the machine."""
    far, near = cluster.outside_ip, cluster.host_ip

    def change(config: dict[str, Any]) -> None:
        peers = config["ixn:peers"]
        peers["kafka"] |= {"endpoints": [f"{far}:9092"], "locations": [{"cidrs": [f"{far}/32"]}]}
        peers["ixnDB"] |= {"endpoint": f"{near}:5432", "locations": [{"cidrs": [f"{near}/32"]}]}
        peers["prometheus"] = {"locations": [{"cidrs": [f"{near}/32"]}]}
        peers["statServer"] = {"locations": [{"cidrs": [f"{far}/32"]}]}

    return change


class Variant(NamedTuple):
    """A way to deploy the stack."""

    change: Callable[[Cluster], Change]
    agent: Literal["hostPort", "hostNetwork"] = "hostPort"


VARIANTS = {
    "one tenant": Variant(lambda _: unchanged),
    "two tenants in one namespace": Variant(lambda _: two_tenants),
    "Services that map ports": Variant(lambda _: mapping_services),
    "changed parameters": Variant(lambda _: changed_parameters),
    "peers outside the cluster": Variant(outside_the_cluster),
    "absent peers": Variant(lambda _: without_peers),
    "an agent in the node's network": Variant(lambda _: unchanged, "hostNetwork"),
}


SLOW = {"Services that map ports", "changed parameters", "absent peers", "an agent in the node's network"}
"""Variants that only `make test-all` tests."""


@pytest.mark.parametrize(
    "variant",
    [
        pytest.param(each, id=name, marks=[pytest.mark.full] if name in SLOW else [])
        for name, each in VARIANTS.items()
    ],
)
def test_exactly_the_connections_of_the_table_succeed(deployment: Deployment, variant: Variant) -> None:
    deployment.deploy(variant.change(deployment.cluster), variant.agent)

    matrix, expected = matrix_of(deployment)
    assert matrix.differences(expected) == ""
    assert set(deployment.restarts().values()) == {0}


class TestOneTenant:
    """The unmodified stack, whose policies a test changes on the cluster."""

    @pytest.fixture(scope="class", autouse=True)
    @staticmethod
    def deployed(deployment: Deployment) -> None:
        deployment.deploy()

    def test_enough_connections_are_attempted(self, deployment: Deployment) -> None:
        matrix, expected = matrix_of(deployment)

        rows = deployment.rows()
        assert all(rows[number] for number in range(1, 20))
        # Each row is seen at a pod, and each but the agent's, which has none, at a Service.
        for number, connections in rows.items():
            seen = matrix.expected([connections])
            by_service = {each for each in seen if each.destination.startswith("service ")}
            assert seen - by_service, f"row {number}"
            assert by_service or number == 1, f"row {number}"
        assert len(matrix.everything()) > 10 * len(expected)

    def test_the_node_reaches_its_pods_for_probes(self, deployment: Deployment) -> None:
        matrix, _ = matrix_of(deployment)
        targets = [each for each in matrix.targets if each.destination in matrix.ours]

        connected = connecting.connect_from_node(deployment.cluster, targets)
        assert {(each.destination, each.port) for each in connected} == {
            (each.destination, each.port) for each in targets
        }

    def test_removing_a_rule_blocks_exactly_its_own_row(self, deployment: Deployment) -> None:
        matrix, _ = matrix_of(deployment)
        rules = list(rules_of(deployment))

        assert {each.row for each in rules} == {DNS_ROW, *range(1, 20)}
        for rule in rules:
            with removed(deployment, rule):
                assert matrix.differences(expected_without(deployment, matrix, rule)) == "", rule

    def test_without_isolation_everything_connects(self, deployment: Deployment) -> None:
        def off(config: dict[str, Any]) -> None:
            config["ixn:isolation"] = "none"

        deployment.deploy(off)

        matrix, _ = matrix_of(deployment)
        assert matrix.differences(matrix.everything()) == ""


@pytest.fixture
def second_namespace(deployment: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Generator[Deployment]:
    """Return a second stack, to be deployed to another namespace."""
    made = make_deployment(deployment.cluster, deployment.double, tmp_path_factory.mktemp("second"))
    with made.outside:
        yield made
        made.project.pulumi("destroy", "--yes", "--skip-preview")


def test_tenants_with_one_sid_in_two_namespaces_cannot_reach_each_other(
    deployment: Deployment, second_namespace: Deployment
) -> None:
    def elsewhere(config: dict[str, Any]) -> None:
        config["ixn:namespace"]["name"] = "ixn-second"
        config["ixn:tenants"] = {"second": {**SECOND, "sid": config["ixn:tenants"]["dev"]["sid"]}}

    deployment.deploy()
    second_namespace.deploy(elsewhere)

    matrix, expected = matrix_of(deployment, second_namespace)
    assert len({name.partition("/")[0] for name in matrix.ours}) == 2
    assert matrix.differences(expected) == ""
