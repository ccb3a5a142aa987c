"""The other ends of the connections: where they are, what is dialled there, the ports of their own pods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pulumi

from pulumi_ixn.inputs import is_plain, lift
from pulumi_ixn.port_number import port_number

Texts: TypeAlias = pulumi.Input[Sequence[pulumi.Input[str]]]
"""A list that may be an Output, as may what is in it."""


@dataclass(frozen=True)
class Pods:
    """Pods in a namespace of the cluster, by their labels; ValueError without any, which would mean all pods."""

    namespace: pulumi.Input[str]
    labels: Mapping[str, pulumi.Input[str]]

    def __post_init__(self) -> None:
        """Refuse what selects every pod of the namespace."""
        if not self.labels:
            raise ValueError("pods are placed by at least one label: none would mean every pod of the namespace")


@dataclass(frozen=True)
class Cidrs:
    """Addresses outside the cluster, in CIDR notation, their host bits zero."""

    cidrs: Texts


@dataclass(frozen=True)
class OwnNode:
    """The pod's own node: the CIDRs of the nodes, and the pods of the agent that listens there."""

    cidrs: Texts
    agent: Pods


@dataclass(frozen=True)
class Fqdns:
    """Names outside the cluster, resolved by DNS."""

    names: Texts


Place: TypeAlias = Pods | Cidrs | OwnNode | Fqdns


@dataclass(frozen=True)
class Endpoint:
    """What is dialled. `port` (1 to 65535) is None where a parameter or the table gives it."""

    host: pulumi.Input[str]
    port: pulumi.Input[int] | None = None

    def __post_init__(self) -> None:
        """Refuse, inside `apply` too, what is no port: raises ValueError."""
        if self.port is not None:
            what = f"the port of {self.host}" if is_plain(self.host) else "an endpoint's port"
            object.__setattr__(self, "port", lift(self.port, lambda port: port_number(port, what)))


@dataclass(frozen=True)
class PortRange:
    """Ports from `first` to `last`, 1 to 65535, both included; None is `first` alone."""

    first: pulumi.Input[int]
    last: pulumi.Input[int] | None = None

    def __post_init__(self) -> None:
        """Refuse, inside `apply` too, what is no port: raises ValueError."""
        object.__setattr__(self, "first", lift(self.first, port_number))
        if self.last is not None:
            object.__setattr__(self, "last", lift(self.last, port_number))


@dataclass(frozen=True)
class Neighbour:
    """The other end of a connection.

    `places` says where it is; it is plain, since it decides what is created. `dial` lists what our side
    dials: empty for a neighbour that only calls us, and for one on the pod's own node (`OwnNode`), whose
    address is the node's. `advertised` lists what a client is sent on to once it has dialled: a Kafka's
    brokers, the nodes of a Redis Cluster. `wire` are the ports of the neighbour's own pods, where a Service
    maps the dialled ones to others: policies act on pods; None is those that are dialled or advertised.
    """

    places: tuple[Place, ...]
    dial: pulumi.Input[Sequence[Endpoint]] = ()
    advertised: pulumi.Input[Sequence[Endpoint]] = ()
    wire: pulumi.Input[Sequence[PortRange]] | None = None

    def __post_init__(self) -> None:
        """Refuse a neighbour without a place: raises ValueError."""
        if not self.places:
            raise ValueError("a neighbour needs at least one place: Pods, Cidrs, OwnNode or Fqdns")


@dataclass(frozen=True)
class Absent:
    """Declared in place of a neighbour that this tenant does without: its connections do not exist."""
