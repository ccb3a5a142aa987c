"""Guard of the Secrets that this package created: pods read them, so no setting deletes one by mistake."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pulumi_ixn.config import Settings
from pulumi_ixn.config.arguments import DATABASES, database_secret
from pulumi_ixn.config.peer_models import Absent
from pulumi_ixn.config.services import DatabasePeer, KafkaPeer, RedisPeer
from pulumi_ixn.live.cluster import Object
from pulumi_ixn.live.problem import Problem
from pulumi_ixn.ownership import PROTECTED, Owner
from pulumi_ixn.services import KAFKA_SECRET, REDIS_SECRET
from pulumi_ixn.spec import Party

_ALIASES = {Party.IXN_DB: "ixnDB", Party.IXN_NODE_DB: "ixnNodeDB"}


@dataclass(frozen=True)
class _Use:
    """The vendor's name of a Secret, and what the settings do with it.

    `written` says whether this package writes it, `existing` is the name of the Secret that is read instead.
    """

    name: str
    path: str
    unprotect: str
    written: bool
    existing: str | None


def secret_problems(secrets: Sequence[Object], settings: Settings, stack: str) -> Iterator[Problem]:
    """Yield a problem for each Secret of the stack, `organization/project/stack`, that the settings stop writing.

    `secrets` are those of the stack's namespace. A Secret may be given up if it is not protected and not in use.
    """
    own = {each["metadata"]["name"]: each for each in secrets if _is_own(each, stack)}
    namespace = settings.environment.namespace.name
    for use in _uses(settings):
        if use.name not in own or use.written:
            continue
        what = f"Secret {namespace}/{use.name}"
        if use.existing == use.name:
            yield Problem(
                f"{use.path}.secret.existing.name",
                f"{use.name!r} is the Secret that this stack created, and this update would delete it while pods "
                "read it. Create a Secret of another name, and set that one.",
            )
        elif own[use.name]["metadata"]["annotations"].get(PROTECTED) == "true":
            yield Problem(
                f"{use.path}.secret",
                f"{what} is protected, and this update would delete it. Restore the setting, set {use.unprotect} "
                "to false and run `pulumi up`; then change it.",
            )


def _is_own(secret: Object, stack: str) -> bool:
    owner = Owner.of(secret["metadata"])
    return owner is not None and owner.stack == stack


def _uses(settings: Settings) -> Iterator[_Use]:
    # Read the settings themselves: arguments of components have Outputs, which need an event loop.
    peers = settings.environment.peers
    yield _use(KAFKA_SECRET, "ixn:peers.kafka", "ixn:protect", peers.kafka)
    yield _use(REDIS_SECRET, "ixn:peers.orsRedisStream", "ixn:protect", peers.ors_redis_stream)
    for key, tenant in settings.tenants.items():
        for party, field in DATABASES.items():
            path, unprotect = f"ixn:tenants.{key}.peers.{_ALIASES[party]}", f"ixn:tenants.{key}.protect"
            yield _use(database_secret(party, tenant.sid), path, unprotect, getattr(tenant.peers, field))


def _use(name: str, path: str, unprotect: str, peer: Absent | KafkaPeer | RedisPeer | DatabasePeer) -> _Use:
    if isinstance(peer, Absent):
        return _Use(name, path, unprotect, written=False, existing=None)
    existing = peer.secret.existing
    return _Use(name, path, unprotect, existing is None, existing and (existing.name or name))
