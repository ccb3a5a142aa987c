"""What other clients change in a stack's objects: what `ixn drift` finds, and what the next `up` does about it."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.cluster.guide import follow
from tests.cluster.live_stack import SERVER, LiveStack
from tools.cluster.control_plane import running_control_plane

VQ_NODE = "deployment/ixn-vqnode-100"
NODE = "deployment/ixn-node-100"
CONTAINER = '.spec.template.spec.containers[name="ixn-node"]'
UP = ("up", "--yes", "--skip-preview", "--suppress-outputs")
OPEN_TO_ALL = [{"op": "add", "path": "/spec/ingress/-", "value": {"from": [{"namespaceSelector": {}}]}}]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Generator[LiveStack]:
    """The dev stack with a managed Secret, dashboards and an autoscaler; each test leaves it without drift."""
    with running_control_plane() as client:
        live = LiveStack(client, tmp_path_factory.mktemp("drift"), secrets={"kafka": {"managed": {}}})
        with live.project.edited() as config:
            config["ixn:ixnVQNode"]["replicas"] = None
            config["ixn:monitoring"]["dashboards"] = {"enabled": True}
        live.project.up()
        yield live


def kubectl(stack: LiveStack, *arguments: str) -> str:
    return stack.client.run(*arguments, "--namespace=ixn")


def edit(stack: LiveStack, reference: str, change: Any) -> None:
    """Change an object as another program does, not kubectl: a list is a JSON patch, a map is a merge patch."""
    kind = "json" if isinstance(change, list) else "merge"
    content = json.dumps(change)
    kubectl(stack, "patch", reference, f"--type={kind}", f"--patch={content}", "--field-manager=console")


def drift(stack: LiveStack) -> dict[str, list[str]]:
    """Return what `ixn drift` finds: the changed fields of each object, none if it was deleted."""
    run = stack.project.ixn("drift", "--json")
    assert run.stdout, run
    found: list[dict[str, Any]] = json.loads(run.stdout)
    assert run.code == (1 if found else 0), run
    return {f"{each['kind']}/{each['name']}": [change["field"] for change in each["changes"]] for each in found}


@contextmanager
def overwriting(stack: LiveStack) -> Generator[None]:
    """Set `ixn:forceConflicts` in the stack file while the block runs."""
    with stack.project.edited() as config:
        config["ixn:forceConflicts"] = True
    yield
    with stack.project.edited() as config:
        del config["ixn:forceConflicts"]


def replicas(stack: LiveStack, reference: str = NODE) -> int:
    return stack.client.get(reference, "--namespace=ixn")["spec"]["replicas"]


def test_a_deployed_stack_has_a_line_for_each_tenant_without_drift(stack: LiveStack) -> None:
    run = stack.project.ixn("drift").succeeded()

    assert run.stdout.splitlines() == ["dev: no drift"]


def test_a_rollout_restart_and_the_replicas_of_an_autoscaler_are_no_drift(stack: LiveStack) -> None:
    kubectl(stack, "scale", VQ_NODE, "--replicas=3")
    for each in (NODE, f"statefulset/{SERVER}"):
        kubectl(stack, "rollout", "restart", each)
        kubectl(stack, "rollout", "status", each, "--timeout=60s")

    assert drift(stack) == {}
    stack.project.ixn(*UP, "--expect-no-changes").succeeded()
    assert replicas(stack, VQ_NODE) == 3


def test_restarts_by_the_reloader_are_no_drift_and_later_updates_restart_nothing(stack: LiveStack) -> None:
    with stack.project.edited() as config:
        config["ixn:reloader"] = True
    stack.project.ixn(*UP).succeeded()
    annotations = {"reloader.stakater.com/last-reloaded-from": '{"type":"SECRET","name":"ixn-node-db-secret-100"}'}
    variable = {
        "name": "STAKATER_IXN_NODE_DB_SECRET_100_SECRET",
        "value": "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    }

    reload(stack, {"metadata": {"annotations": annotations}})
    assert drift(stack) == {}
    stack.project.ixn(*UP, "--expect-no-changes").succeeded()

    reload(stack, {"spec": {"containers": [{"name": "ixn-node", "env": [variable]}]}})
    assert drift(stack) == {}
    before = stack.client.get(NODE, "--namespace=ixn")
    # The refresh takes the item of the list into the state, so that the engine updates the Deployment.
    stack.project.ixn(*UP).succeeded()
    after = stack.client.get(NODE, "--namespace=ixn")
    assert after["metadata"]["generation"] == before["metadata"]["generation"], "the pods were restarted"
    assert after["metadata"]["annotations"]["secret.reloader.stakater.com/auto"] == "true"
    template = after["spec"]["template"]
    assert variable in template["spec"]["containers"][0]["env"]
    assert annotations.items() <= template["metadata"]["annotations"].items()
    assert drift(stack) == {}

    kubectl(stack, "set", "env", NODE, f"{variable['name']}-")


def reload(stack: LiveStack, template: Any) -> None:
    """Change the pod template of IXN Node as Stakater's Reloader does, and wait for the rollout."""
    content = json.dumps({"spec": {"template": template}})
    kubectl(stack, "patch", NODE, "--type=strategic", f"--patch={content}", "--field-manager=Reloader")
    kubectl(stack, "rollout", "status", NODE, "--timeout=60s")


def test_drift_is_found_although_preflight_finds_a_problem(stack: LiveStack) -> None:
    kubectl(stack, "delete", "secret/ixn-db-secret-100")
    kubectl(stack, "delete", "serviceaccount/ixn-vqnode-100")

    assert stack.project.ixn("preflight").code == 1
    assert drift(stack) == {"ServiceAccount/ixn-vqnode-100": []}

    stack.provide("ixn")
    stack.project.ixn(*UP).succeeded()


