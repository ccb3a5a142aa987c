"""Guard of the Secrets that this package created: pods read them, so no setting deletes one by mistake."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pulumi_ixn.config import Settings
from pulumi_ixn.config.arguments import database_args, database_secret, kafka_args, redis_args
from pulumi_ixn.credentials import Credentials
from pulumi_ixn.live.cluster import Object
from pulumi_ixn.live.problem import Problem
from pulumi_ixn.ownership import PROTECTED, Owner
from pulumi_ixn.services import KAFKA_SECRET, REDIS_SECRET
from pulumi_ixn.spec import Party

_DATABASES = {Party.IXN_DB: "ixnDB", Party.IXN_NODE_DB: "ixnNodeDB"}


@dataclass(frozen=True)
class _Use:
    """The vendor's name of a Secret, and its credentials in the settings; None if the peer is absent."""

    name: str
    path: str
    credentials: Credentials | None
    unprotect: str


def secret_problems(secrets: Sequence[Object], settings: Settings, stack: str) -> Iterator[Problem]:
    """Yield a problem for each Secret of the stack, `organization/project/stack`, that the settings stop writing.

    `secrets` are those of the stack's namespace. A Secret may be given up if it is not protected and not in use.
    """
    own = {each["metadata"]["name"]: each for each in secrets if _is_own(each, stack)}
    namespace = settings.environment.namespace.name
    for use in _uses(settings):
        if use.name not in own or (use.credentials and use.credentials.kind != "existing"):
            continue
        what = f"Secret {namespace}/{use.name}"
        if use.credentials and (use.credentials.secret_name or use.name) == use.name:
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
    environment = settings.environment
    kafka, redis = kafka_args(environment, ""), redis_args(environment, "")
    yield _Use(KAFKA_SECRET, "ixn:peers.kafka", kafka and kafka.kafka.credentials, "ixn:protect")
    yield _Use(REDIS_SECRET, "ixn:peers.orsRedisStream", redis and redis.redis.credentials, "ixn:protect")
    for key, tenant in settings.tenants.items():
        for party, peer in _DATABASES.items():
            args = database_args(environment, key, tenant, party, "")
            yield _Use(
                database_secret(party, tenant.sid),
                f"ixn:tenants.{key}.peers.{peer}",
                args and args.database.credentials,
                f"ixn:tenants.{key}.protect",
            )
