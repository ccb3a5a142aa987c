"""Existing Secrets: without one, or without a key of one, pods do not start."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pulumi_ixn.config import peer_models, services
from pulumi_ixn.config.arguments import DATABASES, database_secret
from pulumi_ixn.config.issues import config_path
from pulumi_ixn.config.stack import Settings
from pulumi_ixn.live.cluster import Cluster
from pulumi_ixn.live.concurrent import concurrently
from pulumi_ixn.live.objects import KINDS, ObjectRef
from pulumi_ixn.live.problem import Problem
from pulumi_ixn.live.subject import Subject
from pulumi_ixn.services import KAFKA_KEY, KAFKA_SECRET, REDIS_KEY, REDIS_SECRET
from pulumi_ixn.spec import Party

_REGISTRY_KEYS = (".dockerconfigjson", ".dockercfg")
_PEERS: Mapping[Party, str] = {Party.IXN_DB: "ixnDB", Party.IXN_NODE_DB: "ixnNodeDB"}


@dataclass(frozen=True)
class ExistingSecret:
    """A Secret that must exist: each of `keys` or, for those of a registry, one of them. `setting` names it."""

    name: str
    keys: tuple[str, ...]
    setting: str
    any_key: bool = False

    def missing(self, present: Mapping[str, object]) -> list[str]:
        """Return the keys that are missing among those that are present."""
        missing = [key for key in self.keys if key not in present]
        return [] if self.any_key and len(missing) < len(self.keys) else missing


def existing_secrets(settings: Settings) -> Iterator[ExistingSecret]:
    """Yield each Secret that the settings expect to exist."""
    environment = settings.environment
    for name in environment.image.pull_secrets:
        yield ExistingSecret(name, _REGISTRY_KEYS, "ixn:image.pullSecrets", any_key=True)
    peers = environment.peers
    shared = (
        ("kafka", peers.kafka, KAFKA_SECRET, KAFKA_KEY),
        ("orsRedisStream", peers.ors_redis_stream, REDIS_SECRET, REDIS_KEY),
    )
    for alias, peer, default, key in shared:
        if not isinstance(peer, peer_models.Absent) and peer.secret.existing is not None:
            yield ExistingSecret(peer.secret.existing.name or default, (key,), f"ixn:peers.{alias}.secret")
    for tenant, own in settings.tenants.items():
        for party, field in DATABASES.items():
            database: peer_models.Absent | services.DatabasePeer = getattr(own.peers, field)
            if isinstance(database, peer_models.Absent) or (given := database.secret.existing) is None:
                continue
            setting = config_path(("tenants", tenant, "peers", _PEERS[party], "secret"))
            keys = (given.username_key, given.password_key)
            yield ExistingSecret(given.name or database_secret(party, own.sid), keys, setting)


def missing_secrets(cluster: Cluster, subject: Subject) -> Iterator[Problem]:
    """Yield a problem for each Secret that is missing or lacks a key.

    None while the namespace does not exist: nothing can be in it yet.
    """
    if cluster.get(ObjectRef(KINDS["Namespace"], None, subject.namespace).path) is None:
        return
    expected = list(existing_secrets(subject.settings))
    refs = {each.name: ObjectRef(KINDS["Secret"], subject.namespace, each.name) for each in expected}
    found = dict(zip(refs, concurrently(cluster.get, [ref.path for ref in refs.values()]), strict=True))
    for each in expected:
        where, secret = str(refs[each.name]), found[each.name]
        if secret is None:
            yield Problem(where, f"does not exist ({each.setting})")
        elif missing := each.missing(secret.get("data") or {}):
            keys = (" or " if each.any_key else ", ").join(map(repr, missing))
            yield Problem(where, f"lacks the key{'s' if len(missing) > 1 else ''} {keys} ({each.setting})")
