"""Isolation: the kind of policy that restricts the traffic of a tenant's workloads."""

from dataclasses import dataclass, field
from typing import TypeAlias

from pulumi_ixn.peers import Location, PodSelector


@dataclass(frozen=True)
class Dns:
    """The cluster's DNS: the locations of its pods, and their ports (UDP and TCP, 1 to 65535)."""

    locations: tuple[Location, ...] = (PodSelector("kube-system", {"k8s-app": "kube-dns"}),)
    ports: tuple[int, ...] = (53,)


OPENSHIFT_DNS = Dns(
    (PodSelector("openshift-dns", {"dns.operator.openshift.io/daemonset-dns": "default"}),), (5353,)
)
"""OpenShift's DNS, whose pods listen on port 5353."""


@dataclass(frozen=True)
class NetworkPolicies:
    """A NetworkPolicy (networking.k8s.io/v1) for each workload. It cannot express DNS names."""

    dns: Dns = field(default_factory=Dns)


@dataclass(frozen=True)
class CiliumPolicies:
    """A CiliumNetworkPolicy (cilium.io/v2) for each workload. It can express DNS names."""

    dns: Dns = field(default_factory=Dns)


@dataclass(frozen=True)
class NoPolicies:
    """No policies: traffic is not restricted."""


Isolation: TypeAlias = NetworkPolicies | CiliumPolicies | NoPolicies
