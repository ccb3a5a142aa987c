"""Rollouts on a real node: clients of IXN VQ Node notice none, and IXN Node finishes its outbound work."""

import json
import os
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cluster import connecting
from tests.cluster.connecting import running_pods
from tests.cluster.deployment import Change, Deployment
from tests.cluster.matrix import Pod
from tests.cluster.repeating import Dialed, dialing, service_address
from tools.cluster.client import Client
from tools.cluster.environment import of_clients

TENANT = "9350e2fc-a1dd-4c65-8d40-1f75a2e080dd"
VQ_NODE, VQ_SERVICE, VQ_PORT = "ixn/ixn-vqnode-100", f"ixn-vqnode-{TENANT}", 7122
SERVER_SERVICE, SERVER_PORT = f"ixn-server-{TENANT}", 7120
NODE = "ixn/ixn-node-100"
URS = "voice/urs"
"""A peer that connects to IXN VQ Node (connection 8)."""

REPLICAS = 2
WORK = "8s"
"""How long a piece of outbound work of IXN Node's double takes: longer than any other step of its end."""


def working(grace: int | None = None, *, hook: bool = True) -> Change:
    """Return a change to two pods of IXN VQ Node, and an IXN Node whose work takes a while."""

    def change(config: dict[str, Any]) -> None:
        config["ixn:ixnVQNode"]["replicas"] = REPLICAS
        if not hook:
            config["ixn:ixnVQNode"]["container"] = {"lifecycle": {"preStop": {"sleep": {"seconds": 0}}}}
        node = config["ixn:ixnService"]["ixnNode"]
        node["env"] = {"DOUBLE_WORK": WORK}
        if grace is not None:
            node["pod"] = {"terminationGracePeriodSeconds": grace}

    return change


@pytest.fixture(scope="module")
def stack(deployment: Deployment) -> Deployment:
    """The stack `local` with a new client.

    Clients that dial a Service before kube-proxy knows it leave entries without a destination in the node's
    connection tracking. For two minutes, each dial that happens to reuse the port of one fails. A new pod has no
    such entries.
    """
    deployment.deploy(working())
    namespace, _, name = URS.partition("/")
    client = deployment.cluster.client
    client.run("rollout", "restart", f"deployment/{name}", f"--namespace={namespace}")
    client.run("rollout", "status", f"deployment/{name}", f"--namespace={namespace}", "--timeout=60s")
    return deployment


def pods_of(client: Client, workload: str) -> list[Pod]:
    return [each for each in running_pods(client) if each.workload == workload]


def restart(client: Client, controller: str) -> None:
    client.run("rollout", "restart", controller, "--namespace=ixn")
    client.run("rollout", "status", controller, "--namespace=ixn", "--timeout=120s")


def await_only_new_pods(client: Client, name: str, count: int) -> None:
    """Wait until the pods of previous revisions are gone."""
    selector = f"--selector=app.kubernetes.io/name={name}"
    for _ in connecting.attempts():
        if len(client.get("pods", "--namespace=ixn", selector)["items"]) == count:
            return
    raise AssertionError(f"pods of previous revisions of {name} remain")


def dial_during(stack: Deployment, rollouts: int) -> Dialed:
    """Roll IXN VQ Node out several times; return what a client that dials its Service has found."""
    client = stack.cluster.client
    (source, *_) = pods_of(client, URS)

    with dialing(client, source, service_address(client, VQ_SERVICE, VQ_PORT)) as found:
        for _ in range(rollouts):
            restart(client, "deployment/ixn-vqnode-100")
        await_only_new_pods(client, "ixn-vqnode", REPLICAS)

    return found


@pytest.mark.parametrize("rollouts", [2, pytest.param(10, marks=pytest.mark.full)])
def test_no_dial_of_a_client_fails_during_rollouts_of_vq_node(stack: Deployment, rollouts: int) -> None:
    found = dial_during(stack, rollouts)

    print(f"{rollouts} rollouts: {found.dials} dials in {found.seconds:.0f} s, at most {found.pause:.0f} ms apart")
    assert found.failures == []
    assert found.dials > 100 * rollouts
    assert len(found.pods) >= REPLICAS * (rollouts + 1)


@pytest.mark.full
def test_dials_fail_where_pods_end_before_their_clients_know(stack: Deployment) -> None:
    stack.deploy(working(hook=False))
    try:
        found = dial_during(stack, 3)
    finally:
        stack.deploy(working())

    print(f"without the hook, 3 rollouts: {found.dials} dials, {len(found.failures)} failed")
    assert "refused" in {each["result"] for each in found.failures}


def log_of(client: Client, pod: Pod) -> Iterator[dict[str, Any]]:
    """Yield the further lines of a pod's log, until its container has ended."""
    command = [
        client.kubectl,
        f"--kubeconfig={client.kubeconfig}",
        "logs",
        "--follow",
        "--tail=0",
        pod.name,
        "--namespace=ixn",
    ]
    with subprocess.Popen(command, env=of_clients(os.environ), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            yield json.loads(line)


def end_of_work(stack: Deployment) -> list[dict[str, Any]]:
    """Delete the pod of IXN Node while it works; return what it says from then on."""
    client = stack.cluster.client
    (pod,) = pods_of(client, NODE)
    log = log_of(client, pod)
    # What it has dialed is a part of a piece of work, which takes longer.
    for line in log:
        if line["msg"] == "dial":
            break
    client.run("delete", "pod", pod.name, "--namespace=ixn", "--wait=false")
    said = [line for line in log if line["msg"] != "dial"]
    client.run("rollout", "status", "deployment/ixn-node-100", "--namespace=ixn", "--timeout=120s")
    await_only_new_pods(client, "ixn-node", 1)
    return said


def test_node_finishes_its_outbound_work_and_begins_none(stack: Deployment) -> None:
    said = end_of_work(stack)

    assert [line["msg"] for line in said] == ["stopping", "stopped"]
    assert said[0]["begun"] == said[0]["finished"] + 1
    assert said[1]["begun"] == said[1]["finished"] == said[0]["begun"]


@pytest.mark.full
def test_a_grace_period_that_is_too_short_for_the_work_is_noticed(stack: Deployment) -> None:
    stack.deploy(working(grace=1))
    try:
        assert [line["msg"] for line in end_of_work(stack)] in (["stopping"], [])
    finally:
        stack.deploy(working())


@pytest.mark.full
def test_the_only_server_is_back_after_a_restart_and_the_gap_is_measured(stack: Deployment) -> None:
    client = stack.cluster.client
    (source,) = pods_of(client, NODE)

    with dialing(client, source, service_address(client, SERVER_SERVICE, SERVER_PORT)) as found:
        restart(client, "statefulset/ixn-server-100")

    print(f"IXN Server: no dial succeeded for {found.gap / 1000:.1f} s")
    assert found.failures
    assert found.pods
