"""The guards of live tenants, on a real API server, and the procedures of docs/operations.md."""

import shlex
import time
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.guide import follow, merge
from tests.cluster.live_stack import SERVER, LiveStack
from tools.cluster.client import Client
from tools.cluster.control_plane import running_control_plane
from tools.cluster.objects import STORAGE_CLASS
from tools.cluster.waiting import wait_until

OBJECTS = ("services", "secrets", "deployments", "statefulsets", "pods", "persistentvolumeclaims")
SECOND = {"id": "7d0c1d38-2c1b-4bd5-a3ea-4b44f5ef9d6a", "sid": "200"}
NODE = "deployment/ixn-node-100"

PAUSE = 3.0
"""Seconds for which an old pod takes to stop; a new StatefulSet would be created well before."""


WRITERS = [pytest.param(True, id="apply"), pytest.param(False, id="update", marks=pytest.mark.full)]
"""With server-side apply and, as newer plugins in that they do not adopt existing objects, without."""


def make(client: Client, directory: Path, *, server_side_apply: bool) -> LiveStack:
    """Deploy the stack, protected and with a generated password."""
    secrets = {"ixnDB": {"generated": {"username": "ixn"}}}
    live = LiveStack(client, directory, protect=True, server_side_apply=server_side_apply, secrets=secrets)
    live.project.up()
    return live


@pytest.fixture(scope="module", params=WRITERS)
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Generator[LiveStack]:
    """A stack that each test leaves deployed."""
    with running_control_plane() as client:
        yield make(client, tmp_path_factory.mktemp("guards"), server_side_apply=request.param)


@pytest.fixture(params=WRITERS)
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[LiveStack]:
    """A stack of one test."""
    with running_control_plane() as client:
        yield make(client, tmp_path, server_side_apply=request.param)


