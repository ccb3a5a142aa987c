"""A tenant with every peer located, for tests to change."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pulumi_ixn import (
    Absent,
    DatabaseReference,
    DatabaseReferenceArgs,
    Endpoint,
    ExistingSecret,
    Image,
    Ixn,
    IxnArgs,
    KafkaReference,
    KafkaReferenceArgs,
    NodeAgent,
    Party,
    Peer,
    PodArgs,
    PodSelector,
    PostgreSql,
    RedisReference,
    RedisReferenceArgs,
    ResourceRequirements,
    Tenant,
)

NAMESPACE = "ixn"
TENANT = Tenant("9350e2fc-a1dd-4c65-8d40-1f75a2e080dd", "100")
LOCATION = (PodSelector("infra", {"app": "peer"}),)
CALLER = Peer(LOCATION)
NO_PORTS: list[Any] = [0, 65536, True, "7120", 7120.5]


def host(name: str, port: int | None = None) -> Peer:
    return Peer(LOCATION, (Endpoint(name, port),))


PEERS: Mapping[Party, Peer | Absent] = {
    Party.CONSUL: Peer((NodeAgent(("10.0.0.0/16",), PodSelector("consul", {"app": "consul"})),)),
    Party.GWS_IXN_SERVICE: CALLER,
    Party.STAT_SERVER: CALLER,
    Party.CONFIG_SERVER: host("conf.voice.svc"),
    Party.URS: CALLER,
    Party.PROMETHEUS: CALLER,
    Party.VOICE_RQ: host("rq.voice.svc", 11000),
    Party.VOICE_CONFIG: host("voice-config.voice.svc"),
    Party.PULSE_STAT_SERVERS: host("pulse.pulse.svc"),
}


def pod(repository: str = "ixn/image", **changes: Any) -> PodArgs:
    amounts = ResourceRequirements({"cpu": "100m", "memory": "128Mi"}, {"cpu": "200m", "memory": "256Mi"})
    return replace(PodArgs(Image(repository, "1.0", "registry.example.com"), amounts), **changes)


def kafka(**changes: Any) -> KafkaReference:
    args = KafkaReferenceArgs(
        NAMESPACE, (Endpoint("kafka.infra.svc", 9092),), LOCATION, ExistingSecret("kafka-shared-secret")
    )
    return KafkaReference("kafka", replace(args, **changes))


def redis(**changes: Any) -> RedisReference:
    args = RedisReferenceArgs(
        NAMESPACE, (Endpoint("redis.infra.svc", 6379),), LOCATION, ExistingSecret("redis-ors-secret")
    )
    return RedisReference("redis", replace(args, **changes))


def database(name: str = "db", **changes: Any) -> DatabaseReference:
    engine = PostgreSql(Endpoint("postgres.infra.svc", 5432), "ixn")
    args = DatabaseReferenceArgs(NAMESPACE, engine, LOCATION, ExistingSecret(f"ixn-{name}-secret-100"))
    return DatabaseReference(name, replace(args, **changes))


def ixn_args(**changes: Any) -> IxnArgs:
    """Return the arguments of a tenant; components among them are made anew, so call this in a program."""
    fresh: dict[str, Any] = {
        "database": lambda: database("db"),
        "node_database": lambda: database("node-db"),
        "kafka": kafka,
        "redis": redis,
    }
    given = {name: changes[name] if name in changes else make() for name, make in fresh.items()}
    others = {name: value for name, value in changes.items() if name not in fresh}
    args = IxnArgs(TENANT, NAMESPACE, pod("ixn/server"), pod("ixn/node"), pod("ixn/vq"), **given, peers=PEERS)
    return replace(args, **others)


def ixn(name: str = "east", **changes: Any) -> Ixn:
    return Ixn(name, ixn_args(**changes))
