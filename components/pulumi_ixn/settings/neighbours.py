"""The neighbours: the other ends of the connections, which we do not run."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self, TypeAlias, TypeVar

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator

from pulumi_ixn.settings.fields import (
    Cidr,
    DnsLabel,
    DnsName,
    Host,
    HostMaybePort,
    HostPort,
    LabelKey,
    LabelValue,
    Model,
    ObjectName,
    Port,
    SecretKey,
    Switch,
    Text,
    Truth,
)
from pulumi_ixn.settings.validators import refusal
from pulumi_ixn.settings.words import connections_text
from pulumi_ixn.spec import Party, rows_of


class OneOf(Model):
    """A model of which exactly one key is given."""

    model_config: ClassVar[ConfigDict] = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        keys = [field.alias or name for name, field in type(self).model_fields.items()]
        # A key with nothing behind it would choose nothing, and yet count as the choice.
        if len(self.model_fields_set) != 1 or getattr(self, *self.model_fields_set) is None:
            raise refusal(f"needs exactly one of {', '.join(keys)}")
        return self


class PodsPlace(Model):
    """Pods in the cluster."""

    namespace: DnsLabel = Field(description="the namespace of the neighbour's pods")
    labels: dict[LabelKey, LabelValue] = Field(min_length=1, description="labels that select the pods")


class OwnNodePlace(Model):
    """The pod's own node."""

    cidrs: list[Cidr] = Field(min_length=1, description="the networks of the cluster's nodes")
    agent: PodsPlace = Field(description="the pods of the agent that listens on each node")


class Place(OneOf):
    """Where a neighbour is: exactly one of the keys."""

    pods: PodsPlace | None = Field(default=None, description="in the cluster, by namespace and labels")
    cidrs: list[Cidr] | None = Field(default=None, min_length=1, description="outside the cluster, by networks")
    own_node: OwnNodePlace | None = Field(default=None, description="on the pod's own node")
    fqdns: list[DnsName] | None = Field(
        default=None, min_length=1, description="outside the cluster, by DNS names (only what is dialled)"
    )


class Gone(Model):
    """A neighbour that this environment does without."""

    absent: Truth = Field(description="true: the tenant does without this neighbour")


class Caller(Model):
    """A neighbour that only calls us."""

    places: list[Place] = Field(min_length=1, description="where the neighbour is")


class OnNode(Caller):
    """A neighbour on the pod's own node: its address is the node's, its port a parameter."""

    @model_validator(mode="after")
    def _on_own_node(self) -> Self:
        if any(place.own_node is None for place in self.places):
            raise refusal("is dialled at the pod's own node: each of its places needs to be ownNode")
        return self


class PortsOfPods(Model):
    """Ports, from `first` to `last`, both included."""

    first: Port = Field(description="the port, or the first of several")
    last: Port | None = Field(default=None, description="the last port, where there are several")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last is not None and self.last < self.first:
            raise refusal(f"is no range of ports: {self.last} is below {self.first}")
        return self


class Called(Caller):
    """A neighbour that is dialled."""

    wire: list[PortsOfPods] | None = Field(
        default=None,
        min_length=1,
        description="the ports of its own pods, where a Service maps the dialled ones to others",
    )


class Hosted(Called):
    """A neighbour at one host, whose port is a parameter."""

    host: Host = Field(description="the host that is dialled; its port is a parameter")


class Dialled(Called):
    """A neighbour at one or more addresses."""

    endpoints: list[HostPort] = Field(min_length=1, description="the addresses that are dialled, 'host:port'")


class Pulse(Called):
    """The Pulse Stat Servers, which call us and are called."""

    endpoints: list[HostMaybePort] = Field(
        min_length=1, description="the addresses that are dialled, 'host' (at the table's port) or 'host:port'"
    )


class ExistingCredentials(Model):
    """A Secret of the namespace that somebody else writes."""

    name: ObjectName | None = Field(
        default=None, description="the Secret's name; the vendor's name where there is none"
    )
    username_key: SecretKey = Field(default="username", description="the key of the user's name in the Secret")
    password_key: SecretKey = Field(default="password", description="the key of the password in the Secret")
    version: Text | None = Field(
        default=None, description="any text; change it when the Secret changed, and pods roll"
    )


class ExistingSecret(Model):
    """A Secret of the namespace that somebody else writes, in the vendor's format."""

    name: ObjectName | None = Field(
        default=None, description="the Secret's name; the vendor's name where there is none"
    )
    version: Text | None = Field(
        default=None, description="any text; change it when the Secret changed, and pods roll"
    )


class User(Model):
    """A user of a database."""

    username: Text = Field(description="the user's name")


