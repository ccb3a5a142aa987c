"""The spec of a NetworkPolicy: closed in both directions, one rule for each link, and one for DNS."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pulumi

from pulumi_ixn.identity import policy_labels
from pulumi_ixn.inputs import lift
from pulumi_ixn.isolation import Dns, incoming, outgoing
from pulumi_ixn.manifests.allowed import KnownRange, allowed_ports
from pulumi_ixn.manifests.workload import Workload
from pulumi_ixn.topology import Cidrs, Link, Neighbour, OwnNode, Place, Pods

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
        "ingress": [{"from_": _peers(link), "ports": _ports(link)} for link in incoming(links)],
        "egress": [
            *({"to": _peers(link), "ports": _ports(link)} for link in outgoing(links)),
            {"to": [peer for place in dns.places for peer in _of_place(place, "DNS")], "ports": _dns_ports(dns)},
        ],
    }


def _peers(link: Link) -> list["NetworkPolicyPeerArgsDict"]:
    who = link.row.destination if link.outgoing else link.row.source
    if not isinstance(link.peer, Neighbour) or not link.peer.places:
        raise ValueError(f"connection {link.row.number}: {who} has no place, and none would mean everywhere")
    return [
        peer for place in link.peer.places for peer in _of_place(place, f"connection {link.row.number}: {who}")
    ]


def _of_place(place: Place, who: str) -> list["NetworkPolicyPeerArgsDict"]:
    match place:
        case Pods():
            return [_pods(place)]
        case Cidrs(cidrs):
            return _blocks(cidrs, who)
        case OwnNode(cidrs, agent):
            # A NetworkPolicy has no 'own node': the agent's pods, and every node that they may be seen as.
            return [_pods(agent), *_blocks(cidrs, who)]
        case _:
            raise ValueError(f"{who} is placed by DNS name, which a NetworkPolicy cannot say: give its CIDRs")


def _pods(pods: Pods) -> "NetworkPolicyPeerArgsDict":
    return {
        "namespace_selector": {"match_labels": {"kubernetes.io/metadata.name": pods.namespace}},
        "pod_selector": {"match_labels": dict(pods.labels)},
    }


def _blocks(cidrs: Sequence[pulumi.Input[str]], who: str) -> list["NetworkPolicyPeerArgsDict"]:
    if not cidrs:
        raise ValueError(f"{who} is placed in an empty list of CIDRs, which would mean everywhere")
    return [{"ip_block": {"cidr": cidr}} for cidr in cidrs]


def _ports(link: Link) -> "pulumi.Input[list[NetworkPolicyPortArgsDict]]":
    return lift(allowed_ports(link), lambda ranges: [_port(each) for each in ranges])


def _port(ports: KnownRange) -> "NetworkPolicyPortArgsDict":
    if ports.first == ports.last:
        return {"protocol": "TCP", "port": ports.first}
    return {"protocol": "TCP", "port": ports.first, "end_port": ports.last}


def _dns_ports(dns: Dns) -> list["NetworkPolicyPortArgsDict"]:
    return [{"protocol": protocol, "port": port} for port in dns.ports for protocol in ("UDP", "TCP")]
