"""The spec of a NetworkPolicy: closed in both directions, one rule for each link, and one for DNS."""

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

import pulumi

from pulumi_ixn.identity import policy_labels
from pulumi_ixn.inputs import lift, lift_all
from pulumi_ixn.isolation import Dns, incoming, outgoing
from pulumi_ixn.manifests.allowed import KnownRange, allowed_ports
from pulumi_ixn.manifests.places import networks
from pulumi_ixn.manifests.workload import Workload
from pulumi_ixn.neighbours import Cidrs, Fqdns, OwnNode, Place, Pods, Texts
from pulumi_ixn.topology import Link

if TYPE_CHECKING:
    from pulumi_kubernetes.networking.v1 import (
        NetworkPolicyPeerArgsDict,
        NetworkPolicyPortArgsDict,
        NetworkPolicySpecArgsDict,
    )


def network_policy_spec(workload: Workload, dns: Dns) -> "NetworkPolicySpecArgsDict":
    """Return the spec. ValueError where a neighbour is placed by DNS name, which a NetworkPolicy cannot say."""
    links = workload.args.links
    return {
        "pod_selector": {"match_labels": policy_labels(workload.identity.party, workload.identity.tenant)},
        "policy_types": ["Ingress", "Egress"],
        "ingress": [{"from_": _link_peers(link), "ports": _ports(link)} for link in incoming(links)],
        "egress": [
            *({"to": _link_peers(link), "ports": _ports(link)} for link in outgoing(links)),
            {"to": _peers(dns.places, "DNS"), "ports": _dns_ports(dns)},
        ],
    }


def _link_peers(link: Link) -> "pulumi.Input[list[NetworkPolicyPeerArgsDict]]":
    return _peers(link.places, link.who)


def _peers(places: Sequence[Place], who: str) -> "pulumi.Input[list[NetworkPolicyPeerArgsDict]]":
    return lift_all([_of_place(place, who) for place in places], lambda known: list(chain.from_iterable(known)))


def _of_place(place: Place, who: str) -> "pulumi.Input[list[NetworkPolicyPeerArgsDict]]":
    match place:
        case Pods():
            return [_pods(place)]
        case Cidrs(cidrs):
            return _blocks(cidrs, who)
        case OwnNode(cidrs, agent):
            # A NetworkPolicy has no 'own node': the agent's pods, and every node that they may be seen as.
            return lift(_blocks(cidrs, who), lambda blocks: [_pods(agent), *blocks])
        case Fqdns():
            raise ValueError(f"{who} is placed by DNS name, which a NetworkPolicy cannot say: give its CIDRs")


def _pods(pods: Pods) -> "NetworkPolicyPeerArgsDict":
    return {
        "namespace_selector": {"match_labels": {"kubernetes.io/metadata.name": pods.namespace}},
        "pod_selector": {"match_labels": dict(pods.labels)},
    }


def _blocks(cidrs: Texts, who: str) -> "pulumi.Input[list[NetworkPolicyPeerArgsDict]]":
    return lift(networks(cidrs, who), lambda known: [{"ip_block": {"cidr": cidr}} for cidr in known])


def _ports(link: Link) -> "pulumi.Input[list[NetworkPolicyPortArgsDict]]":
    return lift(allowed_ports(link), lambda ranges: [_port(each) for each in ranges])


def _port(ports: KnownRange) -> "NetworkPolicyPortArgsDict":
    if ports.first == ports.last:
        return {"protocol": "TCP", "port": ports.first}
    return {"protocol": "TCP", "port": ports.first, "end_port": ports.last}


def _dns_ports(dns: Dns) -> list["NetworkPolicyPortArgsDict"]:
    return [{"protocol": protocol, "port": port} for port in dns.ports for protocol in ("UDP", "TCP")]