class Written(Model):
    """Nothing to say: what is written comes from the neighbour's other settings and `ixn:secrets`."""


class DatabaseSecret(OneOf):
    """Where the credentials of a database come from: exactly one of the keys."""

    existing: ExistingCredentials | None = Field(default=None, description="a Secret that exists")
    generated: User | None = Field(default=None, description="a Secret of ours, its password generated")
    written: User | None = Field(default=None, description="a Secret of ours, its password from ixn:secrets")


class SharedSecret(OneOf):
    """Where the Secret in the vendor's format comes from: exactly one of the keys."""

    existing: ExistingSecret | None = Field(default=None, description="a Secret that exists")
    written: Written | None = Field(default=None, description="a Secret of ours, written from these settings")


class Database(Called):
    """A PostgreSQL database that exists."""

    endpoint: HostPort = Field(description="the server's address, 'host:port'")
    name: Text = Field(description="the database's name")
    secret: DatabaseSecret = Field(
        default_factory=lambda: DatabaseSecret.model_validate({"existing": {}}),
        description="where the credentials come from",
    )


class Kafka(Dialled):
    """A Kafka that exists."""

    advertised: list[HostPort] = Field(
        default_factory=list[str], description="the brokers' addresses that clients are sent on to, 'host:port'"
    )
    secret: SharedSecret = Field(
        default_factory=lambda: SharedSecret.model_validate({"existing": {}}),
        description="where the Secret comes from",
    )


class Redis(Dialled):
    """A Redis that exists, with the ORS stream."""

    advertised: list[HostPort] = Field(
        default_factory=list[str], description="the nodes' addresses that clients are sent on to, 'host:port'"
    )
    secret: SharedSecret = Field(
        default_factory=lambda: SharedSecret.model_validate({"existing": {}}),
        description="where the Secret comes from",
    )
    cluster: Switch = Field(default=True, description="whether it is a Redis Cluster")
    tls: Switch = Field(default=False, description="whether it is dialled by TLS")
    reject_unauthorized: Switch = Field(default=False, description="refuse a certificate that cannot be verified")


_ABSENT, _PRESENT = BRANCHES = ("<absent>", "<present>")
"""pydantic's marks of the two branches, in the location of an error."""


def _presence(value: object) -> str:
    gone = isinstance(value, Gone) or (isinstance(value, dict) and "absent" in value)
    return _ABSENT if gone else _PRESENT


N = TypeVar("N")
Maybe: TypeAlias = Annotated[Annotated[Gone, Tag(_ABSENT)] | Annotated[N, Tag(_PRESENT)], Discriminator(_presence)]
"""A neighbour of a kind, or the word that there is none."""


def _neighbour(party: Party, alias: str | None = None) -> Any:
    what = f"{party} ({connections_text(rows_of(party))})"
    return Field(description=f"{what}: place it, or declare it absent with 'absent: true'", alias=alias)


class TenantNeighbours(Model):
    """The neighbours of a tenant."""

    consul: Maybe[OnNode] = _neighbour(Party.CONSUL)
    gws_ixn_service: Maybe[Caller] = _neighbour(Party.GWS_IXN_SERVICE)
    stat_server: Maybe[Caller] = _neighbour(Party.STAT_SERVER)
    config_server: Maybe[Hosted] = _neighbour(Party.CONFIG_SERVER)
    urs: Maybe[Caller] = _neighbour(Party.URS)
    prometheus: Maybe[Caller] = _neighbour(Party.PROMETHEUS)
    voice_rq: Maybe[Dialled] = _neighbour(Party.VOICE_RQ, alias="voiceRQ")
    voice_config: Maybe[Hosted] = _neighbour(Party.VOICE_CONFIG)
    ixn_db: Maybe[Database] = _neighbour(Party.IXN_DB, alias="ixnDB")
    ixn_node_db: Maybe[Database] = _neighbour(Party.IXN_NODE_DB, alias="ixnNodeDB")
    pulse_stat_servers: Maybe[Pulse] = _neighbour(Party.PULSE_STAT_SERVERS)


class SharedNeighbours(Model):
    """The neighbours that all tenants of the namespace share: the vendor's names of their Secrets are fixed."""

    kafka: Maybe[Kafka] = _neighbour(Party.KAFKA)
    ors_redis_stream: Maybe[Redis] = _neighbour(Party.ORS_REDIS_STREAM)


class AllNeighbours(TenantNeighbours, SharedNeighbours):
    """The neighbours, as the environment's part of the stack config gives them."""


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
"""Whom each key of `ixn:neighbours` is of."""

SHARED_NEIGHBOURS = frozenset(field.alias or name for name, field in SharedNeighbours.model_fields.items())
"""The keys of `ixn:neighbours` that a tenant cannot override."""
