"""The node itself: its features, and its isolation from the rest of the machine."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tools.cluster import node
from tools.cluster.cgroups import ROOT as CGROUPS
from tools.cluster.client import Object
from tools.cluster.node import Cluster
from tools.cluster.node_files import DOUBLE_IMAGE
from tools.cluster.node_init import CLUSTER
from tools.cluster.record import CHECKOUT
from tools.errors import UserError

PORT = 7000
LABELS = {"app": "listener"}

DIRECTORIES = ("/var/lib/kubelet", "/var/lib/cni", "/var/lib/containerd", "/run/containerd", "/run/netns")
TUNABLES = (
    "kernel.panic",
    "kernel.panic_on_oops",
    "net.ipv4.ip_forward",
    "net.netfilter.nf_conntrack_max",
    "vm.overcommit_memory",
    "vm.panic_on_oom",
)


def pod(name: str, namespace: str, **spec: object) -> Object:
    """Return a pod of the double that listens on PORT."""
    container = {
        "name": "double",
        "image": DOUBLE_IMAGE,
        "imagePullPolicy": "Never",
        "env": [{"name": "LISTEN", "value": str(PORT)}],
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": LABELS},
        "spec": {"containers": [container], "terminationGracePeriodSeconds": 0, **spec},
    }


def service(name: str, namespace: str) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"selector": LABELS, "ports": [{"port": 80, "targetPort": PORT}]},
    }


def closed(namespace: str) -> Object:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "closed", "namespace": namespace},
        "spec": {"podSelector": {"matchLabels": LABELS}, "policyTypes": ["Ingress"]},
    }


@pytest.fixture
def namespace(cluster: Cluster, request: pytest.FixtureRequest) -> str:
    name = request.node.name.replace("_", "-")[:63].rstrip("-")
    cluster.client.run("create", "namespace", name)
    return name


@pytest.fixture
def listener(cluster: Cluster, namespace: str) -> str:
    """Return the address of a pod that listens on PORT."""
    cluster.client.apply(pod("listener", namespace), pod("caller", namespace), service("web", namespace))
    cluster.client.run(
        "wait", "--for=condition=Ready", "pod", "--all", f"--namespace={namespace}", "--timeout=60s"
    )
    return cluster.client.get("pod", "listener", f"--namespace={namespace}")["status"]["podIP"]


def connects(address: str, port: int = PORT) -> bool:
    try:
        socket.create_connection((address, port), timeout=2).close()
    except OSError:
        return False
    return True


def eventually(done: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def test_the_node_is_ready(cluster: Cluster) -> None:
    [found] = cluster.client.get("nodes")["items"]
    conditions = {each["type"]: each["status"] for each in found["status"]["conditions"]}
    addresses = {each["type"]: each["address"] for each in found["status"]["addresses"]}
    assert conditions["Ready"] == "True"
    assert addresses["InternalIP"] == cluster.node_ip


def test_a_pod_connects_to_another_by_service_name(cluster: Cluster, namespace: str, listener: str) -> None:
    endpoints = ("exec", "caller", f"--namespace={namespace}", "--", "/double", "dial", f"web.{namespace}.svc:80")
    assert eventually(lambda: '"result":"ok"' in cluster.client.run(*endpoints))


def test_a_host_process_connects_to_a_service(cluster: Cluster, namespace: str, listener: str) -> None:
    address = cluster.client.get("service", "web", f"--namespace={namespace}")["spec"]["clusterIP"]
    double = str(CLUSTER / "bin" / "double")
    assert eventually(lambda: '"result":"ok"' in cluster.exec(double, "dial", f"{address}:80"))


def test_a_policy_blocks_a_port_until_it_is_removed(cluster: Cluster, namespace: str, listener: str) -> None:
    assert connects(listener)
    cluster.client.apply(closed(namespace))
    assert eventually(lambda: not connects(listener))
    cluster.client.run("delete", "networkpolicy", "closed", f"--namespace={namespace}")
    assert eventually(lambda: connects(listener))


def command_line(process: Path) -> bytes:
    """Return the command line of a process; nothing if it has ended."""
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


def test_policies_are_enforced_after_their_controller_restarts(
    cluster: Cluster, namespace: str, listener: str
) -> None:
    [controller] = [each for each in processes_beside(cluster.pid) if b"bin/kube-router" in command_line(each)]
    os.kill(int(controller.name), signal.SIGKILL)
    cluster.client.apply(closed(namespace))
    assert eventually(lambda: not connects(listener))


def test_a_claimed_volume_belongs_to_the_fs_group_of_the_pod(cluster: Cluster, namespace: str) -> None:
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "logs", "namespace": namespace},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    }
    writer = pod(
        "writer",
        namespace,
        securityContext={"runAsUser": 500, "runAsGroup": 500, "fsGroup": 500},
        volumes=[{"name": "logs", "persistentVolumeClaim": {"claimName": "logs"}}],
    )
    writer["spec"]["containers"][0]["volumeMounts"] = [{"name": "logs", "mountPath": "/logs"}]
    cluster.client.apply(claim, writer)
    cluster.client.run("wait", "--for=condition=Ready", "pod/writer", f"--namespace={namespace}", "--timeout=60s")
    volume = cluster.client.get("pvc", "logs", f"--namespace={namespace}")["spec"]["volumeName"]
    path = cluster.client.get("pv", volume)["spec"]["local"]["path"]
    assert cluster.exec("stat", "--format=%g", path).strip() == "500"


def test_nothing_in_the_node_reaches_outside_the_machine(cluster: Cluster) -> None:
    routes = [route["dst"] for route in json.loads(cluster.exec("ip", "-json", "-4", "route", "show"))]
    assert routes
    assert all(route.startswith(("198.18.", "198.19.", "10.96.")) for route in routes)


def test_two_nodes_are_independent(cluster: Cluster, namespace: str, listener: str) -> None:
    with node.running_node(f"o{os.getpid()}") as other:
        assert other.node_ip != cluster.node_ip
        assert namespace not in other.client.run("get", "namespaces")
        assert connects(listener)
    assert connects(listener)


def test_a_second_up_reports_a_running_cluster_and_down_leaves_nothing(able: None) -> None:
    name = f"u{os.getpid()}"
    before = machine(name)
    try:
        assert f"cluster {name} is up after" in command("up", name)
        assert f"cluster {name} is up already" in command("up", name)
        running = node.find(name)
        assert running
        processes = processes_beside(running.pid)
        assert len(processes) > 10
        assert machine(name) != before
    finally:
        command("down", name)
    assert machine(name) == before
    assert not [each for each in processes if each.exists()]
    assert not (CHECKOUT / "build" / "cluster" / name).exists()
    command("down", name)


def test_a_node_that_fails_to_start_leaves_only_its_logs(able: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(cluster: Cluster) -> None:
        raise UserError("no DNS")

    name = f"f{os.getpid()}"
    directory = CHECKOUT / "build" / "cluster" / name
    logs = directory.with_name(f"{name}-logs")
    before = machine(name)
    monkeypatch.setattr(node, "install_addons", fail)
    with pytest.raises(UserError, match="no DNS"):
        node.start(name)
    assert machine(name) == before
    assert not directory.exists()
    assert (logs / "init").exists()
    shutil.rmtree(logs)


def command(verb: str, name: str) -> str:
    """Run `make cluster` or `make cluster-down`."""
    ended = subprocess.run(
        [sys.executable, "-m", "tools.cluster", verb, "--name", name],
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stderr


def machine(name: str) -> dict[str, list[str]]:
    """Return the machine state that a node could change, without the state of other clusters."""
    seen = {
        "addresses": _lines("ip", "-oneline", "-4", "address", "show"),
        "interfaces": _lines("ip", "-brief", "link", "show"),
        "routes": _lines("ip", "route", "show", "table", "all"),
        "iptables": _lines("iptables-save"),
        "nftables": _lines("nft", "list", "tables"),
        "ipsets": _lines("ipset", "list", "-name"),
        # Version 1 has them below its hierarchies.
        "cgroups": sorted(str(each) for depth in ("*/", "*/*/") for each in CGROUPS.glob(depth)),
        "directories": [each for each in DIRECTORIES if Path(each).exists()],
        "mounts": Path("/proc/self/mounts").read_text().splitlines(),
        "tunables": _lines("sysctl", *TUNABLES),
    }
    others = re.compile(rf"ixn-(?!{name}\b)|^#")
    # Numbers of interfaces count up.
    return {
        what: [re.sub(r"^\d+: ", "", line) for line in lines if not others.search(line)]
        for what, lines in seen.items()
    }


def processes_beside(pid: int) -> list[Path]:
    """Return the processes, as directories of /proc, in the namespace that `pid` is the first process of."""
    namespace = Path(f"/proc/{pid}/ns/pid").readlink()
    found: list[Path] = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "ns" / "pid").readlink() == namespace:
                found.append(process)
    return found


def _lines(*words: str) -> list[str]:
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
