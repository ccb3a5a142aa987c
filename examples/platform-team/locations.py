"""The managed services as IXN sees them from a namespace: what is dialled, where it is, whose Secret."""

from dataclasses import dataclass

import pulumi
from managed import ManagedKafka, ManagedPostgreSql, ManagedRedis, endpoints
from pulumi_ixn import (
    CidrBlocks,
    DatabaseReference,
    DatabaseReferenceArgs,
    Endpoint,
    ExistingSecret,
    KafkaReference,
    KafkaReferenceArgs,
    PodSelector,
    PostgreSql,
    ProvidedPassword,
    RedisPassword,
    RedisReference,
    RedisReferenceArgs,
)


@dataclass(frozen=True)
class Location:
    """A namespace for tenants, and the Kafka and the Redis that they share there."""

    namespace: pulumi.Input[str]
    kafka: KafkaReference
    redis: RedisReference


def kafka_reference(
    name: str,
    namespace: pulumi.Input[str],
    kafka: ManagedKafka,
    opts: pulumi.ResourceOptions,
    secret: ExistingSecret | None = None,
) -> KafkaReference:
    """Return Kafka for the tenants of a namespace; its Secret is written here, unless there is one."""
    args = KafkaReferenceArgs(namespace, endpoints(kafka.brokers), (CidrBlocks((kafka.subnet,)),), secret)
    return KafkaReference(name, args, opts)


def redis_reference(
    name: str, namespace: pulumi.Input[str], redis: ManagedRedis, opts: pulumi.ResourceOptions
) -> RedisReference:
    """Return Redis for the tenants of a namespace; its password goes into a Secret there."""
    args = RedisReferenceArgs(
        namespace=namespace,
        endpoints=(Endpoint(redis.address, redis.port),),
        locations=(PodSelector(redis.namespace, {"app.kubernetes.io/instance": redis.instance}),),
        credentials=RedisPassword(redis.password),
        tls=True,
    )
    return RedisReference(name, args, opts)


def database(
    name: str,
    namespace: pulumi.Input[str],
    server: ManagedPostgreSql,
    secret_name: str,
    opts: pulumi.ResourceOptions,
) -> DatabaseReference:
    """Return the database `name` on the managed server, with the server's credentials in a Secret."""
    args = DatabaseReferenceArgs(
        namespace=namespace,
        engine=PostgreSql(Endpoint(server.address, server.port), database=name),
        locations=(CidrBlocks((server.subnet,)),),
        credentials=ProvidedPassword(secret_name, server.username, server.password),
    )
    return DatabaseReference(name, args, opts)
