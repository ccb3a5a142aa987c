"""The managed services as arguments of IXN in a namespace: their endpoints, locations and Secrets."""

from dataclasses import dataclass

import pulumi
from managed import ManagedKafka, ManagedPostgreSql, ManagedRedis, endpoints
from pulumi_ixn import (
    CidrBlocks,
    Credentials,
    Database,
    DatabaseReference,
    DatabaseReferenceArgs,
    Endpoint,
    Kafka,
    KafkaReference,
    KafkaReferenceArgs,
    PodSelector,
    Redis,
    RedisReference,
    RedisReferenceArgs,
    RemoteKey,
    SecretStore,
)

STORE = SecretStore("team")
"""The team's ClusterSecretStore, from which External Secrets makes the Secrets."""


@dataclass(frozen=True)
class TenantNamespace:
    """A namespace for tenants, with the Kafka cluster and the Redis that they share."""

    namespace: pulumi.Input[str]
    kafka: KafkaReference
    redis: RedisReference


def kafka_reference(
    name: str,
    namespace: pulumi.Input[str],
    kafka: ManagedKafka,
    opts: pulumi.ResourceOptions,
    credentials: Credentials | None = None,
) -> KafkaReference:
    """Return Kafka for the tenants of a namespace; create its Secret unless `credentials` name an existing one."""
    args = Kafka(endpoints(kafka.brokers), (CidrBlocks((kafka.subnet,)),), credentials or Credentials.managed())
    return KafkaReference(name, KafkaReferenceArgs(namespace, args), opts)


def redis_reference(
    name: str, namespace: pulumi.Input[str], redis: ManagedRedis, opts: pulumi.ResourceOptions
) -> RedisReference:
    """Return Redis for the tenants of a namespace, with its password from the secret store."""
    args = Redis(
        endpoints=(Endpoint(redis.address, redis.port),),
        locations=(PodSelector(redis.namespace, {"app.kubernetes.io/instance": redis.instance}),),
        credentials=Credentials.external(STORE, {"password": RemoteKey(redis.password)}),
        tls=True,
    )
    return RedisReference(name, RedisReferenceArgs(namespace, args), opts)


def database(
    name: str,
    namespace: pulumi.Input[str],
    server: ManagedPostgreSql,
    secret_name: str,
    opts: pulumi.ResourceOptions,
) -> DatabaseReference:
    """Return the database `name` on the managed server, with the server's login from the secret store."""
    login = {name: RemoteKey(server.login, name) for name in ("username", "password")}
    args = Database(
        endpoint=Endpoint(server.address, server.port),
        name=name,
        locations=(CidrBlocks((server.subnet,)),),
        credentials=Credentials.external(STORE, login),
    )
    return DatabaseReference(name, DatabaseReferenceArgs(namespace, args, secret_name), opts)
