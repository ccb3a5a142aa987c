"""The policies allow each workload only its rows of the table, in both directions."""

import contextlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pulumi
import pytest
from pulumi_ixn import (
    Absent,
    CidrBlocks,
    CiliumPolicies,
    Dns,
    DnsNames,
    Endpoint,
    Isolation,
    NodeAgent,
    NoPolicies,
    Party,
    Peer,
    PortRange,
)
from pulumi_ixn.peers import Location, StringList
from pulumi_ixn.policies import OPENSHIFT_DNS, NetworkPolicies
from pulumi_ixn.spec import CONNECTIONS, WORKLOAD_PARTIES, Parameter
from pulumi_ixn.testing import UNKNOWN, Deployment, deploy, unknown
from pulumi_ixn.validation import InvalidInputs

from tests.unit.samples import LOCATION, PEERS, TENANT, ixn, kafka, pod

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


def made(preview: bool = False, **changes: Any) -> Deployment[Any]:
    return deploy(lambda: ixn(**changes).connections, preview=preview)


def policy(found: Deployment[Any], workload: str, kind: str = "NetworkPolicy") -> Mapping[str, Any]:
    named = found.policy(f"ixn-{workload}-100")
    assert named["kind"] == kind
    return named["spec"]


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


@pytest.mark.parametrize("late", [False, True])
def test_an_empty_list_of_ports_is_rejected_also_from_an_output(late: bool) -> None:
    def program() -> None:
        none: list[PortRange] = []
        target_ports = pulumi.Output.from_input(none) if late else none
        ixn(peers={**PEERS, Party.VOICE_RQ: Peer(LOCATION, (Endpoint("rq", 80),), target_ports=target_ports)})

    with pytest.raises(InvalidInputs, match=r"peers\.voice_rq\.target_ports: "):
        deploy(program)


def test_an_invalid_port_range_is_rejected() -> None:
    backwards = Peer(LOCATION, (Endpoint("rq", 80),), target_ports=(PortRange(9010, 9000),))

    with pytest.raises(InvalidInputs, match=r"9000.*9010"):
        made(peers={**PEERS, Party.VOICE_RQ: backwards})


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Dns(()), "locations: must have at least one location"),
        (lambda: Dns(ports=()), "ports: must have at least one entry"),
        (lambda: Dns(ports=(53, 0)), r"ports\[1\]: 0 is not a port number"),
    ],
)
def test_a_location_that_would_match_everything_is_rejected(make: Any, message: str) -> None:
    with pytest.raises(InvalidInputs, match=message):
        made(isolation=NetworkPolicies(make()))


def no_networks() -> pulumi.Output[list[str]]:
    none: list[str] = []
    return pulumi.Output.from_input(none)


EMPTY = "must have at least one entry: an empty list would match everything"
BAD_NETWORKS: Mapping[str, tuple[Callable[[], StringList], str]] = {
    "none": (lambda: (), EMPTY),
    "none, out of an Output": (no_networks, EMPTY),
    "with host bits": (lambda: ("10.0.0.1/16",), "'10.0.0.1/16' is not a network in CIDR notation"),
    "one is no network": (lambda: (pulumi.Output.from_input("everywhere"),), "'everywhere' is not a network"),
    "out of an Output": (lambda: pulumi.Output.from_input(["10.0.0.0/33"]), "'10.0.0.0/33' is not a network"),
}


@pytest.mark.parametrize("given", BAD_NETWORKS)
@pytest.mark.parametrize(
    ("location", "isolation"),
    [
        (CidrBlocks, NetworkPolicies()),
        (CidrBlocks, CiliumPolicies()),
        # Cilium knows its nodes, so it needs no node CIDRs.
        (lambda cidrs: NodeAgent(cidrs, LOCATION[0]), NetworkPolicies()),
    ],
)
def test_invalid_cidr_blocks_are_rejected_also_from_an_output(
    given: str, location: Callable[[StringList], Location], isolation: Isolation
) -> None:
    cidrs, message = BAD_NETWORKS[given]

    def program() -> None:
        rq = Peer((location(cidrs()),), (Endpoint("rq", 80),))
        ixn(peers={**PEERS, Party.VOICE_RQ: rq}, isolation=isolation)

    with pytest.raises(InvalidInputs, match=rf"peers\.voice_rq\.locations\[0\]\.cidrs.*{re.escape(message)}"):
        deploy(program)


