"""A stack on a cluster is checked before its program registers anything, on mocks."""

import json
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks
from pulumi_ixn import stack
from pulumi_ixn.config import load
from pulumi_ixn.live.objects import objects
from pulumi_ixn.live.preflight import PreflightError
from pulumi_ixn.live.subject import Subject
from pulumi_ixn.testing import Deployment, deploy

from tests.unit.config.stacks import change, program, stack_config
from tests.unit.live.api_server import UID, ApiServer

OURS = "organization/ixn/dev"
CONFIG = change(stack_config("dev"), {"target": {"context": "here"}, "namespace.create": False})


@pytest.fixture(autouse=True)
def context(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kubeconfig that has the stack's context, and no cluster."""
    monkeypatch.setenv("KUBECONFIG", json.dumps({"contexts": [{"name": "here"}]}))


@pytest.fixture
def server() -> ApiServer:
    """A cluster that the stack can be deployed to."""
    return ApiServer(Subject(OURS, load(CONFIG)))


@pytest.fixture
def exported(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The outputs that the program exports."""
    found: dict[str, Any] = {}
    monkeypatch.setattr(pulumi, "export", found.__setitem__)
    return found


@pytest.fixture
def reads() -> list[str]:
    """What the program asks the engine for, about the last update."""
    return []


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch, reads: list[str]) -> dict[str, dict[str, Any]]:
    """What the engine answers about the last update: its `outputs` and `resources`, to be filled by the test."""
    known: dict[str, dict[str, Any]] = {"outputs": {}, "resources": {}}

    def call(_: object, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[Any]]:
        reads.append(args.token)
        return {"outputs": known["resources" if "Resource" in args.token else "outputs"]}, []

    monkeypatch.setattr("pulumi_ixn.testing._Recorder.call", call)
    return known


def run(server: ApiServer, preview: bool = False, **changes: Any) -> Deployment[None]:
    settings = load(change(CONFIG, changes))
    return deploy(lambda: stack.deploy(settings, server), stack="dev", preview=preview)


def last_update(state: dict[str, dict[str, Any]], cluster: str) -> None:
    """Fill the state as the last update left it."""
    state["outputs"] |= {"namespace": {"name": "ixn", "created": False, "cluster": True}, "cluster": cluster}
    for ref in objects(load(CONFIG)):
        outputs = {"kind": ref.kind.name, "metadata": {"name": ref.name, "namespace": ref.namespace}}
        state["resources"][str(ref)] = {"type": f"kubernetes:x:{ref.kind.name}", "outputs": outputs}


def test_the_cluster_is_an_output(server: ApiServer, exported: dict[str, Any], preview: bool) -> None:
    assert run(server, preview).manifests
    assert exported["cluster"] == UID


def test_a_problem_stops_the_program_before_it_registers_anything(
    server: ApiServer, monkeypatch: pytest.MonkeyPatch, preview: bool
) -> None:
    registered: list[str] = []
    monkeypatch.setattr("pulumi_ixn.testing._Recorder.new_resource", lambda _, args: registered.append(args.name))
    server.denied = {"services/watch"}

    with pytest.raises(PreflightError, match="services in the namespace ixn"):
        run(server, preview)
    assert registered == []


def test_objects_in_the_state_belong_to_the_stack(
    server: ApiServer, state: dict[str, dict[str, Any]], preview: bool
) -> None:
    for ref in objects(load(CONFIG)):
        server.add(ref)
    with pytest.raises(PreflightError, match="ixn adopt"):
        run(server, preview)

    last_update(state, UID)
    assert run(server, preview).manifests


def test_another_cluster_than_the_output_of_the_last_update_is_an_error(
    server: ApiServer, state: dict[str, dict[str, Any]], preview: bool
) -> None:
    last_update(state, "another")

    with pytest.raises(PreflightError, match=r"ixn:target\.context"):
        run(server, preview)


def test_the_state_is_read_once_for_the_checks_and_the_outputs_of_the_last_update(
    server: ApiServer, state: dict[str, dict[str, Any]], reads: list[str]
) -> None:
    last_update(state, UID)
    outputs = {**state["outputs"], "cluster": "another"}
    state["resources"]["stack"] = {"type": "pulumi:pulumi:Stack", "outputs": outputs}

    with pytest.raises(PreflightError, match=r"ixn:target\.context"):
        run(server)
    assert reads == ["pulumi:pulumi:readStackResourceOutputs"]


def test_the_recorded_cluster_stays_if_the_checks_are_off(
    server: ApiServer, state: dict[str, dict[str, Any]], exported: dict[str, Any]
) -> None:
    last_update(state, "another")

    assert run(server, preview=True, preflight=False).manifests
    assert server.sent == []
    assert exported["cluster"] == "another"


def test_a_stack_that_renders_manifests_has_no_cluster(server: ApiServer, exported: dict[str, Any]) -> None:
    assert run(server, target={"render": True}).manifests
    assert server.sent == []
    assert "cluster" not in exported


def test_a_program_on_mocks_is_not_checked() -> None:
    config = {f"ixn:{key}": value for key, value in CONFIG.items()}

    assert deploy(program, stack="dev", config=config).manifests
