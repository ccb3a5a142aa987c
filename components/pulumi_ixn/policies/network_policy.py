"""NetworkPolicy: one rule for each link, and one for DNS."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

import pulumi

from pulumi_ixn.inputs import apply, apply_all
from pulumi_ixn.links import Link, Links, ResolvedPortRange
from pulumi_ixn.peers import CidrBlocks, DnsNames, Location, NodeAgent, PodSelector, StringList
from pulumi_ixn.policies.isolation import Dns
from pulumi_ixn.validation import invalid

if TYPE_CHECKING:
    from pulumi_kubernetes.networking.v1 import NetworkPolicyPeerArgsDict, NetworkPolicyPortArgsDict

API_VERSION, KIND = "networking.k8s.io/v1", "NetworkPolicy"


def rules(links: Links) -> list[tuple[Link, object]]:
    """Return the rule of each link."""
    return list(_rules(links))


def spec(
    selector: Mapping[str, pulumi.Input[str]], rules: Sequence[tuple[Link, object]], dns: Dns
) -> Mapping[str, object]:
    """Return the spec of the policy of the selected pods."""
    return {
        "pod_selector": {"match_labels": selector},
        "policy_types": ["Ingress", "Egress"],
        "ingress": [rule for link, rule in rules if not link.outgoing],
        "egress": [
            *(rule for link, rule in rules if link.outgoing),
            {"to": _peers(dns.locations), "ports": _dns_ports(dns)},
        ],
    }


def invalid_link(link: Link) -> str | None:
    """Return why a NetworkPolicy cannot express the link; None if it can."""
    by_name = any(isinstance(location, DnsNames) for location in link.locations)
    return NO_DNS_NAMES if by_name else None


NO_DNS_NAMES = "NetworkPolicy does not support DNS names; use CIDRs or Cilium policies"


def _rules(links: Links) -> Iterator[tuple[Link, object]]:
    for link in links:
        if not link.absent:
            side = "to" if link.outgoing else "from_"
            ports = apply(link.allowed_ports, lambda ranges: [_port(each) for each in ranges])
            yield link, {side: _peers(link.locations), "ports": ports}


def _peers(locations: Sequence[Location]) -> "pulumi.Input[list[NetworkPolicyPeerArgsDict]]":
    return apply_all([_peers_at(each) for each in locations], lambda known: list(chain.from_iterable(known)))


def _peers_at(location: Location) -> "pulumi.Input[list[NetworkPolicyPeerArgsDict]]":
    match location:
        case PodSelector():
            return [_pods(location)]
        case CidrBlocks(cidrs):
            return _blocks(cidrs)
        case NodeAgent(cidrs, pods):
            # A NetworkPolicy cannot select the pod's own node: allow the agent's pods, and all nodes, since the
            # agent may have the address of its node.
            return apply(_blocks(cidrs), lambda blocks: [_pods(pods), *blocks])
        case DnsNames():
            raise invalid("locations", NO_DNS_NAMES)


def _pods(pods: PodSelector) -> "NetworkPolicyPeerArgsDict":
    return {
        "namespace_selector": {"match_labels": {"kubernetes.io/metadata.name": pods.namespace}},
        "pod_selector": {"match_labels": dict(pods.labels)},
    }


def _blocks(cidrs: StringList) -> "pulumi.Input[list[NetworkPolicyPeerArgsDict]]":
    return apply(cidrs, lambda known: [{"ip_block": {"cidr": cidr}} for cidr in known])


def _port(ports: ResolvedPortRange) -> "NetworkPolicyPortArgsDict":
    if ports.first == ports.last:
        return {"protocol": "TCP", "port": ports.first}
    return {"protocol": "TCP", "port": ports.first, "end_port": ports.last}


def _dns_ports(dns: Dns) -> list["NetworkPolicyPortArgsDict"]:
    return [{"protocol": protocol, "port": port} for port in dns.ports for protocol in ("UDP", "TCP")]
