"""NetworkPolicies allow each workload only its rows of the table, in both directions."""

from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pytest
from pulumi_ixn import (
    CidrBlocks,
    Endpoint,
    NodeAgent,
    Party,
    Peer,
    PortRange,
)
from pulumi_ixn.peers import StringList
from pulumi_ixn.policies import OPENSHIFT_DNS, NetworkPolicies
from pulumi_ixn.spec import Parameter
from pulumi_ixn.testing import UNKNOWN, deploy, unknown

from tests.unit.deployed import made, policy
from tests.unit.samples import LOCATION, NO_PEERS, PEERS, ixn, kafka

SELECTED = {
    "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "infra"}},
    "podSelector": {"matchLabels": {"app": "peer"}},
}

KUBE_DNS = {
    "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
    "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
}


def own(workload: str) -> dict[str, Any]:
    return {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ixn"}},
        "podSelector": {"matchLabels": {"ixn-pulumi/policy": f"ixn-{workload}-100"}},
    }


def ports(rule: Mapping[str, Any]) -> list[int]:
    return [port["port"] for port in rule["ports"]]


def test_each_workload_has_ingress_and_egress_policy_types(preview: bool) -> None:
    for workload in ("server", "node", "vqnode"):
        spec = policy(made(preview), workload)
        assert spec["policyTypes"] == ["Ingress", "Egress"]
        assert spec["podSelector"] == {"matchLabels": {"ixn-pulumi/policy": f"ixn-{workload}-100"}}


def test_the_server_allows_exactly_its_rows() -> None:
    spec = policy(made(), "server")

    # Rows 2, 3, 4, 12 and 18; 5, 6, 16 and 19.
    assert [(rule["from"], ports(rule)) for rule in spec["ingress"]] == [
        ([own("node")], [7120]),
        ([SELECTED], [7120]),
        ([SELECTED], [7120]),
        ([SELECTED], [13131]),
        ([SELECTED], [7120]),
    ]
    assert [(rule["to"], ports(rule)) for rule in spec["egress"][:-1]] == [
        ([SELECTED], [8888]),
        ([SELECTED], [9092]),
        ([SELECTED], [5432]),
        ([SELECTED], [2060]),
    ]


def test_the_node_allows_exactly_its_rows() -> None:
    spec = policy(made(), "node")

    # Row 11; 1, 2, 13, 14, 15 and 17.
    assert [ports(rule) for rule in spec["ingress"]] == [[13133]]
    assert [ports(rule) for rule in spec["egress"][:-1]] == [[8500], [7120], [11000], [8888], [6379], [5432]]
    assert spec["egress"][1]["to"] == [own("server")]


def test_the_vq_node_allows_exactly_its_rows() -> None:
    spec = policy(made(), "vqnode")

    # Rows 8, 9 and 10; 7.
    assert [ports(rule) for rule in spec["ingress"]] == [[7122], [7122], [13139]]
    assert [ports(rule) for rule in spec["egress"][:-1]] == [[9092]]


@pytest.mark.parametrize("workload", ["server", "node", "vqnode"])
def test_the_last_egress_rule_allows_dns_only_to_the_resolver(workload: str) -> None:
    assert policy(made(), workload)["egress"][-1] == {
        "to": [KUBE_DNS],
        "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}],
    }


def test_the_resolver_is_configurable() -> None:
    rule = policy(made(isolation=NetworkPolicies(OPENSHIFT_DNS)), "node")["egress"][-1]

    assert ports(rule) == [5353, 5353]
    assert rule["to"][0]["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "openshift-dns"}


def test_a_node_agent_is_its_pods_and_the_node_cidrs() -> None:
    assert policy(made(), "node")["egress"][0]["to"] == [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "consul"}},
            "podSelector": {"matchLabels": {"app": "consul"}},
        },
        {"ipBlock": {"cidr": "10.0.0.0/16"}},
    ]


def test_an_external_peer_is_its_cidr_blocks() -> None:
    outside = (CidrBlocks(("192.0.2.0/24", "198.51.100.0/24")),)
    found = deploy(lambda: ixn(kafka=kafka(locations=outside)))

    assert policy(found, "vqnode")["egress"][0]["to"] == [
        {"ipBlock": {"cidr": "192.0.2.0/24"}},
        {"ipBlock": {"cidr": "198.51.100.0/24"}},
    ]


def test_cidr_blocks_may_be_outputs_and_unknown(preview: bool) -> None:
    def program(cidrs: Callable[[], StringList]) -> None:
        rq = Peer((NodeAgent(cidrs(), LOCATION[0]),), (Endpoint("rq", 80),))
        ixn(namespace=pulumi.Output.from_input("ixn"), peers={**PEERS, Party.VOICE_RQ: rq})

    given = deploy(lambda: program(lambda: pulumi.Output.from_input(["10.0.0.0/16"])), preview=preview)
    late = deploy(lambda: program(lambda: unknown(list[str])), preview=True)

    assert policy(given, "node")["egress"][2]["to"] == [SELECTED, {"ipBlock": {"cidr": "10.0.0.0/16"}}]
    assert policy(late, "node")["egress"][2]["to"] == UNKNOWN


def test_rules_use_the_target_ports_of_a_mapping_service(preview: bool) -> None:
    mapped = {
        **PEERS,
        Party.VOICE_RQ: Peer(
            LOCATION, (Endpoint("rq", 80),), target_ports=(PortRange(8080), PortRange(9000, 9010))
        ),
    }
    found = made(preview, peers=mapped)

    expected = [{"protocol": "TCP", "port": 8080}, {"protocol": "TCP", "port": 9000, "endPort": 9010}]
    assert policy(found, "node")["egress"][2]["ports"] == expected
    if not preview:
        assert found.result[12]["endpoints"] == ["rq:80"]


def test_rules_cover_every_broker_and_every_advertised_listener() -> None:
    brokers = (Endpoint("b1", 9092), Endpoint("b2", 9093), Endpoint("b3", 9092))
    advertised = pulumi.Output.from_input([Endpoint("b1.example", 19092)])
    peers = {**PEERS, Party.VOICE_RQ: Peer(LOCATION, brokers, advertised)}

    assert ports(policy(made(peers=peers), "node")["egress"][2]) == [9092, 9093, 19092]


def test_both_kafka_clients_may_reach_every_broker() -> None:
    brokers = (Endpoint("b1", 9092), Endpoint("b2", 9093))
    found = deploy(lambda: ixn(kafka=kafka(endpoints=brokers, advertised=(Endpoint("b1.example", 9094),))))

    assert ports(policy(found, "server")["egress"][1]) == [9092, 9093, 9094]
    assert ports(policy(found, "vqnode")["egress"][0]) == [9092, 9093, 9094]


def test_ports_may_be_outputs_and_unknown(preview: bool) -> None:
    given = deploy(lambda: ixn(ports={Parameter.SERVER_PORT: pulumi.Output.from_input(7130)}), preview=preview)
    late = deploy(lambda: ixn(ports={Parameter.SERVER_PORT: unknown(int)}), preview=True)

    assert ports(policy(given, "server")["ingress"][0]) == [7130]
    assert policy(late, "server")["ingress"][0]["ports"] == UNKNOWN
    assert ports(policy(late, "server")["ingress"][3]) == [13131]


def test_absent_peers_have_no_rule_and_no_rule_allows_everything(preview: bool) -> None:
    spec = policy(made(preview, **NO_PEERS), "vqnode")

    assert spec["ingress"] == []
    assert [rule["to"] for rule in spec["egress"]] == [[KUBE_DNS]]
    assert spec["policyTypes"] == ["Ingress", "Egress"]
