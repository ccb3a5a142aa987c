"""Each component used on its own, without an `Ixn`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import pulumi
import pulumi_kubernetes as k8s
import pytest
from pulumi_ixn import (
    NODE,
    SERVER,
    VQ_NODE,
    CidrBlocks,
    Credentials,
    Database,
    DatabaseReference,
    DatabaseReferenceArgs,
    Endpoint,
    Hpa,
    IxnNode,
    IxnServer,
    IxnServerArgs,
    IxnVqNode,
    Kafka,
    KafkaReference,
    KafkaReferenceArgs,
    Keda,
    Link,
    Peer,
    Redis,
    RedisReference,
    RedisReferenceArgs,
    WorkloadArgs,
    WorkloadId,
    resolve,
    workload_peers,
)
from pulumi_ixn.testing import UNKNOWN, Deployment, Made, deploy

from tests.unit.deployed import env
from tests.unit.registrations import Registered, Registrations, registrations
from tests.unit.samples import ALL_PEERS, NAMESPACE, TENANT, pod

__all__ = ["registrations"]


class Make(Protocol):
    def __call__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> pulumi.ComponentResource: ...


OUTSIDE = (CidrBlocks(("10.20.0.0/24",)),)


def links(workload: WorkloadId, namespace: str) -> tuple[Link, ...]:
    return resolve(workload_peers(TENANT, namespace), ALL_PEERS)[workload]


def workload(workload: WorkloadId, name: str) -> WorkloadArgs:
    namespace = f"{NAMESPACE}-{name}"
    return WorkloadArgs(TENANT, namespace, links(workload, namespace), pod())


def server(name: str, opts: pulumi.ResourceOptions | None = None) -> IxnServer:
    return IxnServer(
        name, IxnServerArgs(TENANT, f"{NAMESPACE}-{name}", links(SERVER, f"{NAMESPACE}-{name}"), pod()), opts
    )


def node(name: str, opts: pulumi.ResourceOptions | None = None) -> IxnNode:
    return IxnNode(name, workload(NODE, name), opts)


def vq_node(name: str, opts: pulumi.ResourceOptions | None = None) -> IxnVqNode:
    return IxnVqNode(name, workload(VQ_NODE, name), opts)


def scaled_node(name: str, opts: pulumi.ResourceOptions | None = None) -> IxnNode:
    pods = pod(replicas=None, autoscaling=Hpa(max_replicas=4))
    return IxnNode(name, replace(workload(NODE, name), pod=pods), opts)


def scaled_vq_node(name: str, opts: pulumi.ResourceOptions | None = None) -> IxnVqNode:
    keda = Keda(max_replicas=4, server_address="http://prometheus.monitoring.svc:9090", threshold=100)
    return IxnVqNode(name, replace(workload(VQ_NODE, name), pod=pod(replicas=None, autoscaling=keda)), opts)


def database(name: str, opts: pulumi.ResourceOptions | None = None) -> DatabaseReference:
    args = Database(Endpoint("pg.example.com", 5432), "ixn", OUTSIDE, Credentials.generated("ixn"))
    return DatabaseReference(name, DatabaseReferenceArgs(f"{NAMESPACE}-{name}", args, "db-secret"), opts)


def kafka(name: str, opts: pulumi.ResourceOptions | None = None) -> KafkaReference:
    args = Kafka((Endpoint("kafka.example.com", 9092),), OUTSIDE, Credentials.managed())
    return KafkaReference(name, KafkaReferenceArgs(f"{NAMESPACE}-{name}", args), opts)


def redis(name: str, opts: pulumi.ResourceOptions | None = None) -> RedisReference:
    args = Redis((Endpoint("redis.example.com", 6379),), OUTSIDE, Credentials.managed(password="hunter2"))
    return RedisReference(name, RedisReferenceArgs(f"{NAMESPACE}-{name}", args), opts)


@dataclass(frozen=True)
class Alone:
    """A component, its expected resources and its expected outputs."""

    make: Make
    token: str
    children: set[tuple[str, str]]
    outputs: dict[str, str]


ACCOUNT, SERVICE = "kubernetes:core/v1:ServiceAccount", "kubernetes:core/v1:Service"
SECRET, CONFIG_MAP = "kubernetes:core/v1:Secret", "kubernetes:core/v1:ConfigMap"
STATEFUL_SET, DEPLOYMENT = "kubernetes:apps/v1:StatefulSet", "kubernetes:apps/v1:Deployment"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
MONITOR = "kubernetes:monitoring.coreos.com/v1:ServiceMonitor"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
SCALED_OBJECT = "kubernetes:keda.sh/v1alpha1:ScaledObject"
PASSWORD = "random:index/randomPassword:RandomPassword"
AROUND = {(ACCOUNT, "one"), (SERVICE, "one"), (POLICY, "one"), (MONITOR, "one")}
OWN_SECRET = {(SECRET, "one"), (PASSWORD, "one-digest-key")}

COMPONENTS = [
    Alone(
        server,
        "IxnServer",
        {*AROUND, (STATEFUL_SET, "one"), (SERVICE, "one-headless")},
        {"service": f"ixn-server-{TENANT.id}"},
    ),
    Alone(
        node,
        "IxnNode",
        {*AROUND, (DEPLOYMENT, "one"), (CONFIG_MAP, "one-settings")},
        {"service": f"ixn-node-{TENANT.id}"},
    ),
    Alone(vq_node, "IxnVqNode", {*AROUND, (DEPLOYMENT, "one")}, {"service": f"ixn-vqnode-{TENANT.id}"}),
    Alone(
        scaled_node,
        "IxnNode",
        {*AROUND, (DEPLOYMENT, "one"), (CONFIG_MAP, "one-settings"), (BUDGET, "one"), (HPA, "one")},
        {"service": f"ixn-node-{TENANT.id}"},
    ),
    Alone(
        scaled_vq_node,
        "IxnVqNode",
        {*AROUND, (DEPLOYMENT, "one"), (BUDGET, "one"), (SCALED_OBJECT, "one")},
        {"service": f"ixn-vqnode-{TENANT.id}"},
    ),
    Alone(database, "Database", {*OWN_SECRET, (PASSWORD, "one-password")}, {"secretName": "db-secret"}),
    Alone(kafka, "KafkaReference", OWN_SECRET, {"secretName": "kafka-shared-secret"}),
    Alone(redis, "RedisReference", OWN_SECRET, {"secretName": "redis-ors-secret"}),
]


@pytest.fixture(params=COMPONENTS, ids=lambda each: each.token)
def alone(request: pytest.FixtureRequest) -> Alone:
    return request.param


def kinds_and_names(registered: Iterable[Made | Registered]) -> list[tuple[str, str]]:
    """Return types and names in order, without the digests of policies."""
    return sorted((each.type, re.sub("-[0-9a-f]{8}$", "", each.name)) for each in registered)


def made(alone: Alone, preview: bool, opts: pulumi.ResourceOptions | None = None) -> Deployment[None]:
    return deploy(lambda: alone.make("one", opts) and None, preview=preview)


def test_a_component_registers_itself_and_its_resources(alone: Alone, preview: bool) -> None:
    found = made(alone, preview)

    itself, *children = found.resources
    assert (itself.type, itself.name) == (f"ixn:index:{alone.token}", "one")
    assert kinds_and_names(children) == sorted(alone.children)


def test_every_object_is_in_the_component_namespace(alone: Alone, preview: bool) -> None:
    assert {each["metadata"]["namespace"] for each in made(alone, preview).manifests} == {f"{NAMESPACE}-one"}


def test_children_have_the_component_as_parent_and_name_prefix(
    alone: Alone, preview: bool, registrations: Registrations
) -> None:
    made(alone, preview)

    itself = registrations.one(f"ixn:index:{alone.token}", "one")
    assert kinds_and_names(registrations.children(itself)) == sorted(alone.children)
    assert all(each.name.startswith(itself.name) for each in registrations.children(itself))


def test_a_component_registers_its_outputs(alone: Alone, preview: bool, registrations: Registrations) -> None:
    made(alone, preview)

    itself = registrations.one(f"ixn:index:{alone.token}", "one")
    assert itself.outputs == alone.outputs


def test_a_component_accepts_a_parent(alone: Alone, preview: bool, registrations: Registrations) -> None:
    def program() -> None:
        parent = pulumi.ComponentResource("team:index:Group", "group")
        alone.make("one", pulumi.ResourceOptions(parent=parent))

    deploy(program, preview=preview)

    group = registrations.one("team:index:Group", "group")
    assert [(each.type, each.name) for each in registrations.children(group)] == [
        (f"ixn:index:{alone.token}", "one")
    ]


def test_protection_and_aliases_are_passed_on(alone: Alone, preview: bool, registrations: Registrations) -> None:
    opts = pulumi.ResourceOptions(protect=True, aliases=[pulumi.Alias(name="former")])
    made(alone, preview, opts)

    assert registrations.one(f"ixn:index:{alone.token}", "one").aliases == ("former",)
    assert all(each.protect for each in registrations.all.values())


def test_objects_use_the_provider_of_the_component(
    alone: Alone, preview: bool, registrations: Registrations
) -> None:
    def program() -> None:
        provider = k8s.Provider("elsewhere", context="elsewhere")
        alone.make("one", pulumi.ResourceOptions(provider=provider))

    deploy(program, preview=preview)

    elsewhere = registrations.one("pulumi:providers:kubernetes", "elsewhere").urn
    objects = [each for each in registrations.all.values() if each.type.startswith("kubernetes:")]
    assert objects
    assert all(each.provider.startswith(f"{elsewhere}::") for each in objects)
    others = [each for each in registrations.all.values() if each.type.startswith("random:")]
    assert not any(each.provider.startswith(elsewhere) for each in others)


def test_two_components_of_one_kind_coexist(alone: Alone, preview: bool) -> None:
    def program() -> None:
        alone.make("one")
        alone.make("two")

    found = deploy(program, preview=preview)
    names = [(each.type, each.name) for each in found.resources]

    assert len(set(names)) == len(names) == 2 * (1 + len(alone.children))


@pytest.mark.parametrize("make", [database, kafka, redis])
def test_a_workload_accepts_the_peer_output_of_another_component(make: Make, preview: bool) -> None:
    def program() -> Any:
        peer: Peer = getattr(make("one"), "peer")  # noqa: B009
        assert peer.secret
        return peer.secret.version

    version = deploy(program, preview=preview).result

    # A keyed digest, which a preview cannot know.
    assert version is None if preview else len(version) == 64


def test_a_standalone_server_gets_the_endpoint_of_its_database(preview: bool) -> None:
    found = deploy(lambda: server("one") and None, preview=preview)

    variables = env(found, "server")
    assert (variables["DB_HOST"], variables["DB_NAME"]) == ("postgres.infra.svc", "ixn")
    assert variables["DB_PASSWORD"] == {"secretKeyRef": {"name": "db", "key": "word"}}
    assert UNKNOWN not in str(found.manifests)
