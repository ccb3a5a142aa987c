"""The managed services as IXN sees them from a namespace: what is dialled, where it is, whose Secret."""

from dataclasses import dataclass

import pulumi
from managed import ManagedKafka, ManagedPostgreSql, ManagedRedis, endpoints
from pulumi_ixn import (
    Cidrs,
    Database,
    DatabaseArgs,
    Endpoint,
    ExistingSecret,
    GivenPassword,
    KafkaReference,
    KafkaReferenceArgs,
    Pods,
    PostgreSql,
    RedisPassword,
    RedisReference,
    RedisReferenceArgs,
)


@dataclass(frozen=True)
class Place:
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
    args = KafkaReferenceArgs(namespace, endpoints(kafka.brokers), (Cidrs((kafka.subnet,)),), secret)
    return KafkaReference(name, args, opts)


def redis_reference(
    name: str, namespace: pulumi.Input[str], redis: ManagedRedis, opts: pulumi.ResourceOptions
) -> RedisReference:
    """Return Redis for the tenants of a namespace; its password goes into a Secret there."""
    args = RedisReferenceArgs(
        namespace=namespace,
        endpoints=(Endpoint(redis.address, redis.port),),
        places=(Pods(redis.namespace, {"app.kubernetes.io/instance": redis.instance}),),
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
) -> Database:
    """Return the database `name` on the managed server, with the server's credentials in a Secret."""
    args = DatabaseArgs(
        namespace=namespace,
        engine=PostgreSql(Endpoint(server.address, server.port), database=name),
        places=(Cidrs((server.subnet,)),),
        credentials=GivenPassword(secret_name, server.username, server.password),
    )
    return Database(name, args, opts)
