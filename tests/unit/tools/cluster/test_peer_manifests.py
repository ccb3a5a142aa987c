from typing import Any

import pytest

from tests.unit.tools.cluster.stack_files import CHECKOUT, peers_in
from tools.cluster.peer_manifests import PeerOptions, manifests_of
from tools.cluster.peers import Peers


@pytest.fixture(scope="module")
def dev() -> Peers:
    return peers_in(CHECKOUT / "Pulumi.dev.yaml")


def made(peers: Peers, options: PeerOptions | None = None) -> dict[tuple[str, str], Any]:
    return {
        (each["kind"], each["metadata"]["name"]): each for each in manifests_of(peers, options or PeerOptions())
    }


def container(manifest: Any) -> Any:
    (only,) = manifest["spec"]["template"]["spec"]["containers"]
    return only


def test_a_service_selects_the_pods_of_its_peer(dev: Peers) -> None:
    found = made(dev)

    labels = found["Deployment", "kafka"]["spec"]["template"]["metadata"]["labels"]
    assert found["Service", "kafka"]["spec"]["selector"].items() <= labels.items()


def test_pods_meet_the_standard_that_their_namespace_enforces(dev: Peers) -> None:
    found = made(dev)

    levels = {
        name: each["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]
        for (kind, name), each in found.items()
        if kind == "Namespace"
    }
    assert levels.pop("consul") == "privileged"
    assert set(levels.values()) == {"restricted"}
    for (kind, _), each in found.items():
        if kind in ("Deployment", "DaemonSet"):
            assert each["spec"]["template"]["spec"]["securityContext"]["runAsNonRoot"]
            assert container(each)["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_a_pod_listens_on_and_declares_all_its_ports(dev: Peers) -> None:
    kafka = container(made(dev, PeerOptions(extra_ports=frozenset({9999})))["Deployment", "kafka"])

    assert {"name": "LISTEN", "value": "9092,9999"} in kafka["env"]
    assert [each["containerPort"] for each in kafka["ports"]] == [9092, 9999]


@pytest.mark.parametrize("on", ["hostPort", "hostNetwork"])
def test_the_agent_is_reached_through_its_node(dev: Peers, on: Any) -> None:
    agent = made(dev, PeerOptions(node_agent=on, extra_ports=frozenset({9999})))["DaemonSet", "consul"]

    assert agent["spec"]["template"]["spec"].get("hostNetwork", False) is (on == "hostNetwork")
    assert [each["hostPort"] for each in container(agent)["ports"] if "hostPort" in each] == [8500]
