"""CiliumNetworkPolicies: valid against Cilium's CRD, and denying by default."""

import copy
import functools
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from pulumi_ixn import (
    CidrBlocks,
    CiliumPolicies,
    Dns,
    DnsNames,
    Endpoint,
    Ixn,
    NodeAgent,
    Party,
    Peer,
    PortRange,
)
from pulumi_ixn.peers import Location
from pulumi_ixn.policies import OPENSHIFT_DNS
from pulumi_ixn.testing import Deployment, deploy
from pulumi_ixn.validation import InvalidInputs

from tests.unit.kubernetes_schemas import VERSIONS, validation_errors
from tests.unit.messages import NO_INBOUND_DNS_NAMES
from tests.unit.samples import LOCATION, NO_PEERS, PEERS, database, ixn, kafka, redis

NAMED = DnsNames(("one.example.com", "two.example.com."))
OUTSIDE = CidrBlocks(("192.0.2.0/24", "2001:db8::/32"))
NODE = NodeAgent(("10.0.0.0/16",), LOCATION[0])
AGENT = {"matchLabels": {"k8s:io.kubernetes.pod.namespace": "infra", "k8s:app": "peer"}}
CALLERS = (Party.GWS_IXN_SERVICE, Party.STAT_SERVER, Party.URS, Party.PROMETHEUS)


def located_at(*locations: Location) -> Ixn:
    """Change the locations of all outbound-only peers except Consul."""
    at = {party: Peer(locations, (Endpoint("peer"),)) for party in (Party.CONFIG_SERVER, Party.VOICE_CONFIG)}
    at[Party.VOICE_RQ] = Peer(locations, (Endpoint("peer", 11000),))
    return ixn(
        peers={**PEERS, **at},
        kafka=kafka(locations=locations),
        redis=redis(locations=locations),
        database=database("db", locations=locations),
        node_database=database("node-db", locations=locations),
        isolation=CiliumPolicies(),
    )


def called_from(*locations: Location) -> Ixn:
    callers = dict.fromkeys(CALLERS, Peer(locations))
    return ixn(peers={**PEERS, **callers}, isolation=CiliumPolicies())


def listening(*ranges: PortRange) -> Ixn:
    """Give the pods of Voice RQ these ports."""
    peer = Peer(LOCATION, (Endpoint("rq", 80),), target_ports=ranges)
    return ixn(peers={**PEERS, Party.VOICE_RQ: peer}, isolation=CiliumPolicies())


def resolved_by(dns: Dns) -> Ixn:
    return ixn(isolation=CiliumPolicies(dns))


def alone() -> Ixn:
    return ixn(isolation=CiliumPolicies(), **NO_PEERS)


CASES: Mapping[str, Callable[[], Ixn]] = {
    "pods": lambda: ixn(isolation=CiliumPolicies()),
    "names": lambda: located_at(NAMED),
    "networks": lambda: located_at(OUTSIDE),
    "networks and pods and names": lambda: located_at(OUTSIDE, *LOCATION, NAMED),
    "callers outside": lambda: called_from(OUTSIDE),
    "callers on the own node": lambda: called_from(NODE),
    "ranges of ports": lambda: listening(PortRange(80), PortRange(9000, 9010)),
    "more ports than one list may have": lambda: listening(*map(PortRange, range(9000, 9100))),
    "OpenShift": lambda: resolved_by(OPENSHIFT_DNS),
    "a resolver outside": lambda: resolved_by(Dns((OUTSIDE,), (53, 5353))),
    "a resolver on the own node": lambda: resolved_by(Dns((NODE,))),
    "nobody else": alone,
}