def test_a_deleted_policy_is_found_and_restored_by_up(stack: LiveStack) -> None:
    policy = stack.policy("ixn-node-100")
    kubectl(stack, "delete", policy)

    (run,) = follow(stack, "Has somebody changed something?", 0, failing=True)
    assert run.code == 1
    assert run.stdout.splitlines() == [
        "dev: 1 missing",
        f"  NetworkPolicy ixn/{policy.rpartition('/')[2]}: deleted",
    ]

    stack.project.ixn(*UP).succeeded()
    assert stack.exists(policy, "--namespace=ixn")
    assert drift(stack) == {}


def test_dashboards_that_were_edited_or_deleted_are_found_and_restored(stack: LiveStack) -> None:
    edited, deleted = "configmap/ixn-node-dashboard", "configmap/ixn-overview-dashboard"
    content = stack.client.get(edited, "--namespace=ixn")["data"]
    edit(stack, edited, {"data": {"ixn-node.json": "{}"}})
    kubectl(stack, "delete", deleted)

    assert drift(stack).keys() == {"ConfigMap/ixn-node-dashboard", "ConfigMap/ixn-overview-dashboard"}

    with overwriting(stack):
        stack.project.ixn(*UP).succeeded()
    assert stack.client.get(edited, "--namespace=ixn")["data"] == content
    assert stack.exists(deleted, "--namespace=ixn")
    assert drift(stack) == {}


def test_a_field_conflict_stops_up_and_preview_with_an_explanation(stack: LiveStack) -> None:
    wanted = replicas(stack)
    kubectl(stack, "scale", NODE, f"--replicas={wanted + 4}")

    found = stack.project.ixn("drift")
    stopped = [stack.project.ixn(*UP), stack.fails("preview", "--refresh")]

    assert f".spec.replicas: {wanted} -> {wanted + 4} by kubectl (scale)" in found.stdout
    assert "ixn:forceConflicts" in found.output
    for run in stopped:
        assert run.code
        assert "ixn:forceConflicts" in run.output, run
        assert "Deployment ixn/ixn-node-100" in run.output, run
        assert ".spec.replicas (by 'kubectl')" in run.output, run
    assert replicas(stack) == wanted + 4
    # The refresh of the failed `up` took the foreign value into the state.
    assert drift(stack) == {"Deployment/ixn-node-100": [".spec.replicas"]}

    follow(stack, "Field conflicts", 0)
    assert replicas(stack) == wanted
    assert drift(stack) == {}
    stack.project.ixn(*UP).succeeded()


def test_every_foreign_change_is_found_and_one_setting_overwrites_those_of_our_fields(stack: LiveStack) -> None:
    pods, policy = stack.identities("pods"), stack.policy("ixn-node-100")
    change_everything(stack)

    added = {
        f"Service/{SERVER}-headless": [".spec.publishNotReadyAddresses"],
        "ConfigMap/ixn-node-100-settings": [".data.added"],
    }
    assert drift(stack) == {
        **added,
        "Secret/kafka-shared-secret": [".data.kafka-secrets"],
        f"StatefulSet/{SERVER}": [".metadata.labels.app.kubernetes.io/part-of"],
        "ServiceMonitor/ixn-node-100": [".spec.endpoints"],
        "PrometheusRule/ixn-100": [".metadata.labels.app.kubernetes.io/part-of"],
        "ConfigMap/ixn-node-100-settings": [".data.added", ".data.settings.json"],
        "Deployment/ixn-node-100": [
            f'{CONTAINER}.env[name="ADDED"]',
            f'{CONTAINER}.env[name="CONSUL_PORT"].value',
        ],
        f"NetworkPolicy/{policy.rpartition('/')[2]}": [".spec.ingress"],
        "ServiceAccount/ixn-vqnode-100": [],
    }

    with overwriting(stack):
        stack.project.ixn(*UP).succeeded()
    assert drift(stack) == added
    assert {"from": [{"namespaceSelector": {}}]} not in stack.client.get(policy, "--namespace=ixn")["spec"][
        "ingress"
    ]

    stack.project.ixn(*UP).succeeded()
    # The setting is no change of pods. (Those of the others were restarted or edited with kubectl.)
    kept = {name: uid for name, uid in pods.items() if "vqnode" in name}
    assert len(kept) == replicas(stack, VQ_NODE)
    assert kept.items() <= stack.identities("pods").items()


def change_everything(stack: LiveStack) -> None:
    """Change, add, append to, remove and delete, each in an object of another kind."""
    kubectl(stack, "set", "env", NODE, "CONSUL_PORT=1", "ADDED=1")
    edit(stack, "configmap/ixn-node-100-settings", {"data": {"settings.json": "{}", "added": "1"}})
    edit(stack, "secret/kafka-shared-secret", {"stringData": {"kafka-secrets": "{}"}})
    edit(stack, f"statefulset/{SERVER}", {"metadata": {"labels": {"app.kubernetes.io/part-of": None}}})
    edit(stack, f"service/{SERVER}-headless", {"spec": {"publishNotReadyAddresses": True}})
    edit(stack, "servicemonitor/ixn-node-100", {"spec": {"endpoints": []}})
    edit(stack, "prometheusrule/ixn-100", {"metadata": {"labels": {"app.kubernetes.io/part-of": None}}})
    edit(stack, stack.policy("ixn-node-100"), OPEN_TO_ALL)
    kubectl(stack, "delete", "serviceaccount/ixn-vqnode-100")
