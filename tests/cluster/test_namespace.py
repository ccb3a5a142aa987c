"""What happens to a namespace with a live tenant, on a real API server."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.live_stack import LiveStack
from tools.cluster.control_plane import running_control_plane


@pytest.fixture
def stack(tmp_path: Path) -> Generator[LiveStack]:
    """A stack whose control plane has nothing but a simulated node."""
    with running_control_plane() as client:
        yield LiveStack(client, tmp_path)


def test_create_false_when_upgrading_from_0_1_0_keeps_the_namespace_and_its_objects(stack: LiveStack) -> None:
    stack.restore_baseline()
    kept = stack.identities("persistentvolumeclaims", "services", "deployments")
    namespace = stack.client.get("namespace", "ixn")["metadata"]["uid"]

    stack.set_namespace(name="ixn", create=False)
    stack.project.up()

    assert stack.client.get("namespace", "ixn")["metadata"]["uid"] == namespace
    assert kept.items() <= stack.identities("persistentvolumeclaims", "services", "deployments").items()
    stack.project.up()  # the next update does not delete it either
    assert stack.client.get("namespace", "ixn")["metadata"]["uid"] == namespace


@pytest.mark.parametrize(
    ("key", "value"), [("ixn:namespace", {"name": "other"}), ("ixn:target", {"render": True})]
)
def test_deleting_the_namespace_of_0_1_0_is_rejected_before_any_change(
    key: str, value: dict[str, Any], stack: LiveStack
) -> None:
    stack.restore_baseline()
    kinds = ("persistentvolumeclaims", "services", "deployments", "statefulsets", "pods")
    before = stack.identities(*kinds)

    with stack.project.edited() as config:
        config[key] = value
    for command in (("preview",), ("up", "--yes", "--skip-preview")):
        run = stack.fails(*command)
        assert key in run.output
        assert "Traceback" not in run.output

    assert stack.identities(*kinds) == before
    assert not stack.exists("namespace", "other")


def test_a_rename_and_destroy_keep_the_namespace_and_its_claims_and_report_it(stack: LiveStack) -> None:
    stack.project.up()
    claims = stack.identities("persistentvolumeclaims")
    assert claims

    stack.set_namespace(name="other")
    with stack.project.edited() as config:
        config["ixn:tenants"]["dev"]["movedFrom"] = {"namespace": "ixn"}
    renamed = stack.project.up()
    assert "'ixn'" in renamed.output
    assert "PersistentVolumeClaims" in renamed.output
    assert stack.identities("persistentvolumeclaims") == claims
    assert stack.identities("pods", namespace="other")

    destroyed = stack.project.pulumi("destroy", "--yes", "--skip-preview")
    assert "retain" in destroyed.output
    assert stack.exists("namespace", "other")
    assert stack.identities("persistentvolumeclaims", namespace="other")
    assert stack.identities("statefulsets", "deployments", namespace="other") == {}


def test_a_later_create_false_keeps_the_namespace_and_a_refresh_finds_no_drift(stack: LiveStack) -> None:
    stack.set_namespace(name="own")
    stack.project.up()
    namespace = stack.client.get("namespace", "own")["metadata"]["uid"]

    stack.provide("own")
    stack.set_namespace(name="own", create=False)
    assert "'own' stays" in stack.project.up().output

    assert stack.client.get("namespace", "own")["metadata"]["uid"] == namespace
    stack.project.pulumi("preview", "--refresh", "--expect-no-changes")
