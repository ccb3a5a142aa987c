"""The upgrade of a stack that 0.1.0 deployed, by the steps of docs/upgrading.md."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.cluster.live_stack import SERVER, LiveStack
from tools.cluster.control_plane import running_control_plane

KEPT = ("services", "deployments", "pods", "persistentvolumeclaims", "configmaps", "serviceaccounts")


@pytest.fixture
def stack(tmp_path: Path) -> Generator[LiveStack]:
    """The stack as 0.1.0 left it."""
    with running_control_plane() as client:
        live = LiveStack(client, tmp_path)
        live.restore_baseline()
        yield live


def test_the_upgrade_steps_replace_only_the_stateful_set_and_keep_its_pod_and_claim(stack: LiveStack) -> None:
    before = stack.identities(*KEPT)
    old = stack.client.get("statefulset", SERVER, "--namespace=ixn")["metadata"]["uid"]
    addresses = {
        each["metadata"]["name"]: each["spec"]["clusterIP"]
        for each in stack.client.get("services", "--namespace=ixn")["items"]
    }

    stack.client.run("delete", "statefulset", SERVER, "--cascade=orphan", "--namespace=ixn")
    stack.project.up()

    new = stack.client.get("statefulset", SERVER, "--namespace=ixn")
    assert new["metadata"]["uid"] != old
    assert new["spec"]["podManagementPolicy"] == "Parallel"
    assert stack.identities(*KEPT) == before
    assert addresses == {
        each["metadata"]["name"]: each["spec"]["clusterIP"]
        for each in stack.client.get("services", "--namespace=ixn")["items"]
    }
    pod = stack.client.get("pod", f"{SERVER}-0", "--namespace=ixn")
    assert [each["uid"] for each in pod["metadata"]["ownerReferences"]] == [new["metadata"]["uid"]]


def test_the_upgraded_stack_has_no_changes(stack: LiveStack) -> None:
    stack.client.run("delete", "statefulset", SERVER, "--cascade=orphan", "--namespace=ixn")
    stack.project.up()

    stack.project.pulumi("preview", "--expect-no-changes")
    stack.project.pulumi("refresh", "--yes", "--expect-no-changes")
