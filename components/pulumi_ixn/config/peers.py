"""The peers of the stack config, and the library's peers that they become."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Self, TypeAlias, TypeVar

import pulumi
from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator

from pulumi_ixn import peers, services
from pulumi_ixn.components.database import database_peer
from pulumi_ixn.components.kafka import kafka_peer
from pulumi_ixn.components.redis import redis_peer
from pulumi_ixn.config.fields import (
    Cidr,
    DnsLabel,
    DnsName,
    Host,
    HostMaybePort,
    HostPort,
    LabelKey,
    LabelValue,
    Line,
    Model,
    ObjectName,
    OnlyTrue,
    Port,
    SecretKey,
    StrictBool,
    connections_text,
)
from pulumi_ixn.config.validators import invalid, obey
from pulumi_ixn.credentials import Credentials
from pulumi_ixn.peers import Endpoint, Peer, PodSelector, PortRange
from pulumi_ixn.spec import Party, rows_of
from pulumi_ixn.values import split_endpoint


class OneOf(Model):
    """A model of which exactly one key is given."""

    model_config: ClassVar[ConfigDict] = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        keys = [field.alias or name for name, field in type(self).model_fields.items()]
        # A key without a value would count as the choice and choose nothing.
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
    """A peer that this environment does without."""

    absent: OnlyTrue = Field(description="true: the tenant does without this peer")

    def args(self) -> peers.Absent:
        """Return the library's declaration."""
        return peers.Absent()


class InboundPeer(Model):
    """A peer that only connects to the workloads."""

    locations: list[Location] = Field(min_length=1, description="the locations of the peer")

    def args(self) -> Peer:
        """Return the library's peer."""
        return Peer(self.args_of_locations())

    def args_of_locations(self) -> tuple[peers.Location, ...]:
        """Return the library's locations."""
        return tuple(each.args() for each in self.locations)


class NodePeer(InboundPeer):
    """An agent on the pod's own node: its host is that of the node, its port a parameter."""

    @model_validator(mode="after")
    def _on_own_node(self) -> Self:
        if any(location.node_agent is None for location in self.locations):
            raise invalid("is reached on the pod's own node: each of its locations must be a nodeAgent")
        return self


class PortsOfPods(Model):
    """The ports from `first` to `last`, both included."""

    first: Port = Field(description="the port, or the first of several")
    last: Port | None = Field(default=None, description="the last port, where there are several")

    @model_validator(mode="after")
    def _rules(self) -> Self:
        obey(self.args())
        return self

    def args(self) -> PortRange:
        """Return the library's range."""
        return PortRange(self.first, self.last)


class OutboundPeer(InboundPeer):
    """A peer to which a workload connects."""

    target_ports: list[PortsOfPods] | None = Field(
        default=None,
        min_length=1,
        description="the ports of its pods, if a Service maps the ports of the connection to others",
    )

    def args_of_ports(self) -> tuple[PortRange, ...] | None:
        """Return the library's target ports."""
        if self.target_ports is None:
            return None
        return tuple(each.args() for each in self.target_ports)


class HostPeer(OutboundPeer):
    """A peer at one host, whose port is a parameter."""

    host: Host = Field(description="the host; its port is a parameter")

    def args(self) -> Peer:
        """Return the library's peer."""
        return Peer(self.args_of_locations(), (Endpoint(self.host),), target_ports=self.args_of_ports())


class EndpointsPeer(OutboundPeer):
    """A peer at one or more addresses."""

    endpoints: list[HostPort] = Field(min_length=1, description="the addresses, 'host:port'")

    def args(self) -> Peer:
        """Return the library's peer."""
        return Peer(self.args_of_locations(), endpoints_of(self.endpoints), target_ports=self.args_of_ports())


class PulsePeer(OutboundPeer):
    """The Pulse Stat Servers, which connect to IXN Server and to which it connects."""

    endpoints: list[HostMaybePort] = Field(
        min_length=1, description="the addresses, 'host' (with the table's port) or 'host:port'"
    )

    def args(self) -> Peer:
        """Return the library's peer."""
        return Peer(self.args_of_locations(), endpoints_of(self.endpoints), target_ports=self.args_of_ports())


class ExistingCredentials(Model):
    """An existing Secret in the tenants' namespace."""

    name: ObjectName | None = Field(default=None, description="the Secret's name; if omitted, the vendor's")
    username_key: SecretKey = Field(default="username", description="the key of the user's name in the Secret")
    password_key: SecretKey = Field(default="password", description="the key of the password in the Secret")
    version: Line | None = Field(
        default=None, description="any text; change it when the Secret changes, so that pods roll"
    )


