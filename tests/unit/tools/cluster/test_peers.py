from pathlib import Path
from typing import Any

import pytest
from pulumi_ixn.spec import CONNECTIONS, WORKLOAD_PARTIES

from tests.unit.tools.cluster.stack_files import CHECKOUT, changed_stack, peers_in
from tools.cluster.peers import PeerPods, Peers


@pytest.fixture(scope="module")
def dev() -> Peers:
    return peers_in(CHECKOUT / "Pulumi.dev.yaml")


def pods_of(peers: Peers, name: str) -> PeerPods:
    (found,) = (each for each in peers.pods if each.name == name)
    return found


def test_every_inbound_row_has_connecting_pods(dev: Peers) -> None:
    connected = {row for each in dev.pods for row in each.dials}

    assert connected == {row.number for row in CONNECTIONS if row.source not in WORKLOAD_PARTIES}


def test_peers_with_the_same_labels_share_one_pod(dev: Peers) -> None:
    names = [(each.namespace, each.name) for each in dev.pods]
    assert len(names) == len(set(names))

    pulse = pods_of(dev, "pulse-statserver")
    assert pulse.ports == {2060}
    assert pulse.dials.keys() == {18}


def test_a_service_has_the_name_in_the_endpoint_of_its_peer(dev: Peers) -> None:
    services = {f"{each.name}.{each.namespace}.svc": each for each in dev.services}

    assert services["kafka.infra.svc"].ports == {9092: 9092}
    assert services["kafka.infra.svc"].labels == {"app": "kafka"}


def test_the_agent_on_the_node_has_no_service(dev: Peers) -> None:
    consul = pods_of(dev, "consul")

    assert consul.node_agent
    assert consul.ports == {8500}
    assert not [each for each in dev.services if each.namespace == consul.namespace]


def test_a_service_maps_its_port_to_the_target_port(tmp_path: Path) -> None:
    def mapped(config: dict[str, Any]) -> None:
        config["ixn:peers"]["voiceRQ"]["targetPorts"] = [{"first": 21000}]

    peers = peers_in(changed_stack(tmp_path, mapped))

    (service,) = (each for each in peers.services if each.name == "voice-rq")
    assert service.ports == {11000: 21000}
    assert pods_of(peers, "voice-rq").ports == {21000}


def test_a_changed_parameter_updates_the_ports_of_the_peers(tmp_path: Path) -> None:
    def moved(config: dict[str, Any]) -> None:
        config["ixn:ixnService"]["ixnServer"] |= {"port": 7125, "config": 8889}

    peers = peers_in(changed_stack(tmp_path, moved))

    assert pods_of(peers, "tenant").ports == {8889}
    assert {address.rpartition(":")[2] for address in pods_of(peers, "gws-ixn").dials[3]} == {"7125"}


def test_external_peers_are_addresses(tmp_path: Path) -> None:
    def outside(config: dict[str, Any]) -> None:
        config["ixn:peers"]["kafka"] |= {
            "endpoints": ["192.0.2.1:9092"], "locations": [{"cidrs": ["192.0.2.0/30"]}],
        }  # fmt: skip
        config["ixn:peers"]["prometheus"] = {"locations": [{"cidrs": ["192.0.2.4/30"]}]}

    peers = peers_in(changed_stack(tmp_path, outside))

    assert {(each.address, *each.ports, *sorted(each.rows)) for each in peers.outside} == {
        ("192.0.2.1", 9092),
        ("192.0.2.5", 10, 11, 12),
    }
    assert not [each for each in peers.pods if each.name in ("kafka", "prometheus")]


def test_an_absent_peer_is_not_created(tmp_path: Path) -> None:
    def without(config: dict[str, Any]) -> None:
        config["ixn:peers"]["pulseStatServers"] = {"absent": True}

    peers = peers_in(changed_stack(tmp_path, without))

    assert "pulse" not in {each.namespace for each in (*peers.pods, *peers.services)}


def test_two_tenants_share_peers_that_connect_to_both(tmp_path: Path) -> None:
    def second(config: dict[str, Any]) -> None:
        config["ixn:tenants"]["second"] = {"id": "3c2b7f6e-58d1-4b0a-9c39-0f6a1b7d2e45", "sid": "200"}

    peers = peers_in(changed_stack(tmp_path, second))

    assert len(pods_of(peers, "gws-ixn").dials[3]) == 2


def test_an_unsupported_peer_host_is_reported(tmp_path: Path) -> None:
    def foreign(config: dict[str, Any]) -> None:
        config["ixn:peers"]["voiceRQ"]["endpoints"] = ["rq.example.com:11000"]

    with pytest.raises(ValueError, match=r"rq\.example\.com"):
        peers_in(changed_stack(tmp_path, foreign))
