"""Rollouts on a real node: what a failing one says, what keeps serving, and the way back."""

from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest

from tests.cluster import connecting
from tests.cluster.connecting import running_pods
from tests.cluster.deployment import Change, Deployment, unchanged
from tests.cluster.matrix import Pod, targets_of_pods
from tests.engine.project import Run
from tools.cluster.client import Client
from tools.errors import UserError

TIMEOUT = 25
"""Seconds for a rollout: enough for a probe to fail, and for all pods to start."""

VQ_NODE, VQ_PORT = "ixn/ixn-vqnode-100", 7122
DIALING = "voice/urs"
"""A peer that connects to IXN Node VQ's port (connection 8)."""

CRASH = "IXN_METRICS_PORT"
"""A variable without which IXN Server's double ends."""


def limited(change: Change = unchanged) -> Change:
    """Return a change that also limits the time for a rollout."""

    def both(config: dict[str, Any]) -> None:
        config["ixn:rollout"] = {"timeout": TIMEOUT}
        change(config)

    return both


@pytest.fixture(scope="module")
def stack(deployment: Deployment) -> Deployment:
    """The stack `local`, rolled out."""
    deployment.deploy(limited())
    return deployment


def fail(stack: Deployment, change: Change) -> Run:
    """Run an `up` that must fail, with an error and no traceback."""
    stack.configure(limited(change))
    run = stack.project.run("up", "--yes", "--skip-preview", "--stack", stack.project.stack)
    assert run.code != 0, run
    assert "Traceback" not in run.output, run
    return run


def go_back(stack: Deployment) -> None:
    """Restore the previous settings with `up` alone."""
    stack.configure(limited())
    stack.project.up()
    stack.await_workloads()


def ready_pods(stack: Deployment) -> set[str]:
    """Return the names of the ready pods of IXN Node and IXN VQ Node."""
    found: set[str] = set()
    for each in stack.cluster.client.get("pods", "--namespace=ixn")["items"]:
        conditions = {condition["type"]: condition["status"] for condition in each["status"]["conditions"]}
        if conditions.get("Ready") == "True" and each["metadata"]["name"].startswith(("ixn-node", "ixn-vqnode")):
            found.add(each["metadata"]["name"])
    return found


def policies(stack: Deployment) -> set[str]:
    items = stack.cluster.client.get("networkpolicies", "--namespace=ixn")["items"]
    return {each["metadata"]["name"] for each in items}


def pod_of(client: Client, workload: str) -> Pod:
    return next(each for each in running_pods(client) if each.workload == workload)


def connects(client: Client, source: Pod, to: Pod, port: int) -> bool:
    targets = [each for each in targets_of_pods([to]) if each.port == port]
    return bool(connecting.connect_from_pod(client, source, targets))


@contextmanager
def dialing(client: Client, port: int) -> Generator[Future[int]]:
    """Dial the running pod of IXN VQ Node without a pause during the block, from a peer.

    The result is how often it was dialed. Raises AssertionError if a dial fails before the pod is terminated.
    """
    source, to, stop = pod_of(client, DIALING), pod_of(client, VQ_NODE), Event()

    def terminated() -> bool:
        try:
            return "deletionTimestamp" in client.get("pod", to.name, "--namespace=ixn")["metadata"]
        except UserError:
            return True

    def dial() -> int:
        dialed = 0
        while not stop.is_set():
            if not connects(client, source, to, port):
                assert terminated(), f"the pod was cut off after {dialed} dials"
                return dialed
            dialed += 1
        return dialed

    with ThreadPoolExecutor(1) as threads:
        future = threads.submit(dial)
        try:
            yield future
        finally:
            stop.set()


def test_each_failing_workload_is_reported_and_the_old_pods_keep_serving(stack: Deployment) -> None:
    client = stack.cluster.client
    pods, rules, old = ready_pods(stack), policies(stack), pod_of(client, VQ_NODE)

    def broken(config: dict[str, Any]) -> None:
        config["ixn:ixnService"]["ixnServer"]["env"] = {CRASH: ""}
        config["ixn:ixnService"]["ixnNode"]["image"]["tag"] = "0.0.0"
        config["ixn:ixnVQNode"] |= {"ports": {"default": 7127, "health": 13139}, "env": {"VQ_NODE_PORT": "7999"}}

    output = fail(stack, broken).output

    server, node, vq_node = (output.index(f"{name}-100: not rolled out") for name in WORKLOADS)
    assert "0.0.0" in output[node:]
    for part in ("container ixn-server: exited with code 1", f"{CRASH} is not set"):
        assert part in output[server:]
    for part in ("container ixn-vqnode: runs, but is not ready", "Unhealthy: Readiness probe failed"):
        assert part in output[vq_node:]
    assert ready_pods(stack) == pods
    assert rules < policies(stack)
    assert connects(client, pod_of(client, DIALING), old, VQ_PORT)

    go_back(stack)

    assert ready_pods(stack) == pods
    assert policies(stack) == rules


WORKLOADS = ("StatefulSet ixn/ixn-server", "Deployment ixn/ixn-node", "Deployment ixn/ixn-vqnode")

QUOTA = {
    "apiVersion": "v1",
    "kind": "ResourceQuota",
    "metadata": {"name": "small", "namespace": "ixn"},
    "spec": {"hard": {"requests.memory": "1Gi"}},
}
"""Room for all pods, with one more of IXN Node."""


@pytest.fixture
def quota(stack: Deployment) -> Generator[None]:
    stack.cluster.client.apply(QUOTA)
    yield
    stack.cluster.client.run("delete", "resourcequota", "small", "--namespace=ixn")


@pytest.mark.usefixtures("quota")
def test_an_exceeded_quota_and_an_unschedulable_pod_are_reported(stack: Deployment) -> None:
    pods = ready_pods(stack)

    def too_large(config: dict[str, Any]) -> None:
        # It would find the quota. In the meantime, other pods may have used it up.
        config["ixn:preflight"] = False
        config["ixn:ixnService"]["ixnServer"]["resources"]["requests"]["memory"] = "2Gi"
        config["ixn:ixnService"]["ixnNode"]["resources"] = {
            "requests": {"cpu": "1000", "memory": "128Mi"},
            "limits": {"cpu": "1000", "memory": "320Mi"},
        }

    output = fail(stack, too_large).output

    server, node = (output.index(f"{name}-100: not rolled out") for name in WORKLOADS[:2])
    assert "exceeded quota: small" in output[server:]
    assert "cannot be scheduled" in output[node:]
    assert "Insufficient cpu" in output[node:]
    assert ready_pods(stack) == pods

    go_back(stack)

    assert ready_pods(stack) == pods


def test_a_port_change_never_cuts_off_a_running_pod(stack: Deployment) -> None:
    client = stack.cluster.client
    rules = policies(stack)

    def other_port(config: dict[str, Any]) -> None:
        config["ixn:ixnVQNode"]["ports"]["default"] = 7127

    stack.configure(limited(other_port))
    with dialing(client, VQ_PORT) as dialed:
        stack.project.up()
        assert dialed.result() > 0
    stack.await_workloads()

    assert len(policies(stack)) == len(rules)
    assert len(policies(stack) - rules) == 1
    new = pod_of(client, VQ_NODE)
    source = pod_of(client, DIALING)
    assert any(connects(client, source, new, 7127) for _ in connecting.attempts(5))