class ExistingSecret(Model):
    """An existing Secret in the tenants' namespace, in the vendor's format."""

    name: ObjectName | None = Field(default=None, description="the Secret's name; if omitted, the vendor's")
    version: Line | None = Field(
        default=None, description="any text; change it when the Secret changes, so that pods roll"
    )


class Login(Model):
    """A user of a database."""

    username: Line = Field(description="the user's name")


class Managed(Model):
    """No keys: the content comes from the other settings of the peer and from `ixn:secrets`."""


class DatabaseSecret(OneOf):
    """The source of the credentials of a database: exactly one of the keys."""

    existing: ExistingCredentials | None = Field(default=None, description="a Secret that exists")
    generated: Login | None = Field(
        default=None, description="a Secret that this package creates, with a generated password"
    )
    managed: Login | None = Field(
        default=None, description="a Secret that this package creates, with the password from ixn:secrets"
    )

    def args(self, password: pulumi.Input[str] | None) -> Credentials:
        """Return the library's credentials."""
        if self.generated is not None:
            return Credentials.generated(self.generated.username)
        if self.managed is not None:
            return Credentials.managed(self.managed.username, password)
        existing = self.existing or ExistingCredentials.model_validate({})
        return Credentials.existing(
            existing.name,
            username_key=existing.username_key,
            password_key=existing.password_key,
            version=existing.version,
        )


class SharedSecret(OneOf):
    """The source of the Secret in the vendor's format: exactly one of the keys."""

    existing: ExistingSecret | None = Field(default=None, description="a Secret that exists")
    managed: Managed | None = Field(
        default=None, description="a Secret that this package creates from these settings"
    )

    def args(self, password: pulumi.Input[str] | None) -> Credentials:
        """Return the library's credentials."""
        if self.existing is None:
            return Credentials.managed(password=password)
        return Credentials.existing(self.existing.name, version=self.existing.version)


class DatabasePeer(OutboundPeer):
    """An existing PostgreSQL database."""

    endpoint: HostPort = Field(description="the server's address, 'host:port'")
    name: Line = Field(description="the database's name")
    secret: DatabaseSecret = Field(
        default_factory=lambda: DatabaseSecret.model_validate({"existing": {}}),
        description="the source of the credentials",
    )

    def args(self) -> Peer:
        """Return the library's peer, without its Secret."""
        return database_peer(self.service(None))

    def service(self, password: pulumi.Input[str] | None) -> services.Database:
        """Return the library's database."""
        endpoint, locations = endpoints_of([self.endpoint])[0], self.args_of_locations()
        return services.Database(endpoint, self.name, locations, self.secret.args(password), self.args_of_ports())


class KafkaPeer(EndpointsPeer):
    """An existing Kafka."""

    advertised: list[HostPort] = Field(
        default_factory=list[str],
        description="the brokers' addresses to which clients are redirected, 'host:port'",
    )
    secret: SharedSecret = Field(
        default_factory=lambda: SharedSecret.model_validate({"existing": {}}),
        description="the source of the Secret",
    )

    def args(self) -> Peer:
        """Return the library's peer, without its Secret."""
        return kafka_peer(self.service())

    def service(self) -> services.Kafka:
        """Return the library's Kafka."""
        return services.Kafka(
            endpoints_of(self.endpoints),
            self.args_of_locations(),
            self.secret.args(None),
            endpoints_of(self.advertised),
            self.args_of_ports(),
        )


class RedisPeer(EndpointsPeer):
    """An existing Redis with the ORS stream."""

    advertised: list[HostPort] = Field(
        default_factory=list[str], description="the nodes' addresses to which clients are redirected, 'host:port'"
    )
    secret: SharedSecret = Field(
        default_factory=lambda: SharedSecret.model_validate({"existing": {}}),
        description="the source of the Secret",
    )
    cluster: StrictBool = Field(default=True, description="whether it is a Redis Cluster")
    tls: StrictBool = Field(default=False, description="whether connections use TLS")
    reject_unauthorized: StrictBool = Field(
        default=False, description="whether certificates that cannot be verified are rejected"
    )

    def args(self) -> Peer:
        """Return the library's peer, without its Secret."""
        return redis_peer(self.service(None))

    def service(self, password: pulumi.Input[str] | None) -> services.Redis:
        """Return the library's Redis."""
        return services.Redis(
            endpoints_of(self.endpoints),
            self.args_of_locations(),
            self.secret.args(password),
            self.cluster,
            self.tls,
            self.reject_unauthorized,
            endpoints_of(self.advertised),
            self.args_of_ports(),
        )


