"""The spec of a CiliumNetworkPolicy: as the NetworkPolicy, with DNS names and the own node said as they are."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import pulumi

from pulumi_ixn.identity import policy_labels
from pulumi_ixn.inputs import lift
from pulumi_ixn.isolation import Dns, incoming, outgoing
from pulumi_ixn.manifests.allowed import KnownRange, allowed_ports
from pulumi_ixn.manifests.places import networks, some
from pulumi_ixn.manifests.workload import Workload
from pulumi_ixn.neighbours import Cidrs, Fqdns, OwnNode, Place, Pods
from pulumi_ixn.topology import Link, Links

Rule: TypeAlias = dict[str, object]
"""A rule of the custom resource; Cilium joins what stands in one rule by 'and', so each place has its own."""

NOBODY: Rule = {}
"""Allows nothing, and closes the direction: an empty list leaves it open, whatever `enableDefaultDeny` says.

In a NetworkPolicy, the same rule would allow everything.
"""

MOST_PORTS = 40
"""How many ports one list may have."""


def cilium_policy_spec(workload: Workload, dns: Dns) -> Mapping[str, object]:
    """Return the spec. ValueError where a neighbour has no place, or calls us and is placed by DNS name."""
    links = workload.args.links
    return {
        "endpointSelector": {"matchLabels": policy_labels(workload.identity.party, workload.identity.tenant)},
        "enableDefaultDeny": {"ingress": True, "egress": True},
        "ingress": [rule for link in incoming(links) for rule in ingress_rules(link)] or [NOBODY],
        "egress": [
            *(rule for link in outgoing(links) for rule in egress_rules(link)),
            *({**_to(place, "DNS"), "toPorts": [_resolver(dns, links)]} for place in _seen_as(dns.places)),
        ],
    }


def ingress_rules(link: Link) -> list[Rule]:
    """Return the rules that let the source of `link` in: one for each of its places, two for the own node."""
    return [{**_from(place, link.who), "toPorts": _ports(link)} for place in _seen_as(link.places)]


def egress_rules(link: Link) -> list[Rule]:
    """Return the rules that let `link` out: one for each place of its destination, two for the own node."""
    return [{**_to(place, link.who), "toPorts": _ports(link)} for place in _seen_as(link.places)]


def _seen_as(places: Sequence[Place]) -> Iterator[Place]:
    for place in places:
        yield place
        if isinstance(place, OwnNode):
            # An agent's pod that is not on the node's network is not the host, even where a host port leads to it.
            yield place.agent


def _to(place: Place, who: str) -> Rule:
    match place:
        case Pods():
            return {"toEndpoints": [_endpoint(place)]}
        case Cidrs(cidrs):
            return {"toCIDR": networks(cidrs, who)}
        case OwnNode():
            return {"toEntities": ["host"]}
        case Fqdns(names):
            return {"toFQDNs": lift(some(names, who), lambda known: [{"matchName": name} for name in known])}


def _from(place: Place, who: str) -> Rule:
    match place:
        case Pods():
            return {"fromEndpoints": [_endpoint(place)]}
        case Cidrs(cidrs):
            return {"fromCIDR": networks(cidrs, who)}
        case OwnNode():
            return {"fromEntities": ["host"]}
        case Fqdns():
            raise ValueError(f"{who} calls us and is placed by DNS name, which no policy can say: give its CIDRs")


def _endpoint(pods: Pods) -> Rule:
    labels = {f"k8s:{key}": value for key, value in pods.labels.items()}
    return {"matchLabels": {"k8s:io.kubernetes.pod.namespace": pods.namespace, **labels}}


def _ports(link: Link) -> pulumi.Input[list[Rule]]:
    return lift(allowed_ports(link), lambda ranges: list(_lists(ranges)))


def _lists(ranges: Sequence[KnownRange]) -> Iterator[Rule]:
    for start in range(0, len(ranges), MOST_PORTS):
        yield {"ports": list(_known(ranges[start : start + MOST_PORTS]))}


def _known(ranges: Sequence[KnownRange]) -> Iterator[Rule]:
    for each in ranges:
        port: Rule = {"port": str(each.first), "protocol": "TCP"}
        yield port if each.first == each.last else {**port, "endPort": each.last}


def _resolver(dns: Dns, links: Links) -> Rule:
    ports: Rule = {"ports": [{"port": str(port), "protocol": "ANY"} for port in dns.ports]}
    named = any(isinstance(place, Fqdns) for link in outgoing(links) for place in link.places)
    # By these rules the proxy sees the answers, without which no toFQDNs rule ever matches. Only then: a Cilium
    # whose L7 proxy is off refuses the whole policy for them.
    return {**ports, "rules": {"dns": [{"matchPattern": "*"}]}} if named else ports