def test_cidr_blocks_may_be_outputs_and_unknown(preview: bool) -> None:
    def program(cidrs: Callable[[], StringList]) -> None:
        rq = Peer((NodeAgent(cidrs(), LOCATION[0]),), (Endpoint("rq", 80),))
        ixn(namespace=pulumi.Output.from_input("ixn"), peers={**PEERS, Party.VOICE_RQ: rq})

    given = deploy(lambda: program(lambda: pulumi.Output.from_input(["10.0.0.0/16"])), preview=preview)
    late = deploy(lambda: program(lambda: unknown(list[str])), preview=True)

    assert policy(given, "node")["egress"][2]["to"] == [SELECTED, {"ipBlock": {"cidr": "10.0.0.0/16"}}]
    assert policy(late, "node")["egress"][2]["to"] == UNKNOWN


BY_NAME = (DnsNames(("peer.example.com",)),)


def test_unsupported_dns_names_are_all_reported_in_one_error() -> None:
    named = {
        Party.VOICE_RQ: Peer(BY_NAME, (Endpoint("peer.example.com", 80),)),
        Party.URS: Peer(BY_NAME),
    }

    with pytest.raises(InvalidInputs, match="DNS name") as caught:
        made(peers={**PEERS, **named})

    assert [issue.path for issue in caught.value.issues] == ["peers.voice_rq.locations", "peers.urs.locations"]


@pytest.mark.parametrize("isolation", [NetworkPolicies(), CiliumPolicies()])
def test_an_inexpressible_location_is_rejected_before_any_resource(isolation: Isolation) -> None:
    def program() -> None:
        with contextlib.suppress(InvalidInputs):
            ixn(peers={**PEERS, Party.URS: Peer(BY_NAME)}, isolation=isolation)

    assert {found.type.removeprefix("ixn:index:") for found in deploy(program).resources} == {
        "Database",
        "KafkaReference",
        "RedisReference",
    }


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize(
    ("location", "text"), [(DnsNames, "kafka.example.com"), (CidrBlocks, "10.0.0.0/16")], ids=["names", "networks"]
)
def test_a_string_in_place_of_a_list_is_rejected(location: Any, text: str, late: bool) -> None:
    def program() -> None:
        at = (location(pulumi.Output.from_input(text) if late else text),)
        ixn(kafka=kafka(locations=at), isolation=CiliumPolicies())

    with pytest.raises(InvalidInputs, match=rf"kafka\.locations\[0\]\.\w+: '{text}'"):
        deploy(program)


NO_ISOLATION: list[Any] = [None, "off", NoPolicies, NetworkPolicies]


@pytest.mark.parametrize("isolation", NO_ISOLATION)
def test_an_invalid_isolation_value_is_rejected_before_any_resource(isolation: Any) -> None:
    with pytest.raises(InvalidInputs, match=r"isolation: .*NetworkPolicies\(\), CiliumPolicies\(\)"):
        made(isolation=isolation)


def test_absent_peers_have_no_rule_and_no_rule_allows_everything(preview: bool) -> None:
    everyone = dict.fromkeys(PEERS, Absent())
    references = dict.fromkeys(("kafka", "redis", "database", "node_database"), Absent())
    spec = policy(made(preview, peers=everyone, **references), "vqnode")

    assert spec["ingress"] == []
    assert [rule["to"] for rule in spec["egress"]] == [[KUBE_DNS]]
    assert spec["policyTypes"] == ["Ingress", "Egress"]


@pytest.mark.parametrize("isolation", [NoPolicies(), CiliumPolicies()])
def test_network_policies_exist_only_with_kubernetes_isolation(isolation: Isolation, preview: bool) -> None:
    kinds = {each["kind"] for each in made(preview, isolation=isolation).manifests}

    assert "NetworkPolicy" not in kinds
    assert ("CiliumNetworkPolicy" in kinds) == isinstance(isolation, CiliumPolicies)


WORKLOADS = {"server": Party.IXN, "node": Party.IXN_NODE, "vqnode": Party.IXN_VQ_NODE}


def own_policies(found: Deployment[Any]) -> dict[str, Party]:
    """Return the party of each policy by the policy's name."""
    return {found.policy(f"ixn-{each}-100")["metadata"]["name"]: party for each, party in WORKLOADS.items()}


