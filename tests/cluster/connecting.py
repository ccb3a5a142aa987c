"""Test the connectivity matrix on a cluster, in bulk: one command in each pod."""

import json
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.cluster.matrix import NODE, Connection, Pod, Target, targets_at, targets_of_pods, targets_of_services
from tools.cluster.client import Client
from tools.cluster.node import Cluster

NODE_PORTS = (6443, 10250)
"""Ports of the node that no workload may reach: the API server's and the kubelet's."""

SETTLING_SECONDS = 60
"""How long a change of policies or Services may take to become effective."""

TIMEOUT = "-timeout=700ms"
"""Ample for a handshake between pods on one node, and short because most packets are dropped silently."""


def running_pods(client: Client) -> list[Pod]:
    """Return the running pods, without terminating ones."""
    found = client.get("pods", "--all-namespaces", "--field-selector=status.phase=Running")["items"]
    return [
        _pod(each)
        for each in found
        # Bare pods are those of other tests.
        if "deletionTimestamp" not in each["metadata"] and "ownerReferences" in each["metadata"]
    ]


def _pod(found: Mapping[str, Any]) -> Pod:
    metadata, spec = found["metadata"], found["spec"]
    [owner] = metadata["ownerReferences"]
    name: str = owner["name"]
    if owner["kind"] == "ReplicaSet":
        name = name.rpartition("-")[0]
    ports = {
        port["containerPort"]
        for container in spec["containers"]
        for port in container.get("ports", ())
        if port.get("protocol") != "UDP"
    }
    return Pod(
        f"{metadata['namespace']}/{name}",
        metadata["name"],
        found["status"]["podIP"],
        tuple(sorted(ports)),
        spec.get("hostNetwork", False),
    )


def all_targets(
    cluster: Cluster, pods: Sequence[Pod], agent_ports: Iterable[int], outside: Mapping[str, Iterable[int]]
) -> list[Target]:
    """Return all listeners: pods, Services, the node, and addresses outside the cluster."""
    names = {pod.address: pod.workload for pod in pods if not pod.on_host} | {cluster.node_ip: NODE}
    client = cluster.client
    return [
        *targets_of_pods(pods),
        *targets_at(cluster.node_ip, NODE, [*NODE_PORTS, *agent_ports]),
        *(target for at, ports in outside.items() for target in targets_at(at, f"outside/{at}", ports)),
        *targets_of_services(
            client.get("services", "--all-namespaces")["items"],
            client.get("endpointslices", "--all-namespaces")["items"],
            names,
        ),
    ]


def connect_from_pod(client: Client, pod: Pod, targets: Sequence[Target]) -> set[Connection]:
    """Return the connections that succeed from a pod."""
    namespace = pod.workload.partition("/")[0]
    command = ["exec", "--stdin", pod.name, f"--namespace={namespace}", "--", "/double", "dial", TIMEOUT, "-"]
    return _connected(pod.workload, targets, client.run(*command, stdin=_lines(targets)))


def connect_from_node(cluster: Cluster, targets: Sequence[Target]) -> set[Connection]:
    """Return the connections that succeed from the node, which cannot resolve Service names."""
    output = cluster.exec("/run/cluster/bin/double", "dial", TIMEOUT, "-", stdin=_lines(targets).encode())
    return _connected(NODE, targets, output)


def connect_from_outside(double: Path, address: str, targets: Sequence[Target]) -> set[Connection]:
    """Return the connections that succeed from an address of the machine."""
    command = [double, "dial", TIMEOUT, f"-from={address}", "-"]
    ended = subprocess.run(command, input=_lines(targets), capture_output=True, text=True, check=True)
    return _connected(f"outside/{address}", targets, ended.stdout)


def _lines(targets: Sequence[Target]) -> str:
    return "".join(f"{each.address}\n" for each in targets)


def _connected(source: str, targets: Sequence[Target], output: str) -> set[Connection]:
    outcomes = [json.loads(line) for line in output.splitlines()]
    assert len(outcomes) == len(targets), output
    return {
        Connection(source, target.destination, target.port)
        for target, outcome in zip(targets, outcomes, strict=True)
        if outcome["result"] == "ok"
    }


def connect_all(
    client: Client, pods: Mapping[str, Pod], tested: Mapping[str, Sequence[Target]]
) -> set[Connection]:
    """Return the connections that succeed from the pods, several at a time."""
    with ThreadPoolExecutor(16) as threads:
        found = threads.map(lambda name: connect_from_pod(client, pods[name], tested[name]), tested)
        return {connection for each in found for connection in each}


def differences(expected: set[Connection], connected: set[Connection]) -> str:
    """Return missing and unexpected connections; nothing if there are none."""
    return "\n".join(
        [
            *(f"blocked:  {' '.join(map(str, each))}" for each in sorted(expected - connected)),
            *(f"connects: {' '.join(map(str, each))}" for each in sorted(connected - expected)),
        ]
    )


def attempts(seconds: float = SETTLING_SECONDS) -> Iterator[int]:
    """Yield attempt numbers while waiting for the cluster to settle; at least two."""
    deadline, number = time.monotonic() + seconds, 0
    while number < 2 or time.monotonic() < deadline:
        yield number
        number += 1
        time.sleep(0.3)
