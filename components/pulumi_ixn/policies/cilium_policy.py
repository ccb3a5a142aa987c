"""CiliumNetworkPolicy: one rule for each location of each link, and for each location of DNS."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import pulumi

from pulumi_ixn.inputs import apply
from pulumi_ixn.links import Link, Links, ResolvedPortRange
from pulumi_ixn.peers import CidrBlocks, DnsNames, Location, NodeAgent, PodSelector
from pulumi_ixn.policies.isolation import Dns
from pulumi_ixn.validation import invalid

API_VERSION, KIND = "cilium.io/v2", "CiliumNetworkPolicy"

CiliumRule: TypeAlias = dict[str, object]
"""A rule of the custom resource. Cilium ANDs the selectors of a rule, so each location has its own rule."""

DENY_ALL: CiliumRule = {}
"""Denies all traffic of the direction; an empty list would allow it, even with `enableDefaultDeny`.

In a NetworkPolicy, the same rule would allow all traffic.
"""

MAX_PORTS_PER_RULE = 40
"""Cilium's limit on the length of a list of ports."""


def rules(links: Links) -> list[tuple[Link, object]]:
    """Return the rules of each link: one for each location, two for a NodeAgent."""
    return [
        (link, {**(_to if link.outgoing else _from)(location), "toPorts": _ports(link)})
        for link in links
        if not link.absent
        for location in _identities(link.locations)
    ]


def spec(
    selector: Mapping[str, pulumi.Input[str]], rules: Sequence[tuple[Link, object]], dns: Dns
) -> Mapping[str, object]:
    """Return the spec of the policy of the selected pods."""
    ports = _dns_ports(dns, [link for link, _ in rules])
    return {
        "endpointSelector": {"matchLabels": selector},
        "enableDefaultDeny": {"ingress": True, "egress": True},
        "ingress": [rule for link, rule in rules if not link.outgoing] or [DENY_ALL],
        "egress": [
            *(rule for link, rule in rules if link.outgoing),
            *({**_to(location), "toPorts": [ports]} for location in _identities(dns.locations)),
        ],
    }


def invalid_link(link: Link) -> str | None:
    """Return why a CiliumNetworkPolicy cannot express the link; None if it can."""
    by_name = any(isinstance(location, DnsNames) for location in link.locations)
    return NO_DNS_NAMES if by_name and not link.outgoing else None


NO_DNS_NAMES = "no policy supports DNS names for incoming connections; use CIDRs"


def _identities(locations: Sequence[Location]) -> Iterator[Location]:
    """Yield the locations as Cilium identifies them: an agent may be its node or its own pod."""
    for location in locations:
        yield location
        if isinstance(location, NodeAgent):
            # An agent's pod outside the host network is not the host, even if a host port leads to it.
            yield location.pods


def _to(location: Location) -> CiliumRule:
    match location:
        case PodSelector():
            return {"toEndpoints": [_endpoint(location)]}
        case CidrBlocks(cidrs):
            return {"toCIDR": cidrs}
        case NodeAgent():
            return {"toEntities": ["host"]}
        case DnsNames(names):
            return {"toFQDNs": apply(names, lambda known: [{"matchName": name} for name in known])}


def _from(location: Location) -> CiliumRule:
    match location:
        case PodSelector():
            return {"fromEndpoints": [_endpoint(location)]}
        case CidrBlocks(cidrs):
            return {"fromCIDR": cidrs}
        case NodeAgent():
            return {"fromEntities": ["host"]}
        case DnsNames():
            raise invalid("locations", NO_DNS_NAMES)


def _endpoint(pods: PodSelector) -> CiliumRule:
    labels = {f"k8s:{key}": value for key, value in pods.labels.items()}
    return {"matchLabels": {"k8s:io.kubernetes.pod.namespace": pods.namespace, **labels}}


def _ports(link: Link) -> pulumi.Input[list[CiliumRule]]:
    return apply(link.allowed_ports, lambda ranges: list(_port_lists(ranges)))


def _port_lists(ranges: Sequence[ResolvedPortRange]) -> Iterator[CiliumRule]:
    for start in range(0, len(ranges), MAX_PORTS_PER_RULE):
        yield {"ports": list(_port_entries(ranges[start : start + MAX_PORTS_PER_RULE]))}


def _port_entries(ranges: Sequence[ResolvedPortRange]) -> Iterator[CiliumRule]:
    for each in ranges:
        port: CiliumRule = {"port": str(each.first), "protocol": "TCP"}
        yield port if each.first == each.last else {**port, "endPort": each.last}


def _dns_ports(dns: Dns, links: Sequence[Link]) -> CiliumRule:
    ports: CiliumRule = {"ports": [{"port": str(port), "protocol": "ANY"} for port in dns.ports]}
    by_name = any(isinstance(each, DnsNames) for link in links if link.outgoing for each in link.locations)
    # These rules let the proxy see the DNS responses, without which no toFQDNs rule matches. They are omitted
    # otherwise: a Cilium whose L7 proxy is disabled rejects the whole policy because of them.
    return {**ports, "rules": {"dns": [{"matchPattern": "*"}]}} if by_name else ports
