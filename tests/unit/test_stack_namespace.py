"""The namespace of a stack, on mocks; tests/cluster has the same on an API server."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks
from pulumi_ixn.testing import Deployment, deploy

from tests.unit.config.stacks import program, stack_file

OUTPUTS_OF_0_1_0 = {"connections": [], "isolation": "networkPolicy"}


def resources_of_0_1_0(*, rendered: bool = False) -> dict[str, Any]:
    """The state of a stack that 0.1.0 deployed to the namespace `old`."""
    provider = {"renderYamlToDirectory": "build"} if rendered else {"context": "here"}
    outputs = {
        "pulumi:providers:kubernetes": provider,
        "kubernetes:core/v1:Namespace": {"metadata": {"name": "old"}},
        "kubernetes:core/v1:Service": {"metadata": {"name": "ixn-server-9350"}},
    }
    return {f"urn:{kind}": {"type": kind, "outputs": each} for kind, each in outputs.items()}


def run(namespace: Mapping[str, Any], *, render: bool = False, preview: bool = False) -> Deployment[None]:
    target = {"render": True} if render else {"context": "here"}
    config = {**stack_file("dev")["config"], "ixn:target": target, "ixn:namespace": namespace}
    return deploy(program, stack="dev", config=config, preview=preview)


@pytest.fixture(autouse=True)
def context(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kubeconfig that has the stack's context."""
    monkeypatch.setenv("KUBECONFIG", json.dumps({"contexts": [{"name": "here"}]}))


@pytest.fixture
def retained(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the resources that are registered as retained on delete."""
    found: list[str] = []
    register = mocks.MockMonitor.RegisterResource

    def recording(self: mocks.MockMonitor, request: Any) -> Any:
        if request.retainOnDelete:
            found.append(request.name)
        return register(self, request)

    monkeypatch.setattr(mocks.MockMonitor, "RegisterResource", recording)
    return found


@pytest.fixture
def last_outputs(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The outputs of the stack's last update, to be filled by the test."""
    outputs: dict[str, Any] = {}

    def call(_: object, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[Any]]:
        known = {"readStackOutputs": outputs, "readStackResourceOutputs": resources_of_0_1_0()}
        return {"outputs": known[args.token.rpartition(":")[2]]}, []

    monkeypatch.setattr("pulumi_ixn.testing._Recorder.call", call)
    return outputs


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The warnings that the program logs."""
    found: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", found.append)
    return found


def namespaces(found: Deployment[None]) -> set[str]:
    return {each["metadata"]["namespace"] for each in found.manifests if each["kind"] != "Namespace"}


def test_only_a_created_namespace_is_retained_on_delete(retained: list[str], preview: bool) -> None:
    found = run({"name": "ixn"}, preview=preview)

    assert found.manifest("Namespace", "ixn")
    assert retained == ["namespace"]


def test_a_rendered_namespace_is_not_retained(retained: list[str]) -> None:
    run({"name": "ixn"}, render=True)

    assert retained == []


@pytest.mark.parametrize("render", [True, False])
def test_an_existing_namespace_is_not_registered(render: bool, preview: bool) -> None:
    found = run({"name": "shared", "create": False}, render=render, preview=preview)

    assert "Namespace" not in {each["kind"] for each in found.manifests}
    assert namespaces(found) == {"shared"}


@pytest.mark.parametrize("create", [True, False])
def test_renaming_the_namespace_of_0_1_0_is_an_error_before_any_resource(
    create: bool, last_outputs: dict[str, Any], preview: bool
) -> None:
    last_outputs |= OUTPUTS_OF_0_1_0

    with pytest.raises(pulumi.RunError, match=r"'new'(?s:.*)'old'"):
        run({"name": "new", "create": create}, preview=preview)


def test_an_upgrade_from_0_1_0_with_the_same_name_succeeds(
    last_outputs: dict[str, Any], warnings: list[str]
) -> None:
    last_outputs |= OUTPUTS_OF_0_1_0

    assert namespaces(run({"name": "old"})) == {"old"}
    assert warnings == []


def test_a_later_rename_warns_about_the_old_namespace(last_outputs: dict[str, Any], warnings: list[str]) -> None:
    last_outputs["namespace"] = {"name": "old", "created": True, "cluster": True}

    assert namespaces(run({"name": "new"})) == {"new"}
    (warning,) = warnings
    assert "'old'" in warning
    assert "PersistentVolumeClaims" in warning


@pytest.mark.parametrize("created", [True, False])
def test_a_namespace_that_is_no_longer_managed_is_reported_once(
    created: bool, last_outputs: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "info", said.append)
    last_outputs["namespace"] = {"name": "old", "created": created, "cluster": True}

    run({"name": "old", "create": False})
    assert ["'old'" in each for each in said] == [True] * created


def test_a_stack_deployed_by_0_1_0_cannot_switch_to_rendering(last_outputs: dict[str, Any]) -> None:
    last_outputs |= OUTPUTS_OF_0_1_0

    with pytest.raises(pulumi.RunError, match="ixn:target"):
        run({"name": "old"}, render=True)


@pytest.mark.parametrize("cluster", [True, False])
def test_a_deployed_stack_cannot_switch_to_rendering(cluster: bool, last_outputs: dict[str, Any]) -> None:
    last_outputs["namespace"] = {"name": "old", "created": True, "cluster": cluster}

    if not cluster:
        assert namespaces(run({"name": "old"}, render=True)) == {"old"}
        return
    with pytest.raises(pulumi.RunError, match="ixn:target"):
        run({"name": "old"}, render=True)


def test_a_temporary_failure_to_read_the_state_is_retried(
    last_outputs: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    last_outputs |= OUTPUTS_OF_0_1_0
    invoke, failures = pulumi.runtime.invoke, iter([True, True])

    def failing_twice(token: str, *args: Any) -> Any:
        if token.endswith("readStackOutputs") and next(failures, False):
            raise Exception("failed to load checkpoint: EOF")
        return invoke(token, *args)

    monkeypatch.setattr(pulumi.runtime, "invoke", failing_twice)

    with pytest.raises(pulumi.RunError, match="ixn:namespace"):
        run({"name": "new"})


def test_a_new_stack_has_no_old_namespace(last_outputs: dict[str, Any], warnings: list[str]) -> None:
    assert namespaces(run({"name": "new"})) == {"new"}
    assert last_outputs == {}
    assert warnings == []
