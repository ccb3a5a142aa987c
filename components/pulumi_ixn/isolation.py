"""How a tenant's workloads are closed: in both directions, but for their rows of the table and DNS."""

from dataclasses import dataclass, field
from typing import TypeAlias

from pulumi_ixn.neighbours import Fqdns, Place, Pods
from pulumi_ixn.port_number import port_number
from pulumi_ixn.topology import Link, Links


@dataclass(frozen=True)
class Dns:
    """The cluster's resolver: where its pods are, and the ports that they listen at (UDP and TCP, 1 to 65535)."""

    places: tuple[Place, ...] = (Pods("kube-system", {"k8s-app": "kube-dns"}),)
    ports: tuple[int, ...] = (53,)

    def __post_init__(self) -> None:
        """Refuse a resolver without place or port (ValueError), since none would mean all, and what is no port."""
        if not self.places or not self.ports:
            raise ValueError("the resolver needs at least one place and one port")
        for port in self.ports:
            port_number(port, "a port of the resolver")


OPENSHIFT_DNS = Dns((Pods("openshift-dns", {"dns.operator.openshift.io/daemonset-dns": "default"}),), (5353,))
"""OpenShift's resolver, whose pods listen at 5353."""


@dataclass(frozen=True)
class NetworkPolicies:
    """A NetworkPolicy (networking.k8s.io/v1) for each workload. It knows no DNS names."""

    dns: Dns = field(default_factory=Dns)


@dataclass(frozen=True)
class CiliumPolicies:
    """A CiliumNetworkPolicy (cilium.io/v2) for each workload; neighbours may be placed by DNS name."""

    dns: Dns = field(default_factory=Dns)


@dataclass(frozen=True)
class Open:
    """No policies, on purpose."""


Isolation: TypeAlias = NetworkPolicies | CiliumPolicies | Open


def refuse_unsayable(links: Links, isolation: Isolation) -> None:
    """Raise ValueError that names every peer of which the policies cannot say where it is.

    Raise it too for what is no isolation.
    """
    mistakes = list(dict.fromkeys(_unsayable(links, isolation)))
    if mistakes:
        raise ValueError("\n".join(mistakes))


def _unsayable(links: Links, isolation: Isolation) -> list[str]:
    by_name = [
        link for link in links if not link.absent and any(isinstance(place, Fqdns) for place in link.places)
    ]
    match isolation:
        case NetworkPolicies():
            return [
                f"{link.who} is placed by DNS name, which a NetworkPolicy cannot say: give its CIDRs"
                for link in by_name
            ]
        case CiliumPolicies():
            return [
                f"{link.who} calls us and is placed by DNS name, which no policy can say: give its CIDRs"
                for link in by_name
                if not link.outgoing
            ]
        case Open():
            return []
        case _:
            # A program without types may hand over any value; with this one, nothing would be closed.
            return [f"isolation is NetworkPolicies(), CiliumPolicies() or Open(), not {isolation!r}"]


def incoming(links: Links) -> tuple[Link, ...]:
    """Return the links that an ingress rule allows, in the order of the rules."""
    return tuple(link for link in links if not link.outgoing and not link.absent)


def outgoing(links: Links) -> tuple[Link, ...]:
    """Return the links that an egress rule allows, in the order of the rules; the one for DNS comes after."""
    return tuple(link for link in links if link.outgoing and not link.absent)
