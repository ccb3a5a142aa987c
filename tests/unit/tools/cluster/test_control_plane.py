"""A control plane alone: a real API server, fake nodes, no privilege."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from tools.cluster.client import Client
from tools.cluster.control_plane import Simulation, running_control_plane
from tools.cluster.record import CHECKOUT

DEPLOYMENT = ("create", "deployment", "web", "--image=example.com/web")

PROGRAM = """
import sys
from tools.cluster.control_plane import Simulation, running_control_plane
with running_control_plane(Simulation(nodes=0)) as client:
    print(client.kubeconfig, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def client() -> Generator[Client]:
    with running_control_plane(Simulation(nodes=2)) as running:
        yield running


def test_pods_of_a_deployment_become_ready_on_fake_nodes(client: Client) -> None:
    client.run(*DEPLOYMENT, "--replicas=3")
    client.run("rollout", "status", "deployment/web", "--timeout=60s")
    assert len(client.get("nodes")["items"]) == 2


def test_a_claim_without_a_storage_class_is_bound_when_a_pod_uses_it(client: Client) -> None:
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "logs", "namespace": "default"},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    }
    volume = {"name": "logs", "persistentVolumeClaim": {"claimName": "logs"}}
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "writer", "namespace": "default"},
        "spec": {"containers": [{"name": "writer", "image": "example.com/writer"}], "volumes": [volume]},
    }
    client.apply(claim, pod)
    client.run("wait", "--for=jsonpath={.status.phase}=Bound", "pvc/logs", "--timeout=60s")


def test_two_clusters_at_once_are_independent(client: Client) -> None:
    with running_control_plane(Simulation(nodes=0)) as other:
        other.run("create", "namespace", "other")
        assert "other" in other.run("get", "namespaces")
        assert "other" not in client.run("get", "namespaces")
    assert client.ready()


def test_credentials_of_one_cluster_are_invalid_for_another(client: Client, tmp_path: Path) -> None:
    foreign = tmp_path / "kubeconfig"
    with running_control_plane(Simulation(nodes=0)) as other:
        server = client.run("config", "view", "--output=jsonpath={.clusters[0].cluster.server}")
        foreign.write_bytes(other.kubeconfig.read_bytes())
        stranger = Client(foreign, other.kubectl)
        stranger.run("config", "set", "clusters.ixn-cluster.server", server)
        assert not stranger.ready()


def test_nothing_is_left_when_the_owning_process_is_killed() -> None:
    command = [sys.executable, "-c", PROGRAM]
    user = subprocess.Popen(command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert user.stdout
    directory = Path(user.stdout.readline().strip()).parent
    assert _processes_of(directory)
    os.kill(user.pid, signal.SIGKILL)
    user.communicate()
    deadline = time.monotonic() + 20
    while (directory.exists() or _processes_of(directory)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not directory.exists()
    assert not _processes_of(directory)


def _processes_of(directory: Path) -> list[str]:
    """Return the processes that work in the directory."""
    found: list[str] = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str((process / "cwd").readlink()).removesuffix(" (deleted)") == str(directory):
                found.append(process.name)
        except OSError:
            continue
    return found
