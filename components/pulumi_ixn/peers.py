"""Peers: the other ends of the connections, which this package does not deploy.

The validation rules are in `pulumi_ixn.peer_rules`; components and `resolve` apply them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import pulumi

from pulumi_ixn.inputs import apply
from pulumi_ixn.spec import Party

StringList: TypeAlias = pulumi.Input[Sequence[pulumi.Input[str]]]
"""A list of strings; the list and each item may be an Output."""

PropertyValue: TypeAlias = str | int | bool


@dataclass(frozen=True)
class PodSelector:
    """Pods of one namespace, selected by labels. At least one is required: none would select all pods."""

    namespace: pulumi.Input[str]
    labels: Mapping[str, pulumi.Input[str]]


@dataclass(frozen=True)
class CidrBlocks:
    """Addresses outside the cluster, in CIDR notation without host bits."""

    cidrs: StringList


@dataclass(frozen=True)
class NodeAgent:
    """An agent on the pod's own node: the CIDRs of the cluster's nodes, and the agent's pods."""

    cidrs: StringList
    pods: PodSelector


@dataclass(frozen=True)
class DnsNames:
    """DNS names outside the cluster. Only CiliumPolicies can express them, and only for outgoing connections."""

    names: StringList


Location: TypeAlias = PodSelector | CidrBlocks | NodeAgent | DnsNames


@dataclass(frozen=True)
class Endpoint:
    """A host and its port. Omit `port` if a port parameter or the table sets it."""

    host: pulumi.Input[str]
    port: pulumi.Input[int] | None = None


@dataclass(frozen=True)
class PortRange:
    """The ports from `first` to `last`, inclusive; `first` alone if `last` is None."""

    first: pulumi.Input[int]
    last: pulumi.Input[int] | None = None


@dataclass(frozen=True)
class SecretRef:
    """A Secret in the tenants' namespace.

    `keys` maps `username` and `password` to keys of the Secret. `version` is any text that changes with the
    content, so that the pods restart; None if changes are not tracked.
    """

    name: pulumi.Input[str]
    keys: Mapping[str, str] = field(default_factory=dict[str, str])
    version: pulumi.Input[str] | None = None


@dataclass(frozen=True)
class SecretFile:
    """A file in the pods: a key of a Secret in the tenants' namespace. `version` is as in `SecretRef`."""

    secret_name: pulumi.Input[str]
    key: str
    version: pulumi.Input[str] | None = None


@dataclass(frozen=True)
class Peer:
    """The other end of a connection.

    `locations` is plain, since it determines which rules exist. `endpoints` are the addresses to which the
    workloads connect: empty for a peer that only connects to the workloads, and for a `NodeAgent`, whose address
    is that of the pod's node. `advertised` are the addresses to which the peer redirects clients, such as Kafka
    brokers or the nodes of a Redis Cluster. `target_ports` are the ports of the peer's pods if they differ from
    those of `endpoints`, since policies apply to pods. `secret`, `properties` and the `certificates` by file name
    are what the containers need in addition. `depends_on` are resources that must exist before the workloads that
    connect to it are created or updated, such as a Job that prepares it.
    """

    locations: tuple[Location, ...]
    endpoints: pulumi.Input[Sequence[Endpoint]] = ()
    advertised: pulumi.Input[Sequence[Endpoint]] = ()
    target_ports: pulumi.Input[Sequence[PortRange]] | None = None
    secret: SecretRef | None = None
    properties: Mapping[str, pulumi.Input[PropertyValue]] = field(
        default_factory=dict[str, pulumi.Input[PropertyValue]]
    )
    depends_on: tuple[pulumi.Resource, ...] = ()
    certificates: Mapping[str, SecretFile] = field(default_factory=dict[str, SecretFile])


@dataclass(frozen=True)
class Absent:
    """A peer that a tenant does not use: its connections do not exist."""


@dataclass(frozen=True)
class Service:
    """A Service in the cluster to which a workload connects, and the labels of its pods.

    Omit `port` if a port parameter or the table sets it. `target_port` is the port of the pods, if it differs.
    """

    name: pulumi.Input[str]
    namespace: pulumi.Input[str]
    labels: Mapping[str, pulumi.Input[str]]
    port: pulumi.Input[int] | None = None
    target_port: pulumi.Input[int] | None = None


InboundPeer: TypeAlias = PodSelector | CidrBlocks | Peer | Absent
"""A peer that connects to the workloads."""

OutboundPeer: TypeAlias = Service | Peer | Absent
"""A peer to which the workloads connect: a Service of the cluster, or any peer with endpoints."""

NodePeer: TypeAlias = NodeAgent | Peer | Absent
"""An agent on each node."""


@dataclass(frozen=True)
class Peers:
    """Every peer of the table, except those with an argument of their own (databases, Kafka, Redis)."""

    consul: NodePeer
    gws_ixn_service: InboundPeer
    stat_server: InboundPeer
    config_server: OutboundPeer
    urs: InboundPeer
    prometheus: InboundPeer
    voice_rq: OutboundPeer
    voice_config: OutboundPeer
    pulse_stat_servers: OutboundPeer

    def by_party(self) -> dict[Party, Peer | Absent]:
        """Return the peers by their party in the table."""
        return {Party[name.upper()]: as_peer(value) for name, value in vars(self).items()}


def as_peer(value: InboundPeer | OutboundPeer | NodePeer) -> Peer | Absent:
    """Return a location or a Service as a peer."""
    match value:
        case PodSelector() | CidrBlocks() | NodeAgent():
            return Peer((value,))
        case Service(name, namespace, labels, port, target_port):
            host = apply(name, lambda known: apply(namespace, lambda where: f"{known}.{where}.svc"))
            ports = None if target_port is None else (PortRange(target_port),)
            return Peer((PodSelector(namespace, labels),), (Endpoint(host, port),), target_ports=ports)
        case _:
            return value
