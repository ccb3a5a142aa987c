"""The spec of a CiliumNetworkPolicy: as the NetworkPolicy, with DNS names and the own node said as they are."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import pulumi

from pulumi_ixn.identity import policy_labels
from pulumi_ixn.inputs import lift
from pulumi_ixn.isolation import Dns, incoming, outgoing
from pulumi_ixn.manifests.allowed import KnownRange, allowed_ports
from pulumi_ixn.manifests.workload import Workload
from pulumi_ixn.topology import Cidrs, Fqdns, Link, Neighbour, OwnNode, Place, Pods

Rule: TypeAlias = dict[str, object]
"""A rule of the custom resource; Cilium joins what stands in one rule by 'and', so each place has its own."""


def cilium_policy_spec(workload: Workload, dns: Dns) -> Mapping[str, object]:
    """Return the spec. ValueError where a neighbour has no place, or calls us and is placed by DNS name."""
    links = workload.args.links
    return {
        "endpointSelector": {"matchLabels": policy_labels(workload.identity.party, workload.identity.tenant)},
        # Said outright: an empty list of rules would leave the direction open.
        "enableDefaultDeny": {"ingress": True, "egress": True},
        "ingress": [rule for link in incoming(links) for rule in ingress_rules(link)],
        "egress": [
            *(rule for link in outgoing(links) for rule in egress_rules(link)),
            *({**_to(place), "toPorts": [_dns_ports(dns)]} for place in dns.places),
        ],
    }


def ingress_rules(link: Link) -> list[Rule]:
    """Return the rules that let the source of `link` in: one for each of its places."""
    return [{**_from(link, place), "toPorts": _ports(link)} for place in _places(link)]


def egress_rules(link: Link) -> list[Rule]:
    """Return the rules that let `link` out: one for each place of its destination, two for the own node."""
    rules: list[Rule] = []
    for place in _places(link):
        rules.append({**_to(place), "toPorts": _ports(link)})
        if isinstance(place, OwnNode):
            # A host port of the agent leads to its pod before the policy looks.
            rules.append({**_to(place.agent), "toPorts": _ports(link)})
    return rules


def _places(link: Link) -> Sequence[Place]:
    if not isinstance(link.peer, Neighbour) or not link.peer.places:
        raise ValueError(
            f"connection {link.row.number}: the neighbour has no place, and none would mean everywhere"
        )
    return link.peer.places


def _to(place: Place) -> Rule:
    match place:
        case Pods():
            return {"toEndpoints": [_endpoint(place)]}
        case Cidrs(cidrs):
            return {"toCIDR": _some(cidrs)}
        case OwnNode():
            return {"toEntities": ["host"]}
        case Fqdns(names):
            return {"toFQDNs": [{"matchName": name} for name in _some(names)]}


def _from(link: Link, place: Place) -> Rule:
    match place:
        case Pods():
            return {"fromEndpoints": [_endpoint(place)]}
        case Cidrs(cidrs):
            return {"fromCIDR": _some(cidrs)}
        case OwnNode():
            return {"fromEntities": ["host"]}
        case Fqdns():
            who = f"connection {link.row.number}: {link.row.source}"
            raise ValueError(f"{who} calls us and is placed by DNS name, which no policy can say: give its CIDRs")


def _some(values: Sequence[pulumi.Input[str]]) -> list[pulumi.Input[str]]:
    if not values:
        raise ValueError("a place is an empty list, which would mean everywhere")
    return list(values)


def _endpoint(pods: Pods) -> Rule:
    labels = {f"k8s:{key}": value for key, value in pods.labels.items()}
    return {"matchLabels": {"k8s:io.kubernetes.pod.namespace": pods.namespace, **labels}}


def _ports(link: Link) -> pulumi.Input[list[Rule]]:
    return lift(allowed_ports(link), lambda ranges: [{"ports": list(_known(ranges))}])


def _known(ranges: Sequence[KnownRange]) -> Iterator[Rule]:
    for each in ranges:
        port: Rule = {"port": str(each.first), "protocol": "TCP"}
        yield port if each.first == each.last else {**port, "endPort": each.last}


def _dns_ports(dns: Dns) -> Rule:
    ports = [{"port": str(port), "protocol": "ANY"} for port in dns.ports]
    # The proxy sees the answers by these rules; without them no toFQDNs rule ever matches.
    return {"ports": ports, "rules": {"dns": [{"matchPattern": "*"}]}}
