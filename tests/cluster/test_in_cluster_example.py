"""Redis of examples/in-cluster on a real node: its manifests, with Debian's Redis as the content of its image."""

import json
import time
from collections.abc import Generator
from typing import Any

import pytest

from tests.cluster.redis_image import needs_redis, redis_image
from tests.compare import mocks
from tests.compare.cases import examples_of
from tests.unit.config.stacks import CHECKOUT
from tools.cluster.client import Object
from tools.cluster.images import write_archive, write_layout
from tools.cluster.node import Cluster
from tools.cluster.peer_manifests import namespace

pytestmark = needs_redis

REDIS, TENANTS = "redis", "in-cluster"
"""The namespaces; the second is the example's `ixn`, which other tests use."""

CLIENT, STRANGER = "client", "stranger"


def moved(value: Any, key: str = "") -> Any:
    """Return manifests with the tenants' namespace renamed, in selectors, too."""
    if isinstance(value, dict):
        return {name: moved(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [moved(each) for each in value]
    return TENANTS if (key, value) in {("namespace", "ixn"), ("kubernetes.io/metadata.name", "ixn")} else value


@pytest.fixture(scope="module")
def objects() -> dict[str, Any]:
    (case,) = (each for each in examples_of(CHECKOUT) if each.name == "in-cluster/dev")
    return {name: moved(each) for name, each in mocks.generate(CHECKOUT, case).items()}


@pytest.fixture(scope="module")
def server(
    objects: dict[str, Any], cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Cluster]:
    client, directory = cluster.client, tmp_path_factory.mktemp("redis")
    image = objects["StatefulSet/redis/redis"]["spec"]["template"]["spec"]["containers"][0]["image"]
    write_layout([redis_image(image)], directory / "layout")
    write_archive(directory / "layout", directory / "image.tar")
    cluster.import_images(directory / "image.tar")
    node_policies = [each for name, each in objects.items() if name.startswith("NetworkPolicy/ixn/ixn-node-100-")]
    labels = objects["Deployment/ixn/ixn-node-100"]["spec"]["template"]["metadata"]["labels"]
    client.apply(namespace(TENANTS, "restricted"), objects["Namespace//redis"])
    client.apply(
        *(each for name, each in objects.items() if "/redis/" in name),
        *node_policies,
        idle(CLIENT, image, labels),
        idle(STRANGER, image, {"app": "stranger"}),
    )
    try:
        client.run("rollout", "status", "statefulset/redis", f"--namespace={REDIS}", "--timeout=120s")
        client.run("wait", "--for=condition=Ready", "pod", "--all", f"--namespace={TENANTS}", "--timeout=120s")
        yield cluster
    finally:
        client.run("delete", "namespace", REDIS, TENANTS, "--timeout=60s")


def idle(name: str, image: str, labels: dict[str, str]) -> Object:
    """Return a pod with the client of the image, whose own server listens in the pod only."""
    container = {
        "name": "idle",
        "image": image,
        "command": ["redis-server", "--bind", "127.0.0.1", "--save", ""],
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    }
    security = {"runAsNonRoot": True, "runAsUser": 999, "seccompProfile": {"type": "RuntimeDefault"}}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": TENANTS, "labels": labels},
        "spec": {"securityContext": security, "containers": [container], "terminationGracePeriodSeconds": 1},
    }


def asked(cluster: Cluster, objects: dict[str, Any], pod: str, *commands: str) -> list[str]:
    """Log in from a pod with what the example's IXN Node reads, and return the answers to the commands."""
    secret = objects["Secret/ixn/redis-ors-secret"]["stringData"]["voice-redis-ors-stream"]
    login = json.loads(secret)
    at = ("redis-cli", "-h", "redis.redis.svc", "-p", str(login["port"]), "--no-auth-warning")
    lines = "\n".join([f"AUTH {login['password']}", *commands, ""])
    run = ("exec", "--stdin", pod, f"--namespace={TENANTS}", "--", *at)
    return cluster.client.run(*run, stdin=lines, seconds=30).split("\n")


def answered(cluster: Cluster, objects: dict[str, Any], pod: str, command: str) -> str:
    """Return the answer to a command once the login succeeds: policies take a moment to follow pods and labels."""
    for _ in range(20):
        login, *answers = asked(cluster, objects, pod, command)
        if login == "OK":
            return answers[0]
        time.sleep(0.5)
    return pytest.fail(f"{pod} does not reach Redis")


def test_a_pod_of_ixn_logs_in_with_the_password_of_its_secret(server: Cluster, objects: dict[str, Any]) -> None:
    assert answered(server, objects, CLIENT, "PING") == "PONG"


def test_redis_keeps_its_data_when_its_pod_is_replaced(server: Cluster, objects: dict[str, Any]) -> None:
    assert answered(server, objects, CLIENT, "SET stream kept") == "OK"
    server.client.run("delete", "pod", "redis-0", f"--namespace={REDIS}", "--timeout=60s")
    server.client.run("rollout", "status", "statefulset/redis", f"--namespace={REDIS}", "--timeout=120s")
    assert answered(server, objects, CLIENT, "GET stream") == "kept"


def test_another_pod_of_the_namespace_does_not_reach_redis(server: Cluster, objects: dict[str, Any]) -> None:
    answered(server, objects, CLIENT, "PING")
    assert asked(server, objects, STRANGER, "PING") == [""]

    server.client.run("label", "pod", STRANGER, "ixn-pulumi/policy=ixn-node-200", f"--namespace={TENANTS}")
    assert answered(server, objects, STRANGER, "PING") == "PONG"
