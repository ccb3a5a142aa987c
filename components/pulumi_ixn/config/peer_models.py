"""The models of peers, each with its conversion to the library's peer."""

from collections.abc import Sequence
from typing import ClassVar, Self

from pydantic import ConfigDict, Field, model_validator

from pulumi_ixn import peers
from pulumi_ixn.config.fields import (
    Cidr,
    DnsLabel,
    DnsName,
    Host,
    HostOptionalPort,
    HostPort,
    LabelKey,
    LabelValue,
    Model,
    OnlyTrue,
    Port,
)
from pulumi_ixn.config.validators import check_record, invalid
from pulumi_ixn.peers import Endpoint, Peer, PodSelector, PortRange
from pulumi_ixn.values import split_endpoint


class OneOf(Model):
    """A model with exactly one of its keys."""

    model_config: ClassVar[ConfigDict] = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        keys = [field.alias or name for name, field in type(self).model_fields.items()]
        # Pydantic counts a key with the value null as set.
        if len(self.model_fields_set) != 1 or getattr(self, *self.model_fields_set) is None:
            raise invalid(f"needs exactly one of {', '.join(keys)}")
        return self


class PodsLocation(Model):
    """Pods in the cluster."""

    namespace: DnsLabel = Field(description="the namespace of the peer's pods")
    labels: dict[LabelKey, LabelValue] = Field(min_length=1, description="labels that select the pods")

    def args(self) -> PodSelector:
        """Return the library's selector."""
        return PodSelector(self.namespace, self.labels)


class NodeAgentLocation(Model):
    """An agent on the pod's own node."""

    cidrs: list[Cidr] = Field(min_length=1, description="the networks of the cluster's nodes")
    pods: PodsLocation = Field(description="the pods of the agent")


class Location(OneOf):
    """The location of a peer: exactly one of the keys."""

    pods: PodsLocation | None = Field(default=None, description="in the cluster, by namespace and labels")
    cidrs: list[Cidr] | None = Field(default=None, min_length=1, description="outside the cluster, by networks")
    node_agent: NodeAgentLocation | None = Field(default=None, description="an agent on the pod's own node")
    dns_names: list[DnsName] | None = Field(
        default=None, min_length=1, description="outside the cluster, by DNS names (outgoing connections only)"
    )

    def args(self) -> peers.Location:
        """Return the library's location."""
        if self.pods is not None:
            return self.pods.args()
        if self.cidrs is not None:
            return peers.CidrBlocks(self.cidrs)
        if self.node_agent is not None:
            return peers.NodeAgent(self.node_agent.cidrs, self.node_agent.pods.args())
        return peers.DnsNames(self.dns_names or ())


class Absent(Model):
    """A peer that this environment does not use."""

    absent: OnlyTrue = Field(description="true: the tenant does not use this peer")

    def args(self) -> peers.Absent:
        """Return the library's Absent."""
        return peers.Absent()


class InboundPeer(Model):
    """A peer that only connects to the workloads."""

    locations: list[Location] = Field(min_length=1, description="the locations of the peer")

    def args(self) -> Peer:
        """Return the library's peer."""
        return Peer(self.location_args())

    def location_args(self) -> tuple[peers.Location, ...]:
        """Return the library's locations."""
        return tuple(each.args() for each in self.locations)


class NodePeer(InboundPeer):
    """An agent on the pod's own node: its host is that node, and its port is a parameter."""

    @model_validator(mode="after")
    def _on_own_node(self) -> Self:
        if any(location.node_agent is None for location in self.locations):
            raise invalid("runs on the pod's own node: each of its locations must be a nodeAgent")
        return self


class TargetPorts(Model):
    """The ports from `first` to `last`, inclusive."""

    first: Port = Field(description="the port, or the first port of a range")
    last: Port | None = Field(default=None, description="the last port of a range")

    @model_validator(mode="after")
    def _rules(self) -> Self:
        check_record(self.args())
        return self

    def args(self) -> PortRange:
        """Return the library's range."""
        return PortRange(self.first, self.last)


class OutboundPeer(InboundPeer):
    """A peer to which workloads connect."""

    target_ports: list[TargetPorts] | None = Field(
        default=None,
        min_length=1,
        description="the ports of its pods, if its Service maps the connection's ports to other ones",
    )

    def target_port_args(self) -> tuple[PortRange, ...] | None:
        """Return the library's target ports."""
        if self.target_ports is None:
            return None
        return tuple(each.args() for each in self.target_ports)


class HostPeer(OutboundPeer):
    """A peer at one host, whose port is a parameter."""

    host: Host = Field(description="the host; its port is a parameter")

    def args(self) -> Peer:
        """Return the library's peer."""
        return Peer(self.location_args(), (Endpoint(self.host),), target_ports=self.target_port_args())


class EndpointsPeer(OutboundPeer):
    """A peer at one or more addresses."""

    endpoints: list[HostPort] = Field(min_length=1, description="the addresses, 'host:port'")

    def args(self) -> Peer:
        """Return the library's peer."""
        return Peer(self.location_args(), endpoints_of(self.endpoints), target_ports=self.target_port_args())


class PulsePeer(OutboundPeer):
    """The Pulse Stat Servers: they connect to IXN Server, and it connects to them."""

    endpoints: list[HostOptionalPort] = Field(
        min_length=1, description="the addresses, 'host' (with the table's port) or 'host:port'"
    )

    def args(self) -> Peer:
        """Return the library's peer."""
        return Peer(self.location_args(), endpoints_of(self.endpoints), target_ports=self.target_port_args())


def endpoints_of(endpoints: Sequence[str]) -> tuple[Endpoint, ...]:
    """Return the library's endpoints of 'host:port' and 'host'."""
    return tuple(Endpoint(*split_endpoint(each)) for each in endpoints)
