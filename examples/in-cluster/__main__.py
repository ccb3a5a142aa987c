"""Everything in one cluster: two IXN tenants, their databases, and Kafka and Redis for development."""

from itertools import chain

import pulumi
import pulumi_kubernetes as k8s
from admission import pods_of
from development_kafka import development_kafka
from development_redis import development_redis
from other_products import PEERS
from postgres import database, postgres_cluster
from pulumi_ixn import (
    NODE,
    SERVER,
    VQ_NODE,
    Ixn,
    IxnArgs,
    KafkaReference,
    KafkaReferenceArgs,
    PodSelector,
    RedisReference,
    RedisReferenceArgs,
    Tenant,
    Versions,
    WorkloadId,
)

TENANTS = {
    "east": Tenant("9350e2fc-a1dd-4c65-8d40-1f75a2e080dd", "100"),
    "west": Tenant("7d0c1d38-2c1b-4bd5-a3ea-4b44f5ef9d6a", "200"),
}

config = pulumi.Config()
registry = config.require("registry")
provider = k8s.Provider(
    "kubernetes",
    context=config.require("context"),
    enable_secret_mutable=True,
    enable_config_map_mutable=True,
)
opts = pulumi.ResourceOptions(provider=provider)


def namespace(name: str) -> pulumi.Output[str]:
    """Create a namespace that admits restricted pods only."""
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    made = k8s.core.v1.Namespace(name, metadata={"name": name, "labels": labels}, opts=opts)
    return made.metadata.apply(lambda _: name)


def clients(*workloads: WorkloadId) -> list[PodSelector]:
    """Return the pods of these workloads of all tenants."""
    return pods_of([*TENANTS.values()], "ixn", workloads)


ixn = namespace("ixn")
cluster = postgres_cluster(namespace("databases"), clients(SERVER, NODE), opts)
kafka_server, kafka = development_kafka(namespace("kafka"), clients(SERVER, VQ_NODE), opts)
redis_server, redis = development_redis(namespace("redis"), clients(NODE), opts)

kafka_reference = KafkaReference("kafka", KafkaReferenceArgs(ixn, kafka), opts)
redis_reference = RedisReference("redis", RedisReferenceArgs(ixn, redis), opts)
after = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[kafka_server, redis_server]))


def deployed(name: str, tenant: Tenant) -> Ixn:
    """Deploy a tenant with two databases of its own, once Kafka and Redis are there."""
    args = IxnArgs(
        tenant=tenant,
        versions=Versions(server="100.0.007.0400", node="100.0.008.0501", vq_node="100.0.008.0201"),
        registry=registry,
        namespace=ixn,
        database=database(cluster, f"ixn-{tenant.sid}"),
        node_database=database(cluster, f"ixn-node-{tenant.sid}"),
        kafka=kafka_reference,
        redis=redis_reference,
        peers=PEERS,
    )
    return Ixn(name, args, after)


rows = pulumi.Output.all(*(deployed(name, tenant).connections for name, tenant in TENANTS.items()))
connections = rows.apply(lambda known: list(chain.from_iterable(known)))
pulumi.export("connections", connections)
