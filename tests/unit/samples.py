"""A tenant with every peer located, for tests to change."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pulumi
from pulumi_ixn import (
    Absent,
    Database,
    DatabaseReference,
    DatabaseReferenceArgs,
    Endpoint,
    Image,
    Ixn,
    IxnArgs,
    Kafka,
    KafkaReference,
    KafkaReferenceArgs,
    NodeAgent,
    Party,
    Peer,
    Peers,
    PodArgs,
    PodSelector,
    Redis,
    RedisReference,
    RedisReferenceArgs,
    ResourceRequirements,
    SecretRef,
    Tenant,
    Versions,
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


LOGIN = {"username": "user", "password": "word"}
ALL_PEERS: Mapping[Party, Peer | Absent] = {
    **PEERS,
    Party.IXN_DB: replace(
        host("postgres.infra.svc", 5432),
        secret=SecretRef("db", LOGIN),
        properties={"engine": "postgre", "name": "ixn"},
    ),
    Party.IXN_NODE_DB: replace(
        host("postgres.infra.svc", 5432), secret=SecretRef("node-db", LOGIN), properties={"name": "ixn"}
    ),
    Party.KAFKA: replace(host("kafka.infra.svc", 9092), secret=SecretRef("kafka-shared-secret")),
    Party.ORS_REDIS_STREAM: replace(
        host("redis.infra.svc", 6379),
        secret=SecretRef("redis-ors-secret"),
        properties={"cluster": "true", "tls": False, "rejectUnauthorized": False},
    ),
}
"""Those of `resolve`: with the services, which have arguments of their own in `Ixn`."""

NO_SERVICES: Mapping[str, Any] = dict.fromkeys(("kafka", "redis", "database", "node_database"), Absent())
NO_PEERS: Mapping[str, Any] = {**NO_SERVICES, "peers": dict.fromkeys(PEERS, Absent())}
"""Arguments of a tenant whose peers are all absent."""


def pod(repository: str = "ixn/image", **changes: Any) -> PodArgs:
    amounts = ResourceRequirements({"cpu": "100m", "memory": "128Mi"}, {"cpu": "200m", "memory": "256Mi"})
    return replace(PodArgs(Image(repository, "1.0", "registry.example.com"), amounts), **changes)


def kafka_args(namespace: pulumi.Input[str] = NAMESPACE, **changes: Any) -> KafkaReferenceArgs:
    return KafkaReferenceArgs(namespace, replace(Kafka((Endpoint("kafka.infra.svc", 9092),), LOCATION), **changes))


def kafka(name: str = "kafka", opts: pulumi.ResourceOptions | None = None, **changes: Any) -> KafkaReference:
    return KafkaReference(name, kafka_args(**changes), opts)


def redis(
    name: str = "redis",
    namespace: pulumi.Input[str] = NAMESPACE,
    opts: pulumi.ResourceOptions | None = None,
    **changes: Any,
) -> RedisReference:
    args = Redis((Endpoint("redis.infra.svc", 6379),), LOCATION)
    return RedisReference(name, RedisReferenceArgs(namespace, replace(args, **changes)), opts)


def database(
    reference: str = "db",
    namespace: pulumi.Input[str] = NAMESPACE,
    opts: pulumi.ResourceOptions | None = None,
    **changes: Any,
) -> DatabaseReference:
    args = Database(Endpoint("postgres.infra.svc", 5432), "ixn", LOCATION)
    return DatabaseReference(
        reference, DatabaseReferenceArgs(namespace, replace(args, **changes), f"ixn-{reference}-secret-100"), opts
    )


def as_peers(peers: Mapping[Party, Peer | Absent]) -> Peers:
    return Peers(**{party.name.lower(): peer for party, peer in peers.items()})


def ixn_args(**changes: Any) -> IxnArgs:
    """Return the arguments of a tenant; components among them are created again, so call this in a program."""
    fresh: dict[str, Any] = {
        "database": lambda: database("db"),
        "node_database": lambda: database("node-db"),
        "kafka": kafka,
        "redis": redis,
    }
    given = {name: changes[name] if name in changes else make() for name, make in fresh.items()}
    others = {name: value for name, value in changes.items() if name not in fresh}
    if isinstance(others.get("peers"), Mapping):
        others["peers"] = as_peers(others["peers"])
    args = IxnArgs(
        tenant=TENANT,
        versions=Versions("1.0", "1.0", "1.0"),
        namespace=NAMESPACE,
        server=pod("ixn/server"),
        node=pod("ixn/node"),
        vq_node=pod("ixn/vq"),
        peers=as_peers(PEERS),
        **given,
    )
    return replace(args, **others)


def ixn(name: str = "east", **changes: Any) -> Ixn:
    return Ixn(name, ixn_args(**changes))