def tenant(config: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of the first tenant."""
    return next(iter(config["ixn:tenants"].values()))


def refused(stack: LiveStack, *expected: str) -> None:
    """Check that preview and update stop with the texts, before anything changes."""
    before = stack.identities(*OBJECTS)
    for command in (("preview",), ("up", "--yes", "--skip-preview")):
        run = stack.fails(*command)
        assert [text for text in expected if text not in run.output] == [], run
        assert "Traceback" not in run.output
    assert stack.identities(*OBJECTS) == before


def test_a_change_that_would_delete_or_move_a_tenant_stops_in_the_preview(stack: LiveStack) -> None:
    with stack.project.edited() as config:
        deployed = tenant(config)
        config["ixn:tenants"] = {"renamed": deployed}
    refused(stack, "ixn:tenants.renamed.aliases", "'dev'")

    with stack.project.edited() as config:
        config["ixn:tenants"] = {"dev": {"sid": "101", "id": SECOND["id"]}}
        config["ixn:namespace"] = {"name": "elsewhere", "create": False}
    refused(stack, "ixn:tenants.dev.sid: '101'", "restore '100'", "ixn:tenants.dev.id", "ixn:namespace.name")

    with stack.project.edited() as config:
        config["ixn:tenants"] = {"other": SECOND}
        config["ixn:namespace"] = {"name": "ixn", "create": False}
    refused(stack, "ixn:tenants.dev", "protect: false")

    with stack.project.edited() as config:
        config["ixn:tenants"] = {"dev": deployed}
    stack.project.pulumi("preview", "--expect-no-changes")
    assert not stack.exists("namespace", "elsewhere")


def test_a_renamed_key_with_an_alias_changes_annotations_only(stack: LiveStack) -> None:
    before = stack.identities(*OBJECTS)

    with stack.project.edited() as config:
        config["ixn:tenants"] = {"renamed": tenant(config)}
    merge(stack, "Rename a tenant", 0, {"east-1": "renamed", "east": "dev"})
    stack.project.up()

    assert stack.identities(*OBJECTS) == before
    annotations = stack.client.get("statefulset", SERVER, "--namespace=ixn")["metadata"]["annotations"]
    assert annotations["ixn-pulumi/tenant"] == "renamed"
    stack.project.pulumi("preview", "--expect-no-changes")


def test_an_unprotected_tenant_is_removed_alone_and_its_claim_is_listed(stack: LiveStack) -> None:
    with stack.project.edited() as config:
        config["ixn:tenants"]["second"] = SECOND
    stack.provide("ixn")
    before = stack.identities(*OBJECTS)
    stack.project.up()
    added = stack.identities(*OBJECTS).keys() - before.keys()
    assert len(added) > 10

    follow(stack, "Remove a tenant", 0, {"east": "second"})
    *_, removed = follow(stack, "Remove a tenant", 1, {"east": "second"})

    claim = "logs-ixn-server-200-0"
    assert f"delete pvc {claim}" in removed.output
    left = stack.identities(*OBJECTS)
    assert left.keys() & added == {f"PersistentVolumeClaim/{claim}"}
    assert before.items() <= left.items()
    follow(stack, "Remove a tenant", 2, {"100": "200"})
    assert not stack.exists("pvc", claim, "--namespace=ixn")


def other_sid(stack: LiveStack) -> None:
    """Move the tenant to another sid."""
    merge(stack, "Move a tenant", 0, {"east": "dev"})


def other_namespace(stack: LiveStack) -> None:
    """Move the tenant to another namespace."""
    with stack.project.edited() as config:
        config["ixn:namespace"]["name"] = "other"
        tenant(config).update(movedFrom={"namespace": "ixn"}, protect=False)


@pytest.mark.parametrize(
    ("move", "name", "namespace"),
    [
        pytest.param(other_sid, "ixn-server-101", "ixn", id="sid"),
        pytest.param(other_namespace, SERVER, "other", id="namespace", marks=pytest.mark.full),
    ],
)
def test_a_confirmed_move_stops_the_old_server_before_the_new_one_starts(
    move: Callable[[LiveStack], None], name: str, namespace: str, fresh: LiveStack
) -> None:
    move(fresh)
    fresh.provide(namespace)
    with fresh.project.edited() as config:
        del tenant(config)["protect"]
    refused(fresh, "ixn:tenants.dev.protect")
    fresh.project.set("ixn:tenants.dev.protect", "false")
    assert "delete pvc logs-ixn-server-100-0" in fresh.project.ixn("preflight").succeeded().stdout

    with ThreadPoolExecutor() as threads:
        with stopping(fresh, f"{SERVER}-0") as is_stopping:
            moving = threads.submit(fresh.project.up)
            wait_until("the old pod to stop", is_stopping, fresh.client.kubeconfig.parent)
            time.sleep(PAUSE)
            assert not fresh.exists("statefulset", name, f"--namespace={namespace}")
        moved = moving.result()

    assert "delete pvc logs-ixn-server-100-0" in moved.output
    assert fresh.exists("persistentvolumeclaim", "logs-ixn-server-100-0", "--namespace=ixn")
    assert fresh.exists("statefulset", name, f"--namespace={namespace}")
    assert not fresh.exists("statefulset", SERVER, "--namespace=ixn")

    with fresh.project.edited() as config:
        del tenant(config)["movedFrom"], tenant(config)["protect"]
    fresh.project.up()
    follow(fresh, "Move a tenant", 1)
    assert not fresh.exists("pvc", "logs-ixn-server-100-0", "--namespace=ixn")


@contextmanager
def stopping(stack: LiveStack, pod: str) -> Generator[Callable[[], bool]]:
    """Keep a pod that is deleted from ending while the block runs; yield whether it was deleted."""
    reference = ("pod", pod, "--namespace=ixn")

    def hold(finalizers: str) -> None:
        stack.client.run(
            "patch", *reference, "--type=merge", f'--patch={{"metadata": {{"finalizers": {finalizers}}}}}'
        )

    hold('["example.com/stopping"]')
    try:
        yield lambda: "deletionTimestamp" in stack.client.get(*reference)["metadata"]
    finally:
        hold("null")


def test_an_autoscaler_takes_over_the_live_number_of_pods_until_it_is_taken_back(stack: LiveStack) -> None:
    stack.project.set("ixn:ixnService.ixnNode.replicas", "4")
    stack.project.up()
    merge(stack, "Hand over replicas to an autoscaler", 0)
    stack.project.up()
    assert replicas(stack) == 4

    stack.client.run("scale", NODE, "--replicas=6", "--namespace=ixn")
    stack.project.pulumi("preview", "--refresh", "--expect-no-changes")
    stack.project.set("ixn:ixnService.ixnNode.image.tag", "100.0.008.0502")
    stack.project.up()
    assert replicas(stack) == 6

    follow(stack, "Hand over replicas to an autoscaler", 1)
    assert replicas(stack) == 3
    stack.project.up()
    stack.project.pulumi("preview", "--refresh", "--expect-no-changes")
    stack.client.run("rollout", "status", NODE, "--namespace=ixn", "--timeout=60s")


def test_an_update_keeps_the_pods_of_a_horizontal_pod_autoscaler(stack: LiveStack) -> None:
    with stack.project.edited() as config:
        node = config["ixn:ixnService"]["ixnNode"]
        node.pop("replicas", None)
        node["autoscaling"] = {"hpa": {"minReplicas": 5, "maxReplicas": 6}}
    before = replicas(stack)
    stack.project.up()
    # Without metrics, it still ensures its minimum.
    wait_until("the autoscaler", lambda: replicas(stack) == 5, stack.client.kubeconfig.parent)
    assert before != 5
    stack.client.run("rollout", "status", NODE, "--namespace=ixn", "--timeout=60s")
    stack.project.pulumi("preview", "--refresh", "--expect-no-changes")
    assert stack.project.ixn("drift").code == 0

    stack.project.set("ixn:ixnService.ixnNode.image.tag", "100.0.008.0503")
    stack.project.up()
    assert replicas(stack) == 5

    with stack.project.edited() as config:
        node = config["ixn:ixnService"]["ixnNode"]
        node["autoscaling"], node["replicas"] = None, None
    stack.project.up()
    assert not stack.exists("hpa", "--namespace=ixn")
    assert replicas(stack) == 5
    follow(stack, "Hand over replicas to an autoscaler", 1)
    assert replicas(stack) == 3
    stack.project.up()
    stack.project.pulumi("preview", "--refresh", "--expect-no-changes")


def replicas(stack: LiveStack) -> int:
    return stack.client.get(NODE, "--namespace=ixn")["spec"]["replicas"]


def test_a_log_volume_grows_and_its_pod_keeps_running(stack: LiveStack) -> None:
    stack.client.run("patch", "storageclass", STORAGE_CLASS, '--patch={"allowVolumeExpansion": true}')
    pod = stack.identities("pods")[f"Pod/{SERVER}-0"]
    stack.project.set("ixn:ixnService.ixnServer.logStorage.storageSize", "3Gi")
    refused(stack, "ixn:ixnService.ixnServer.logStorage", "patch pvc logs-ixn-server-100-0", "--cascade=orphan")

    follow(stack, "Change the log volume", 0, {"30Gi": "3Gi"})

    assert stack.identities("pods")[f"Pod/{SERVER}-0"] == pod
    claim = stack.client.get("pvc", "logs-ixn-server-100-0", "--namespace=ixn")
    assert claim["spec"]["resources"]["requests"]["storage"] == "3Gi"
    stack.project.pulumi("preview", "--refresh", "--expect-no-changes")


@pytest.mark.full
@pytest.mark.parametrize("storage", [{"storageSize": "4Gi"}, {"storageSize": "500Mi"}, {"storageClassName": None}])
def test_each_change_of_the_log_volume_follows_the_commands_of_the_message(
    storage: Mapping[str, Any], stack: LiveStack
) -> None:
    with stack.project.edited() as config:
        config["ixn:ixnService"]["ixnServer"]["logStorage"].update(storage)

    run_commands(stack, stack.fails("preview").output)

    stack.wait_for_pod()
    stack.project.pulumi("preview", "--refresh", "--expect-no-changes")


def test_a_protected_stack_is_torn_down_after_one_setting_and_keeps_claims(fresh: LiveStack) -> None:
    before = fresh.identities(*OBJECTS)
    for arguments in (("--yes",), ("--yes", "--skip-preview")):
        refused_destroy = fresh.project.ixn("destroy", *arguments)
        assert refused_destroy.code
        assert "protected" in refused_destroy.output
    assert fresh.identities(*OBJECTS) == before

    follow(fresh, "Protection", 0, {"east": "dev"})
    follow(fresh, "Tear down a stack", 0)

    left = fresh.identities(*OBJECTS)
    existing = {each for each in before if each.startswith("Secret/")} - {"Secret/ixn-db-secret-100"}
    assert left.keys() == {"PersistentVolumeClaim/logs-ixn-server-100-0", *existing}
    assert left.items() <= before.items()
    claims, _ = follow(fresh, "Tear down a stack", 1)
    assert "logs-ixn-server-100-0" in claims.output
    assert not fresh.exists("namespace", "ixn")


def run_commands(stack: LiveStack, message: str) -> None:
    """Run the commands of an error message, as an operator would."""
    commands = [
        shlex.split(line)
        for line in map(str.strip, message.splitlines())
        if line.startswith(("kubectl ", "pulumi up"))
    ]
    assert commands
    for program, *arguments in commands:
        if program == "kubectl":
            stack.client.run(*arguments)
        else:
            stack.project.run(*arguments, "--yes", "--skip-preview").succeeded()