@functools.cache
def specs(name: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the specs of the policies of a case, by workload."""
    return {workload: policy(name, workload)["spec"] for workload in ("server", "node", "vqnode")}


def policy(name: str, workload: str) -> Mapping[str, Any]:
    return made(name).policy(f"ixn-{workload}-100")


@functools.cache
def made(name: str) -> Deployment[Any]:
    return deploy(CASES[name])


@pytest.mark.parametrize("name", CASES)
def test_every_policy_is_valid_against_the_cilium_crd(name: str) -> None:
    found = [each for each in made(name).manifests if each["kind"] == "CiliumNetworkPolicy"]

    assert len(found) == 3
    assert [validation_errors(each, VERSIONS[-1]) for each in found] == [[], [], []]


def test_policies_cover_every_kind_of_location() -> None:
    said = {key for name in CASES for each in specs(name).values() for rule in each["egress"] for key in rule}

    assert said == {"toEndpoints", "toCIDR", "toEntities", "toFQDNs", "toPorts"}


RULE = ("spec", "egress", 1)
PORT = (*RULE, "toPorts", 0, "ports", 0)
MISTAKES: Mapping[str, tuple[tuple[str | int, ...], object]] = {
    "a misspelled field": ((*RULE, "toEndpoint"), []),
    "a misspelled field at the top": (("spec", "endpointSelectors"), {}),
    "a field of the metadata that is none": (("metadata", "label"), {}),
    "a port that is a number": ((*PORT, "port"), 7120),
    "a port beyond the last": ((*PORT, "port"), "-1"),
    "a protocol that is none": ((*PORT, "protocol"), "HTTP"),
    "the end of a range as text": ((*PORT, "endPort"), "9010"),
    "a network without its length": ((*RULE, "toCIDR"), ["192.0.2.0"]),
    "an entity that is none": ((*RULE, "toEntities"), ["node"]),
    "a URL as a name": ((*RULE, "toFQDNs"), [{"matchName": "https://example.com"}]),
    "a name that is both": ((*RULE, "toFQDNs"), [{"matchName": "a.example", "matchPattern": "*"}]),
    "two selectors": (("spec", "nodeSelector"), {}),
    "more ports than a list may have": ((*RULE, "toPorts", 0, "ports"), [{"port": "80"}] * 41),
    "rules of DNS and of HTTP": ((*RULE, "toPorts", 0, "rules"), {"dns": [], "http": []}),
    "a label's value that is none": (("spec", "endpointSelector", "matchLabels", "a"), "b/c"),
}


@pytest.mark.parametrize("issue", MISTAKES)
def test_an_invalid_policy_fails_validation(issue: str) -> None:
    broken: Any = copy.deepcopy(policy("pods", "server"))
    assert validation_errors(broken, VERSIONS[-1]) == []
    (*parents, last), value = MISTAKES[issue]
    target = broken
    for part in parents:
        target = target[part]
    target[last] = value

    (error,) = validation_errors(broken, VERSIONS[-1])
    assert error.startswith("$.metadata" if parents[0] == "metadata" else "$.spec")


def test_a_policy_without_a_direction_fails_validation() -> None:
    broken: Any = copy.deepcopy(policy("pods", "server"))
    del broken["spec"]["ingress"], broken["spec"]["egress"]

    assert validation_errors(broken, VERSIONS[-1])


def test_dns_names_and_the_local_node_have_their_own_rules() -> None:
    found = specs("names")["node"]

    assert found["endpointSelector"] == {"matchLabels": {"ixn-pulumi/policy": "ixn-node-100"}}
    assert found["egress"][0] == {
        "toEntities": ["host"],
        "toPorts": [{"ports": [{"port": "8500", "protocol": "TCP"}]}],
    }
    named = [rule for rule in found["egress"] if "toFQDNs" in rule]
    assert named[1] == {
        "toFQDNs": [{"matchName": "one.example.com"}, {"matchName": "two.example.com."}],
        "toPorts": [{"ports": [{"port": "8888", "protocol": "TCP"}]}],
    }


@pytest.mark.parametrize("name", CASES)
def test_only_a_policy_with_dns_names_uses_the_dns_proxy(name: str) -> None:
    for each in specs(name).values():
        seen = [entry["rules"]["dns"] for rule in each["egress"] for entry in rule["toPorts"] if "rules" in entry]
        named = [rule for rule in each["egress"] if "toFQDNs" in rule]
        assert bool(seen) == bool(named)
        assert all(rules == [{"matchPattern": "*"}] for rules in seen)
        assert bool(named) == ("names" in name)


def test_the_dns_rule_is_the_last_of_each_policy() -> None:
    for each in specs("pods").values():
        assert each["egress"][-1] == {
            "toEndpoints": [
                {"matchLabels": {"k8s:io.kubernetes.pod.namespace": "kube-system", "k8s:k8s-app": "kube-dns"}}
            ],
            "toPorts": [{"ports": [{"port": "53", "protocol": "ANY"}]}],
        }


@pytest.mark.parametrize("name", CASES)
def test_no_direction_is_an_empty_list(name: str) -> None:
    for each in specs(name).values():
        assert each["enableDefaultDeny"] == {"ingress": True, "egress": True}
        assert each["ingress"]
        assert each["egress"]


def test_a_workload_without_inbound_peers_denies_all_ingress() -> None:
    assert specs("nobody else")["vqnode"]["ingress"] == [{}]
    assert all({} not in each["ingress"] for each in specs("pods").values())


def test_a_local_node_agent_may_connect_from_its_node_and_its_pods() -> None:
    ports = [{"ports": [{"port": "13133", "protocol": "TCP"}]}]

    assert specs("callers on the own node")["node"]["ingress"] == [
        {"fromEntities": ["host"], "toPorts": ports},
        {"fromEndpoints": [AGENT], "toPorts": ports},
    ]


def test_a_local_node_resolver_is_allowed_as_its_node_and_its_pods() -> None:
    (to_host, to_agent) = specs("a resolver on the own node")["vqnode"]["egress"][-2:]

    assert to_host["toEntities"] == ["host"]
    assert to_agent["toEndpoints"] == [
        {"matchLabels": {"k8s:io.kubernetes.pod.namespace": "infra", "k8s:app": "peer"}}
    ]
    assert to_host["toPorts"] == to_agent["toPorts"]


def test_ports_are_split_into_lists_of_forty() -> None:
    rule = specs("more ports than one list may have")["node"]["egress"][3]
    lists = [[int(port["port"]) for port in entry["ports"]] for entry in rule["toPorts"]]

    assert [len(each) for each in lists] == [40, 40, 20]
    assert [port for each in lists for port in each] == list(range(9000, 9100))


def test_an_inbound_peer_with_a_dns_name_is_rejected() -> None:
    with pytest.raises(InvalidInputs, match=NO_INBOUND_DNS_NAMES):
        deploy(lambda: called_from(NAMED))
