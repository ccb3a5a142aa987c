"""A platform team's program that takes most inputs from resources that the first preview does not know.

It exports their resolved values as `values` for the test.
"""

from collections.abc import Sequence
from typing import TypeVar

import pulumi
import pulumi_kubernetes as k8s
import pulumi_random as random
from pulumi_ixn import (
    Absent,
    CidrBlocks,
    Credentials,
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
    Monitoring,
    NodeAgent,
    Parameter,
    Peer,
    Peers,
    PodArgs,
    PodSelector,
    PortRange,
    Redis,
    RedisReference,
    RedisReferenceArgs,
    ResourceRequirements,
    Tenant,
    Versions,
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
    """Return a string that is unknown until a resource of this program exists."""
    made = plain(name, 12)
    values[name] = made
    return made


def port(name: str) -> pulumi.Output[int]:
    """Return a port, 10000 to 19999, that is unknown until a resource of this program exists."""
    made = plain(name, 4, digits=True)
    known = made.apply(lambda digits: 10000 + int(digits))
    values[name] = known.apply(str)
    return known


def network(name: str) -> pulumi.Output[str]:
    """Return a network that is unknown until a resource of this program exists."""
    made = plain(name, 2, digits=True)
    known = made.apply(lambda digits: f"10.{int(digits)}.0.0/16")
    values[name] = known
    return known


def at(name: str) -> Endpoint:
    """Return an unknown address."""
    return Endpoint(text(f"{name}-host"), port(f"{name}-port"))


def pods(name: str) -> tuple[PodSelector]:
    """Return the location of a peer whose namespace and label are unknown."""
    return (PodSelector(text(f"{name}-namespace"), {"app": text(f"{name}-app")}),)


def listed(name: str, *items: T) -> pulumi.Output[Sequence[T]]:
    """Return a list that is unknown as a whole."""
    return text(name).apply(lambda _: list(items))


def database(name: str) -> DatabaseReference:
    """Return a database of which only the kind is known."""
    return DatabaseReference(
        name,
        DatabaseReferenceArgs(
            namespace,
            Database(
                at(name),
                text(f"{name}-name"),
                (CidrBlocks([network(f"{name}-cidr")]),),
                Credentials.existing(text(f"{name}-secret"), version=text(f"{name}-version")),
                target_ports=listed(f"{name}-target-ports", PortRange(port(f"{name}-target-port"))),
            ),
        ),
        opts,
    )


def pod(name: str) -> PodArgs:
    """Return the pods of a workload."""
    return PodArgs(
        Image(name, "1.0", "registry.example.com"),
        ResourceRequirements({"cpu": "100m", "memory": "128Mi"}, {"cpu": "200m", "memory": "256Mi"}),
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
        versions=Versions("1.0", "1.0", "1.0"),
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
                Kafka(
                    listed("brokers", at("kafka-0"), at("kafka-1")),
                    (CidrBlocks(network("kafka-cidr").apply(lambda known: [known])),),
                    Credentials.managed(),
                    listed("listeners", at("kafka-2")),
                ),
            ),
            opts,
        ),
        redis=RedisReference(
            "redis",
            RedisReferenceArgs(
                namespace,
                Redis([at("redis")], pods("redis"), Credentials.existing(text("redis-secret"))),
            ),
            opts,
        ),
        peers=Peers(
            consul=Peer((NodeAgent([network("nodes-cidr")], *pods("consul")),)),
            gws_ixn_service=Peer(pods("gws")),
            stat_server=Peer(pods("statserver")),
            config_server=Peer(pods("config"), [Endpoint(text("config-host"))]),
            urs=Peer(pods("urs")),
            prometheus=Peer(pods("prometheus")),
            voice_rq=Peer(pods("rq"), [at("rq")]),
            voice_config=Peer(pods("voice-config"), [Endpoint(text("voice-config-host"))]),
            pulse_stat_servers=Absent(),
        ),
        ports={parameter: port(parameter) for parameter in Parameter},
        monitoring=Monitoring(labels={"release": text("release")}),
    ),
    opts,
)

pulumi.export("connections", tenant.connections)
pulumi.export("values", pulumi.Output.secret(values))
