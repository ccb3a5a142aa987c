"""The guards of live tenants, on a real API server, and the procedures of docs/operations.md."""

import shlex
import time
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.live_stack import SERVER, LiveStack
from tools.cluster.control_plane import Simulation, running_control_plane
from tools.cluster.objects import STORAGE_CLASS
from tools.cluster.waiting import wait_until

OBJECTS = ("services", "secrets", "deployments", "statefulsets", "pods", "persistentvolumeclaims")
SECOND = {"id": "7d0c1d38-2c1b-4bd5-a3ea-4b44f5ef9d6a", "sid": "200"}
NODE = "deployment/ixn-node-100"

PAUSE = 3.0
"""Seconds for which an old pod takes to stop; a new StatefulSet would be created well before."""


@pytest.fixture(params=[pytest.param(True, id="apply"), pytest.param(False, id="update", marks=pytest.mark.full)])
def stack(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[LiveStack]:
    """The protected stack, with a generated password; written with server-side apply and without."""
    with running_control_plane(Simulation(volumes=8)) as client:
        live = LiveStack(client, tmp_path, protect=True, server_side_apply=request.param)
        with live.project.edited() as config:
            config["ixn:peers"]["ixnDB"]["secret"] = {"generated": {"username": "ixn"}}
        live.project.up()
        yield live


def tenant(config: dict[str, Any], key: str = "dev") -> dict[str, Any]:
    return config["ixn:tenants"][key]


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
        config["ixn:tenants"] = {"renamed": tenant(config)}
    refused(stack, "ixn:tenants.renamed.aliases", "'dev'")

    with stack.project.edited() as config:
        config["ixn:tenants"] = {"dev": {**tenant(config, "renamed"), "sid": "101", "id": SECOND["id"]}}
        config["ixn:namespace"] = {"name": "elsewhere"}
    refused(stack, "ixn:tenants.dev.sid: '101'", "restore '100'", "ixn:tenants.dev.id", "ixn:namespace.name")

    with stack.project.edited() as config:
        config["ixn:tenants"] = {"other": SECOND}
        config["ixn:namespace"] = {"name": "ixn"}
    refused(stack, "ixn:tenants.dev", "protect: false")
    assert not stack.exists("namespace", "elsewhere")


def test_a_renamed_key_with_an_alias_touches_no_object_but_its_annotation(stack: LiveStack) -> None:
    before = stack.identities(*OBJECTS)

    with stack.project.edited() as config:
        config["ixn:tenants"] = {"renamed": {**tenant(config), "aliases": ["dev"]}}
    stack.project.up()

    assert stack.identities(*OBJECTS) == before
    annotations = stack.client.get("statefulset", SERVER, "--namespace=ixn")["metadata"]["annotations"]
    assert annotations["ixn-pulumi/tenant"] == "renamed"
    stack.project.pulumi("preview", "--expect-no-changes")


def test_a_protected_stack_is_torn_down_after_one_setting_and_keeps_claims(stack: LiveStack) -> None:
    before = stack.identities(*OBJECTS)
    assert "protected" in stack.fails("destroy", "--yes").output
    assert stack.identities(*OBJECTS) == before

    stack.project.set("ixn:protect", "false")
    stack.project.up()
    stack.project.pulumi("destroy", "--yes")

    left = stack.identities(*OBJECTS)
    assert left.keys() == {"PersistentVolumeClaim/logs-ixn-server-100-0"}
    assert left.items() <= before.items()


def test_an_unprotected_tenant_is_removed_alone_and_its_claim_is_listed(stack: LiveStack) -> None:
    with stack.project.edited() as config:
        config["ixn:tenants"]["second"] = SECOND
    stack.project.up()
    first = {name: uid for name, uid in stack.identities(*OBJECTS).items() if "200" not in name}

    stack.project.set("ixn:tenants.second.protect", "false")
    stack.project.up()
    stack.project.pulumi("config", "rm", "--path", "ixn:tenants.second")
    removed = stack.project.up()

    assert "delete pvc logs-ixn-server-200-0" in removed.output
    left = stack.identities(*OBJECTS)
    assert {name for name in left if "200" in name or SECOND["id"] in name} == {
        "PersistentVolumeClaim/logs-ixn-server-200-0"
    }
    assert {name: uid for name, uid in left.items() if "200" not in name} == first
    stack.client.run("--namespace=ixn", "delete", "pvc", "logs-ixn-server-200-0")


@pytest.mark.parametrize(
    ("path", "value", "confirmed", "name", "namespace"),
    [
        ("ixn:tenants.dev.sid", "101", {"sid": "100"}, "ixn-server-101", "ixn"),
        ("ixn:namespace.name", "other", {"namespace": "ixn"}, SERVER, "other"),
    ],
)
def test_a_confirmed_move_stops_the_old_server_before_the_new_one_starts(
    path: str, value: str, confirmed: Mapping[str, str], name: str, namespace: str, stack: LiveStack
) -> None:
    stack.project.set(path, value)
    with stack.project.edited() as config:
        tenant(config)["movedFrom"] = dict(confirmed)
    refused(stack, "ixn:tenants.dev.protect")
    stack.project.set("ixn:tenants.dev.protect", "false")

    with ThreadPoolExecutor() as threads:
        with stopping(stack, f"{SERVER}-0") as is_stopping:
            moving = threads.submit(stack.project.up)
            wait_until("the old pod to stop", is_stopping, stack.client.kubeconfig.parent)
            time.sleep(PAUSE)
            assert not stack.exists("statefulset", name, f"--namespace={namespace}")
        moved = moving.result()

    assert "delete pvc logs-ixn-server-100-0" in moved.output
    assert stack.exists("persistentvolumeclaim", "logs-ixn-server-100-0", "--namespace=ixn")
    assert stack.exists("statefulset", name, f"--namespace={namespace}")
    assert not stack.exists("statefulset", SERVER, "--namespace=ixn")


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


def test_an_autoscaler_takes_over_the_live_number_of_pods_and_keeps_it(stack: LiveStack) -> None:
    stack.project.set("ixn:ixnService.ixnNode.replicas", "4")
    stack.project.up()
    with stack.project.edited() as config:
        config["ixn:ixnService"]["ixnNode"]["replicas"] = None
    stack.project.up()
    assert replicas(stack) == 4

    stack.client.run("scale", NODE, "--replicas=6", "--namespace=ixn")
    stack.project.pulumi("preview", "--refresh", "--expect-no-changes")
    stack.project.set("ixn:ixnService.ixnNode.image.tag", "100.0.008.0502")
    stack.project.up()
    assert replicas(stack) == 6


def replicas(stack: LiveStack) -> int:
    return stack.client.get(NODE, "--namespace=ixn")["spec"]["replicas"]


def test_a_log_volume_grows_by_the_commands_of_the_message_and_its_pod_keeps_running(stack: LiveStack) -> None:
    stack.client.run("patch", "storageclass", STORAGE_CLASS, '--patch={"allowVolumeExpansion": true}')
    pods = stack.identities("pods")
    stack.project.set("ixn:ixnService.ixnServer.logStorage.storageSize", "3Gi")
    refused(stack, "ixn:ixnService.ixnServer.logStorage", "--cascade=orphan")

    run_commands(stack, stack.fails("preview").output)

    assert stack.identities("pods") == pods
    claim = stack.client.get("pvc", "logs-ixn-server-100-0", "--namespace=ixn")
    assert claim["spec"]["resources"]["requests"]["storage"] == "3Gi"
    stack.project.pulumi("preview", "--refresh", "--expect-no-changes")


@pytest.mark.full
@pytest.mark.parametrize("storage", [{"storageSize": "500Mi"}, {"storageClassName": None}])
def test_any_other_change_of_the_log_volume_follows_the_commands_of_the_message(
    storage: Mapping[str, Any], stack: LiveStack
) -> None:
    with stack.project.edited() as config:
        config["ixn:ixnService"]["ixnServer"]["logStorage"].update(storage)

    run_commands(stack, stack.fails("preview").output)

    stack.wait_for_pod()
    stack.project.pulumi("preview", "--refresh", "--expect-no-changes")


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
