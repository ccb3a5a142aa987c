"""Peers: the other ends of the connections, which this package does not deploy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import pulumi

from pulumi_ixn.inputs import apply, is_plain
from pulumi_ixn.values import port_number

StringList: TypeAlias = pulumi.Input[Sequence[pulumi.Input[str]]]
"""A list of strings; the list and each string may be an Output."""

PropertyValue: TypeAlias = str | int | bool


@dataclass(frozen=True)
class PodSelector:
    """Pods of one namespace, selected by labels. At least one label is required: none would select all pods."""

    namespace: pulumi.Input[str]
    labels: Mapping[str, pulumi.Input[str]]

    def __post_init__(self) -> None:
        """Reject a selector that selects every pod of the namespace."""
        if not self.labels:
            raise ValueError("a PodSelector needs at least one label: without one it selects every pod")


@dataclass(frozen=True)
class CidrBlocks:
    """Addresses outside the cluster, in CIDR notation without host bits."""

    cidrs: StringList


@dataclass(frozen=True)
class NodeAgent:
    """An agent on the pod's own node: the CIDRs of the cluster's nodes, and the pods of the agent."""

    cidrs: StringList
    pods: PodSelector


@dataclass(frozen=True)
class DnsNames:
    """DNS names outside the cluster. Only CiliumPolicies can express them, and only for outgoing connections."""

    names: StringList


Location: TypeAlias = PodSelector | CidrBlocks | NodeAgent | DnsNames


@dataclass(frozen=True)
class Endpoint:
    """A host and its port. Leave `port` out where a port parameter or the table sets it."""

    host: pulumi.Input[str]
    port: pulumi.Input[int] | None = None

    def __post_init__(self) -> None:
        """Validate the port, also once an Output resolves."""
        if self.port is not None:
            what = f"the port of {self.host}" if is_plain(self.host) else "an endpoint's port"
            object.__setattr__(self, "port", apply(self.port, lambda port: port_number(port, what)))


@dataclass(frozen=True)
class PortRange:
    """The ports from `first` to `last`, both included; `first` alone if `last` is None."""

    first: pulumi.Input[int]
    last: pulumi.Input[int] | None = None

    def __post_init__(self) -> None:
        """Validate the ports, also once an Output resolves."""
        object.__setattr__(self, "first", apply(self.first, port_number))
        if self.last is not None:
            object.__setattr__(self, "last", apply(self.last, port_number))


@dataclass(frozen=True)
class SecretRef:
    """A Secret in the tenants' namespace.

    `keys` maps `username` and `password` to keys of the Secret. `version` is any text that changes with the
    content, so that pods roll; None if changes are not tracked.
    """

    name: pulumi.Input[str]
    keys: Mapping[str, str] = field(default_factory=dict[str, str])
    version: pulumi.Input[str] | None = None


@dataclass(frozen=True)
class Peer:
    """The other end of a connection.

    `locations` is plain, since it decides which rules exist. `endpoints` are the addresses that the workloads
    connect to: empty for a peer that only connects to the workloads, and for a `NodeAgent`, whose address is that
    of the pod's node. `advertised` are the addresses that a client is redirected to after it has connected, such
    as a Kafka's brokers or the nodes of a Redis Cluster. `target_ports` are the ports of the peer's pods, where a
    Service maps the ports of `endpoints` to others, since policies apply to pods. `secret` and `properties` are
    what the containers need beside the address.
    """

    locations: tuple[Location, ...]
    endpoints: pulumi.Input[Sequence[Endpoint]] = ()
    advertised: pulumi.Input[Sequence[Endpoint]] = ()
    target_ports: pulumi.Input[Sequence[PortRange]] | None = None
    secret: SecretRef | None = None
    properties: Mapping[str, pulumi.Input[PropertyValue]] = field(
        default_factory=dict[str, pulumi.Input[PropertyValue]]
    )

    def __post_init__(self) -> None:
        """Reject a peer without a location."""
        if not self.locations:
            raise ValueError("a peer needs at least one location: PodSelector, CidrBlocks, NodeAgent or DnsNames")


@dataclass(frozen=True)
class Absent:
    """Declares that a tenant does without a peer. The peer's connections do not exist then."""
