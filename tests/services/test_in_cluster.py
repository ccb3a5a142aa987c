"""Kafka and Redis with the configuration of examples/in-cluster, and clients with what its pods read.

Ports and directories are changed on both sides: the test runs beside others, without a Service.
"""

import re
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pulumi_ixn.testing import Deployment, Made

from tests.compare import mocks
from tests.compare.cases import examples_of
from tests.services.kafka_servers import classpath_of_kafka, java
from tests.services.pods import mount
from tests.services.servers import accepts, client, environment, free_ports, needed, running, until
from tests.unit.config.stacks import CHECKOUT

HOSTS = ("kafka.kafka.svc", "redis.redis.svc")


@pytest.fixture(scope="module")
def example() -> Deployment[None]:
    (case,) = (each for each in examples_of(CHECKOUT) if each.name == "in-cluster/dev")
    objects = mocks.generate(CHECKOUT, case)
    return Deployment([Made("kubernetes:", name, each, secret=False) for name, each in objects.items()], None)


def container(example: Deployment[None], name: str, kind: str = "containers") -> Any:
    (found,) = example.manifest("StatefulSet", name)["spec"]["template"]["spec"][kind]
    return found


def pod(example: Deployment[None], workload: str, root: Path, changes: Mapping[str, str]) -> Path:
    """Mount what the pods of a workload read, with `changes` in its files."""
    mount(example, workload, {}, root)
    for file in (each for each in root.rglob("*") if each.is_file()):
        file.write_text(changed(file.read_text("utf-8"), changes), "utf-8")
    return root


def changed(text: str, changes: Mapping[str, str]) -> str:
    """Return the text with all changes made at once, since a new port may contain another old one."""
    return re.sub("|".join(map(re.escape, changes)), lambda found: changes[found[0]], text)


@contextmanager
def redis_server(text: str, port: int, directory: Path) -> Iterator[None]:
    needed("redis-server", "redis-server")
    config = directory / "redis.conf"
    config.write_text(f"{text}bind 127.0.0.1\n", "utf-8")
    with running(["redis-server", config], directory, environment(HOSTS, directory)):
        until(lambda: accepts(port), directory)
        yield


def test_a_client_of_redis_works_with_what_the_pod_reads(example: Deployment[None], tmp_path: Path) -> None:
    (port,) = free_ports(1)
    text = example.manifest("Secret", "redis")["stringData"]["redis.conf"]
    changes = {"6379": str(port), "dir /data": f"dir {tmp_path}"}
    root = pod(example, "node", tmp_path / "pod", changes)

    assert container(example, "redis")["command"] == ["redis-server", "/configuration/redis.conf"]
    with redis_server(changed(text, changes), port, tmp_path):
        answer = client("redis_client.py", root, environment(HOSTS, tmp_path))
        with socket.create_connection(("127.0.0.1", port), timeout=10) as stranger:
            stranger.sendall(b"PING\r\n")
            without_password = stranger.recv(100)

    assert answer.get("same") is True, answer
    assert without_password.startswith(b"-NOAUTH")


@contextmanager
def kafka_server(example: Deployment[None], text: str, port: int, directory: Path) -> Iterator[None]:
    """Run what the containers run, but for the scripts of the image, which call these classes."""
    command, config = java(classpath_of_kafka()), directory / "server.properties"
    config.write_text(text, "utf-8")
    script, *arguments = container(example, "kafka", "initContainers")["command"]
    assert script.endswith("/kafka-storage.sh")
    formatting = [str(config) if each == "/configuration/server.properties" else each for each in arguments]
    for _ in range(2):  # a restarted pod formats again
        subprocess.run(
            [*command, "kafka.tools.StorageTool", *formatting], check=True, stdout=subprocess.DEVNULL, timeout=120
        )
    with running([*command, "kafka.Kafka", config], directory, environment(HOSTS, directory)):
        until(lambda: accepts(port), directory)
        yield


def test_clients_of_kafka_work_with_what_the_pods_read(example: Deployment[None], tmp_path: Path) -> None:
    port, controller = free_ports(2)
    text = example.manifest("ConfigMap", "kafka")["data"]["server.properties"]
    address = {"://:9092": f"://127.0.0.1:{port}", "9092": str(port)}
    changes = {**address, "9093": str(controller), "/data/": f"{tmp_path}/"}

    with kafka_server(example, changed(text, changes), port, tmp_path):
        for workload in ("server", "vqnode"):
            root = pod(example, workload, tmp_path / workload, address)
            answer = client("kafka_client.py", root, environment(HOSTS, tmp_path))
            assert answer == {"same": True, "brokers": [f"kafka.kafka.svc:{port}/1"] * 2}
