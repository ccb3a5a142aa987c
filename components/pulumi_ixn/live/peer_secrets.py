"""The Secrets of a stack's peers, as its settings have them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from pulumi_ixn.config.arguments import DATABASES, database_secret
from pulumi_ixn.config.cloud_native_pg import CloudNativePgPeer
from pulumi_ixn.config.issues import KeyPath, config_path
from pulumi_ixn.config.peer_models import Absent
from pulumi_ixn.config.peers import TenantPeers
from pulumi_ixn.config.services import DatabasePeer, ExistingCredentials, KafkaPeer, RedisPeer
from pulumi_ixn.config.stack import Settings
from pulumi_ixn.rotation import turns
from pulumi_ixn.services import KAFKA_KEY, KAFKA_SECRET, REDIS_KEY, REDIS_SECRET


@dataclass(frozen=True)
class PeerSecret:
    """The Secret of a peer: `existing`, `written` by this package, `external`, or none if the peer is `absent`.

    For an `external` one, this package writes the ExternalSecret. `default` is the vendor's name, `name` that of
    the Secret that pods read. `keys` are what they read of an existing one. `path` is the peer's key in the
    settings; `tenant` is None if tenants share the peer. `rotation` is the one that generated the password of
    `login`, None if it was not generated; if the database is `provisioned`, a Job sets it.
    """

    default: str
    path: str
    tenant: str | None
    source: Literal["absent", "existing", "written", "external"]
    name: str
    keys: tuple[str, ...] = ()
    rotation: int | None = None
    login: str = ""
    provisioned: bool = False


def peer_secrets(settings: Settings) -> Iterator[PeerSecret]:
    """Yield the Secret of Kafka, of Redis, and of each tenant's databases.

    Reads the settings themselves: arguments of components have Outputs, which need an event loop.
    """
    peers = settings.environment.peers
    yield _secret(KAFKA_SECRET, ("peers", "kafka"), None, peers.kafka, KAFKA_KEY)
    yield _secret(REDIS_SECRET, ("peers", "orsRedisStream"), None, peers.ors_redis_stream, REDIS_KEY)
    for tenant, own in settings.tenants.items():
        for party, field in DATABASES.items():
            path = ("tenants", tenant, "peers", TenantPeers.model_fields[field].alias or field)
            secret = _secret(database_secret(party, own.sid), path, tenant, getattr(own.peers, field))
            yield from _in_turn(secret, getattr(own.peers, field))


def _in_turn(secret: PeerSecret, peer: Absent | DatabasePeer | CloudNativePgPeer) -> Iterator[PeerSecret]:
    """Yield the Secret of a database or, if its password is rotated, those of both logins."""
    if isinstance(peer, Absent) or (generated := peer.secret.generated) is None:
        yield secret
        return
    for turn in turns(generated.rotation):
        name = secret.name + turn.suffix
        login = generated.username + turn.suffix
        provisioned = isinstance(peer, DatabasePeer) and peer.provisioned is not None
        named = replace(secret, default=name, name=name)
        yield replace(named, rotation=turn.rotation, login=login, provisioned=provisioned)


def _secret(
    default: str,
    path: KeyPath,
    tenant: str | None,
    peer: Absent | KafkaPeer | RedisPeer | DatabasePeer | CloudNativePgPeer,
    key: str = "",
) -> PeerSecret:
    """Return the Secret of a peer; `key` is that of the vendor's format, which databases do not have."""
    if isinstance(peer, Absent):
        return PeerSecret(default, config_path(path), tenant, "absent", default)
    if (external := peer.secret.external) is not None:
        return PeerSecret(default, config_path(path), tenant, "external", external.name or default)
    existing = peer.secret.existing
    if existing is None:
        return PeerSecret(default, config_path(path), tenant, "written", default)
    login = isinstance(existing, ExistingCredentials)
    keys = (existing.username_key, existing.password_key) if login else (key,)
    return PeerSecret(default, config_path(path), tenant, "existing", existing.name or default, keys)
