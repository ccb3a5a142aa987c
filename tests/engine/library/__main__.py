"""A platform team's program: whatever it can, it takes from resources that do not exist yet at the first preview.

It exports what came out of them as `values`, for the test to look for.
"""

from collections.abc import Sequence
from typing import TypeVar

import pulumi
import pulumi_kubernetes as k8s
import pulumi_random as random
from pulumi_ixn import (
    Absent,
    Cidrs,
    Database,
    DatabaseArgs,
    Endpoint,
    GivenPassword,
    Image,
    Ixn,
    IxnArgs,
    KafkaReference,
    KafkaReferenceArgs,
    Monitoring,
    Neighbour,
    OwnNode,
    Parameter,
    Party,
    PodArgs,
    Pods,
    PortRange,
    PostgreSql,
    RedisPassword,
    RedisReference,
    RedisReferenceArgs,
    Resources,
    Tenant,
)

T = TypeVar("T")

opts = pulumi.ResourceOptions(
    provider=k8s.Provider(
        "kubernetes",
        render_yaml_to_directory=f"build/rendered/{pulumi.get_stack()}",
        enable_secret_mutable=True,
        enable_config_map_mutable=True,
    )
)
values: dict[str, pulumi.Output[str]] = {}


def plain(name: str, length: int, *, digits: bool = False) -> pulumi.Output[str]:
    """Return lowercase letters or digits that are unknown until a resource exists, and no secret."""
    made = random.RandomPassword(name, length=length, special=False, upper=False, lower=not digits, numeric=digits)
    return pulumi.Output.unsecret(made.result)


def text(name: str) -> pulumi.Output[str]:
    """Return text that is unknown until a resource of ours exists."""
    made = plain(name, 12)
    values[name] = made
    return made


def port(name: str) -> pulumi.Output[int]:
    """Return a port, 10000 to 19999, that is unknown until a resource of ours exists."""
    made = plain(name, 4, digits=True)
    known = made.apply(lambda digits: 10000 + int(digits))
    values[name] = known.apply(str)
    return known


def network(name: str) -> pulumi.Output[str]:
    """Return a network that is unknown until a resource of ours exists."""
    made = plain(name, 2, digits=True)
    known = made.apply(lambda digits: f"10.{int(digits)}.0.0/16")
    values[name] = known
    return known


def password(name: str) -> pulumi.Output[str]:
    """Return a secret that is unknown until a resource of ours exists."""
    made = random.RandomPassword(name, length=24, special=False)
    values[name] = made.result
    return made.result


def at(name: str) -> Endpoint:
    """Return an address of which nothing is known."""
    return Endpoint(text(f"{name}-host"), port(f"{name}-port"))


def pods(name: str) -> tuple[Pods]:
    """Return the place of a neighbour whose namespace and label are unknown."""
    return (Pods(text(f"{name}-namespace"), {"app": text(f"{name}-app")}),)


def listed(name: str, *items: T) -> pulumi.Output[Sequence[T]]:
    """Return a list that is unknown as a whole."""
    return text(name).apply(lambda _: list(items))


def database(name: str) -> Database:
    """Return a database of which nothing but its kind is known."""
    return Database(
        name,
        DatabaseArgs(
            namespace,
            PostgreSql(at(name), text(f"{name}-name")),
            (Cidrs([network(f"{name}-cidr")]),),
            GivenPassword(f"{name}-secret", text(f"{name}-user"), password(f"{name}-password")),
            wire=listed(f"{name}-wires", PortRange(port(f"{name}-wire"))),
        ),
        opts,
    )


def pod(name: str) -> PodArgs:
    """Return the pods of a workload."""
    return PodArgs(
        Image(name, "1.0", "registry.example.com"),
        Resources({"cpu": "100m", "memory": "128Mi"}, {"cpu": "200m", "memory": "256Mi"}),
        image_pull_secrets=[text(f"{name}-pull-secret")],
        env={"TEAM": text(f"{name}-team")},
        labels={"team": text(f"{name}-label")},
        annotations={"team": text(f"{name}-annotation")},
    )


namespace = text("namespace")
tenant = Ixn(
    "tenant",
    IxnArgs(
        tenant=Tenant("9350e2fc-a1dd-4c65-8d40-1f75a2e080dd", "100"),
        namespace=namespace,
        server=pod("server"),
        node=pod("node"),
        vq_node=pod("vqnode"),
        database=database("db"),
        node_database=database("node-db"),
        kafka=KafkaReference(
            "kafka",
            KafkaReferenceArgs(
                namespace,
                bootstrap=listed("brokers", at("kafka-0"), at("kafka-1")),
                places=(Cidrs(network("kafka-cidr").apply(lambda known: [known])),),
                advertised=listed("listeners", at("kafka-2")),
            ),
            opts,
        ),
        redis=RedisReference(
            "redis",
            RedisReferenceArgs(namespace, [at("redis")], pods("redis"), RedisPassword(password("redis-password"))),
            opts,
        ),
        neighbours={
            Party.CONSUL: Neighbour((OwnNode([network("nodes-cidr")], *pods("consul")),)),
            Party.GWS_IXN_SERVICE: Neighbour(pods("gws")),
            Party.STAT_SERVER: Neighbour(pods("statserver")),
            Party.CONFIG_SERVER: Neighbour(pods("config"), [Endpoint(text("config-host"))]),
            Party.URS: Neighbour(pods("urs")),
            Party.PROMETHEUS: Neighbour(pods("prometheus")),
            Party.VOICE_RQ: Neighbour(pods("rq"), [at("rq")]),
            Party.VOICE_CONFIG: Neighbour(pods("voice-config"), [Endpoint(text("voice-config-host"))]),
            Party.PULSE_STAT_SERVERS: Absent(),
        },
        ports={parameter: port(parameter) for parameter in Parameter},
        monitoring=Monitoring(labels={"release": text("release")}),
    ),
    opts,
)

pulumi.export("connections", tenant.connections)
pulumi.export("values", pulumi.Output.secret(values))
