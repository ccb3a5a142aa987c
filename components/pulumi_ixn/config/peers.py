"""The peers of the stack config, by key."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import Discriminator, Field, Tag

from pulumi_ixn import peers
from pulumi_ixn.config.cloud_native_pg import CloudNativePgPeer
from pulumi_ixn.config.fields import (
    Model,
    connections_text,
)
from pulumi_ixn.config.peer_models import Absent, EndpointsPeer, HostPeer, InboundPeer, NodePeer, PulsePeer
from pulumi_ixn.config.services import DatabasePeer, KafkaPeer, RedisPeer
from pulumi_ixn.peers import Peer
from pulumi_ixn.spec import Party, rows_of

_ABSENT, _PRESENT, _IN_CLUSTER = BRANCHES = ("<absent>", "<present>", "<in cluster>")
"""pydantic's markers for the branches in the path of an error."""


def _presence(value: object) -> str:
    absent = isinstance(value, Absent) or (isinstance(value, dict) and "absent" in value)
    return _ABSENT if absent else _PRESENT


def _kind_of_database(value: object) -> str:
    presence = _presence(value)
    in_cluster = isinstance(value, CloudNativePgPeer) or (isinstance(value, dict) and "cloudNativePG" in value)
    return _IN_CLUSTER if in_cluster and presence == _PRESENT else presence


N = TypeVar("N")
OrAbsent: TypeAlias = Annotated[
    Annotated[Absent, Tag(_ABSENT)] | Annotated[N, Tag(_PRESENT)], Discriminator(_presence)
]
"""A peer, or the declaration that it is absent."""

AnyDatabase: TypeAlias = Annotated[
    Annotated[Absent, Tag(_ABSENT)]
    | Annotated[DatabasePeer, Tag(_PRESENT)]
    | Annotated[CloudNativePgPeer, Tag(_IN_CLUSTER)],
    Discriminator(_kind_of_database),
]
"""A database at an address or in a Cluster of CloudNativePG, or the declaration that it is absent."""


def _peer(party: Party, alias: str | None = None) -> Any:  # noqa: ANN401 (as Field: the default of any type)
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
    ixn_db: AnyDatabase = _peer(Party.IXN_DB, alias="ixnDB")
    ixn_node_db: AnyDatabase = _peer(Party.IXN_NODE_DB, alias="ixnNodeDB")
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


def _args(models: Model) -> dict[Party, Peer | peers.Absent]:
    by_name = {name: field.alias or name for name, field in type(models).model_fields.items()}
    return {PARTIES[alias]: getattr(models, name).args() for name, alias in by_name.items()}