@pytest.mark.parametrize("isolation", [NetworkPolicies(), CiliumPolicies()])
def test_each_row_names_the_rules_of_each_workload_that_allow_it(isolation: Isolation) -> None:
    found = made(isolation=isolation)
    kind = "NetworkPolicy" if isinstance(isolation, NetworkPolicies) else "CiliumNetworkPolicy"
    own = own_policies(found)

    named: list[tuple[str, str]] = []
    for row, said in zip(CONNECTIONS, found.result, strict=True):
        ends = {own[rule["policy"]] for rule in said["rules"]}
        assert ends == {party for party in (row.source, row.destination) if party in WORKLOAD_PARTIES}
        for rule in said["rules"]:
            direction, index = rule["rule"].rstrip("]").split("[")
            named.append((rule["policy"], rule["rule"]))
            there = found.manifest(kind, rule["policy"])["spec"][direction][int(index)]
            assert str(said["port"]) in str(there.get("ports", there.get("toPorts")))
            assert direction == ("egress" if own[rule["policy"]] is row.source else "ingress")
    assert len(named) == len(set(named))


def test_a_row_has_no_rule_without_isolation() -> None:
    assert all(said["rules"] == [] for said in made(isolation=NoPolicies()).result)


def test_every_rule_except_dns_is_named_by_a_row() -> None:
    found = made()
    own = own_policies(found)
    named = {(rule["policy"], rule["rule"]) for said in found.result for rule in said["rules"]}
    there = {
        (name, f"{direction}[{index}]")
        for name in own
        for direction in ("ingress", "egress")
        for index, _ in enumerate(found.manifest("NetworkPolicy", name)["spec"][direction])
    }

    dns = {(name, f"egress[{len(found.manifest('NetworkPolicy', name)['spec']['egress']) - 1}]") for name in own}
    assert there - named == dns


ISOLATIONS = [NetworkPolicies(), CiliumPolicies()]


def policy_names(preview: bool = False, **changes: Any) -> dict[str, str]:
    """Return the object name of each workload's policy; Pulumi's name ends with the same digest."""
    found = made(preview, **changes)
    names = {each: found.policy(f"ixn-{each}-100")["metadata"]["name"] for each in WORKLOADS}
    pulumi_names = {each.name for each in found.resources if "NetworkPolicy" in each.type}
    assert pulumi_names == {f"east-{each}-{name.rpartition('-')[2]}" for each, name in names.items()}
    return names


@pytest.mark.parametrize("isolation", ISOLATIONS)
def test_a_policy_is_named_by_its_rules_so_that_the_new_one_is_created_first(isolation: Isolation) -> None:
    before = policy_names(isolation=isolation)
    after = policy_names(isolation=isolation, ports={Parameter.VQ_NODE_DEFAULT: 7199})

    assert {each for each in WORKLOADS if before[each] != after[each]} == {"vqnode"}
    assert all(name.startswith(f"ixn-{each}-100-") for each, name in after.items())


@pytest.mark.parametrize("isolation", ISOLATIONS)
def test_a_policy_keeps_its_name_while_its_rules_stay_the_same(isolation: Isolation) -> None:
    other_pods: dict[str, Any] = {
        "vq_node": pod("ixn/vq", replicas=3),
        "node": pod("ixn/node", annotations={"team": "x"}),
    }

    assert policy_names(isolation=isolation) == policy_names(False, isolation=isolation, **other_pods)
    assert policy_names(isolation=isolation) == policy_names(True, isolation=isolation)


def test_the_name_of_a_policy_does_not_depend_on_outputs(preview: bool) -> None:
    def names(port: int) -> set[str]:
        def program() -> pulumi.Output[Any]:
            ports = {Parameter.VQ_NODE_DEFAULT: pulumi.Output.from_input(port)}
            return ixn(ports=ports).connections

        found = deploy(program, preview=preview)
        return {each["metadata"]["name"] for each in found.manifests if each["kind"] == "NetworkPolicy"}

    assert names(7198) == names(7199)


def test_the_longest_policy_name_is_that_of_a_label() -> None:
    name = deploy(lambda: ixn(tenant=replace(TENANT, sid="1" * 41)).connections).policy(f"ixn-server-{'1' * 41}")

    assert len(name["metadata"]["name"]) <= 63