_ABSENT, _PRESENT = BRANCHES = ("<absent>", "<present>")
"""pydantic's marks of the two branches, in the key_path of an error."""


def _presence(value: object) -> str:
    gone = isinstance(value, Absent) or (isinstance(value, dict) and "absent" in value)
    return _ABSENT if gone else _PRESENT


N = TypeVar("N")
OrAbsent: TypeAlias = Annotated[
    Annotated[Absent, Tag(_ABSENT)] | Annotated[N, Tag(_PRESENT)], Discriminator(_presence)
]
"""A peer of a kind, or the declaration that it is absent."""


def _peer(party: Party, alias: str | None = None) -> Any:
    what = f"{party} ({connections_text(rows_of(party))})"
    return Field(description=f"{what}: configure it, or declare it absent with 'absent: true'", alias=alias)


class TenantPeers(Model):
    """The peers of a tenant."""

    consul: OrAbsent[NodePeer] = _peer(Party.CONSUL)
    gws_ixn_service: OrAbsent[InboundPeer] = _peer(Party.GWS_IXN_SERVICE)
    stat_server: OrAbsent[InboundPeer] = _peer(Party.STAT_SERVER)
    config_server: OrAbsent[HostPeer] = _peer(Party.CONFIG_SERVER)
    urs: OrAbsent[InboundPeer] = _peer(Party.URS)
    prometheus: OrAbsent[InboundPeer] = _peer(Party.PROMETHEUS)
    voice_rq: OrAbsent[EndpointsPeer] = _peer(Party.VOICE_RQ, alias="voiceRQ")
    voice_config: OrAbsent[HostPeer] = _peer(Party.VOICE_CONFIG)
    ixn_db: OrAbsent[DatabasePeer] = _peer(Party.IXN_DB, alias="ixnDB")
    ixn_node_db: OrAbsent[DatabasePeer] = _peer(Party.IXN_NODE_DB, alias="ixnNodeDB")
    pulse_stat_servers: OrAbsent[PulsePeer] = _peer(Party.PULSE_STAT_SERVERS)

    def args(self) -> dict[Party, Peer | peers.Absent]:
        """Return the library's peers, without their Secrets."""
        return _args(self)


class SharedPeers(Model):
    """The peers that all tenants of the namespace share, since the names of their Secrets are fixed."""

    kafka: OrAbsent[KafkaPeer] = _peer(Party.KAFKA)
    ors_redis_stream: OrAbsent[RedisPeer] = _peer(Party.ORS_REDIS_STREAM)

    def args(self) -> dict[Party, Peer | peers.Absent]:
        """Return the library's peers, without their Secrets."""
        return _args(self)


class AllPeers(TenantPeers, SharedPeers):
    """The peers that are configured for all tenants."""


PARTIES: Mapping[str, Party] = {
    "consul": Party.CONSUL,
    "gwsIxnService": Party.GWS_IXN_SERVICE,
    "statServer": Party.STAT_SERVER,
    "configServer": Party.CONFIG_SERVER,
    "urs": Party.URS,
    "prometheus": Party.PROMETHEUS,
    "voiceRQ": Party.VOICE_RQ,
    "voiceConfig": Party.VOICE_CONFIG,
    "ixnDB": Party.IXN_DB,
    "ixnNodeDB": Party.IXN_NODE_DB,
    "pulseStatServers": Party.PULSE_STAT_SERVERS,
    "kafka": Party.KAFKA,
    "orsRedisStream": Party.ORS_REDIS_STREAM,
}
"""The party of each key of `ixn:peers`."""

SHARED_PEERS = frozenset(field.alias or name for name, field in SharedPeers.model_fields.items())
"""The keys of `ixn:peers` that a tenant cannot override."""


def endpoints_of(endpoints: Sequence[str]) -> tuple[Endpoint, ...]:
    """Return the library's endpoints of 'host:port' and 'host'."""
    return tuple(Endpoint(*split_endpoint(each)) for each in endpoints)


def _args(models: Model) -> dict[Party, Peer | peers.Absent]:
    by_name = {name: field.alias or name for name, field in type(models).model_fields.items()}
    return {PARTIES[alias]: getattr(models, name).args() for name, alias in by_name.items()}
