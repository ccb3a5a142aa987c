"""The upgrade of a stack that 0.1.0 deployed, by the steps of docs/upgrading.md."""

import os
import subprocess
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cluster.live_stack import SERVER, LiveStack
from tools.cluster.client import Client
from tools.cluster.control_plane import running_control_plane
from tools.cluster.environment import of_clients

KEPT = ("services", "deployments", "persistentvolumeclaims", "configmaps", "serviceaccounts")


@pytest.fixture
def stack(tmp_path: Path) -> Generator[LiveStack]:
    """The stack as 0.1.0 left it."""
    with running_control_plane() as client:
        live = LiveStack(client, tmp_path)
        live.restore_baseline()
        yield live


def test_the_upgrade_steps_replace_only_the_stateful_set_and_keep_its_claim(stack: LiveStack) -> None:
    before = stack.identities(*KEPT)
    old = stack.client.get("statefulset", SERVER, "--namespace=ixn")["metadata"]["uid"]
    addresses = {
        each["metadata"]["name"]: each["spec"]["clusterIP"]
        for each in stack.client.get("services", "--namespace=ixn")["items"]
    }

    stack.client.run("delete", "statefulset", SERVER, "--cascade=orphan", "--namespace=ixn")
    with watched(stack.client, "networkpolicies") as events:
        stack.project.up()

    assert_never_without_a_policy(events)
    new = stack.client.get("statefulset", SERVER, "--namespace=ixn")
    assert new["metadata"]["uid"] != old
    assert new["spec"]["podManagementPolicy"] == "Parallel"
    assert stack.identities(*KEPT) == before
    assert addresses == {
        each["metadata"]["name"]: each["spec"]["clusterIP"]
        for each in stack.client.get("services", "--namespace=ixn")["items"]
    }
    # Never two of it: the new StatefulSet takes over the old pod, and replaces it by one of the same name.
    pod = stack.client.get("pod", f"{SERVER}-0", "--namespace=ixn")
    assert [each["uid"] for each in pod["metadata"]["ownerReferences"]] == [new["metadata"]["uid"]]


@contextmanager
def watched(client: Client, kind: str) -> Generator[list[tuple[str, str]]]:
    """Yield a list that has the events of a kind's objects after the block: ADDED or DELETED, and the name."""
    command = [str(client.kubectl), f"--kubeconfig={client.kubeconfig}", "get", kind, "--namespace=ixn", "--watch"]
    shown = '--output=jsonpath={.type} {.object.metadata.name}{"\\n"}'
    process = subprocess.Popen(
        [*command, "--output-watch-events", shown], env=of_clients(os.environ), stdout=subprocess.PIPE, text=True
    )
    events: list[tuple[str, str]] = []
    try:
        yield events
    finally:
        time.sleep(1)  # for the last events
        process.terminate()
        lines = [line.split() for line in process.communicate()[0].splitlines()]
        events += [(each[0], each[1]) for each in lines if each[0] != "MODIFIED"]


def assert_never_without_a_policy(events: Sequence[tuple[str, str]]) -> None:
    """Assert that each workload's new policy existed before its old one was deleted."""
    for workload in ("ixn-server-100", "ixn-node-100", "ixn-vqnode-100"):
        own = [(event, name == workload) for event, name in events if name.startswith(workload)]
        assert own == [("ADDED", True), ("ADDED", False), ("DELETED", True)], events


def test_the_upgraded_stack_has_no_changes(stack: LiveStack) -> None:
    stack.client.run("delete", "statefulset", SERVER, "--cascade=orphan", "--namespace=ixn")
    stack.project.up()

    stack.project.pulumi("preview", "--expect-no-changes")
    stack.project.pulumi("refresh", "--yes", "--expect-no-changes")
