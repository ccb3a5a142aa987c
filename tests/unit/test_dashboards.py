"""The component Dashboards, and the setting of the stack config that creates it."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest
import yaml
from pulumi_ixn import Dashboards, DashboardsArgs, InvalidInputs
from pulumi_ixn.config import load
from pulumi_ixn.monitoring.dashboards import dashboards
from pulumi_ixn.ownership import Owner
from pulumi_ixn.testing import Deployment, deploy

from tests.unit import messages as m
from tests.unit.config.stacks import CHECKOUT, change, program, stack_config
from tests.unit.kubernetes_schemas import VERSIONS, validation_errors
from tests.unit.markdown import blocks
from tests.unit.registrations import Registrations, registrations

__all__ = ["registrations"]

MAX_SIZE = 256 * 1024
"""Of a ConfigMap that others copy with `kubectl apply`, which stores it in an annotation; else it is 1 MiB."""


def made(args: DashboardsArgs, preview: bool = False) -> Deployment[Any]:
    return deploy(lambda: Dashboards("grafana", args).config_maps and None, preview=preview)


def stack(changes: Mapping[str, Any]) -> Deployment[None]:
    config = change(stack_config("dev"), changes)
    return deploy(program, config={f"ixn:{key}": value for key, value in config.items()}, stack="dev")


def config_maps(found: Deployment[Any]) -> list[Mapping[str, Any]]:
    return [each for each in found.manifests if each["metadata"].get("name", "").endswith("-dashboard")]


def test_each_dashboard_is_a_config_map_that_the_sidecar_finds(preview: bool) -> None:
    found = made(DashboardsArgs("monitoring"), preview)

    assert len(found.manifests) == len(dashboards()) == 8
    for uid in dashboards():
        manifest = found.manifest("ConfigMap", f"{uid}-dashboard")
        metadata = manifest["metadata"]
        assert metadata["namespace"] == "monitoring"
        assert metadata["labels"]["grafana_dashboard"] == "1"
        assert metadata["annotations"] == {"grafana_folder": "IXN"}
        assert {name: json.loads(text)["uid"] for name, text in manifest["data"].items()} == {f"{uid}.json": uid}


def test_a_config_map_is_small_enough_and_valid() -> None:
    for manifest in made(DashboardsArgs("monitoring")).manifests:
        assert len(json.dumps(manifest)) < MAX_SIZE
        assert [error for version in VERSIONS for error in validation_errors(manifest, version)] == []


def test_labels_and_the_folder_are_settings() -> None:
    args = DashboardsArgs(
        pulumi.Output.from_input("monitoring"), {"team/dashboards": "yes"}, "Voice", "k8s-sidecar-target-directory"
    )

    for manifest in made(args).manifests:
        metadata = manifest["metadata"]
        assert metadata["labels"]["team/dashboards"] == "yes"
        assert "grafana_dashboard" not in metadata["labels"]
        assert metadata["annotations"] == {"k8s-sidecar-target-directory": "Voice"}


def test_without_a_folder_there_is_no_annotation() -> None:
    assert [
        each["metadata"].get("annotations") or {} for each in made(DashboardsArgs("x", folder=None)).manifests
    ] == [{} for _ in dashboards()]


def test_the_config_maps_are_children_of_the_component(registrations: Registrations) -> None:
    made(DashboardsArgs("monitoring"))

    component = registrations.one("ixn:index:Dashboards", "grafana")
    children = registrations.children(component)
    assert {each.name for each in children} == {f"grafana-{uid.removeprefix('ixn-')}" for uid in dashboards()}
    assert component.outputs is not None
    assert component.outputs["configMaps"] == [f"{uid}-dashboard" for uid in dashboards()]


def test_a_stack_has_dashboards_only_if_they_are_enabled() -> None:
    assert config_maps(stack({})) == []
    assert config_maps(stack({"monitoring.dashboards": {"folder": "Voice"}})) == []


def test_a_stack_creates_them_once_in_its_namespace() -> None:
    other = {"id": "7d0c1d38-2c1b-4bd5-a3ea-4b44f5ef9d6a", "sid": "200"}
    settings = {"enabled": True, "labels": {"dashboards": "ixn"}, "folder": None}

    found = config_maps(stack({"monitoring.dashboards": settings, "tenants.other": other}))

    assert len(found) == len(dashboards())
    assert {each["metadata"]["namespace"] for each in found} == {"ixn"}
    assert all(each["metadata"]["labels"]["dashboards"] == "ixn" for each in found)
    assert all("grafana_folder" not in (each["metadata"].get("annotations") or {}) for each in found)


def test_without_service_monitors_a_stack_still_has_dashboards() -> None:
    changes = {"monitoring.enabled": False, "monitoring.dashboards.enabled": True}

    assert len(config_maps(stack(changes))) == len(dashboards())


BAD: Mapping[str, tuple[dict[str, Any], str, str]] = {
    "labels": ({"labels": {}}, "labels", m.NOT_EMPTY),
    "label": ({"labels": {"a": "b c"}}, "labels.a", "is not a label value"),
    "reserved": ({"labels": {"app.kubernetes.io/name": "x"}}, 'labels["app.kubernetes.io/name"]', m.RESERVED),
    "folder": ({"folder": "two\nlines"}, "folder", "is not a single-line string"),
    "annotation": ({"folder_annotation": "a b"}, "folder_annotation", "is not a label or annotation key"),
}


@pytest.mark.parametrize("name", BAD)
def test_an_invalid_argument_is_rejected_with_its_path(name: str) -> None:
    changes, path, reason = BAD[name]

    with pytest.raises(InvalidInputs) as caught:
        made(DashboardsArgs(**{"namespace": "monitoring", **changes}))

    (issue,) = caught.value.issues
    assert issue.path == path
    assert reason in issue.reason


@pytest.mark.parametrize("name", BAD)
def test_a_stack_config_gets_the_same_reason(name: str) -> None:
    changes, _, reason = BAD[name]
    settings = {key.replace("folder_annotation", "folderAnnotation"): value for key, value in changes.items()}

    with pytest.raises(InvalidInputs) as caught:
        load(change(stack_config("dev"), {"monitoring.dashboards": settings}))

    (issue,) = caught.value.issues
    assert reason in issue.reason
    assert issue.path.startswith("ixn:monitoring.dashboards.")


def test_an_output_as_annotation_key_is_rejected() -> None:
    with pytest.raises(InvalidInputs, match="folder_annotation"):
        made(DashboardsArgs("x", folder_annotation=pulumi.Output.from_input("a")))  # pyright: ignore[reportArgumentType]


def test_the_program_in_the_documentation_creates_them() -> None:
    (block,) = blocks(CHECKOUT / "docs" / "monitoring.md", after="## Dashboards")

    found = deploy(lambda: block.run({}))

    assert {each["metadata"]["namespace"] for each in found.manifests} == {"monitoring"}
    assert len(found.manifests) == len(dashboards())


def test_the_setting_in_the_documentation_enables_them() -> None:
    block = blocks(CHECKOUT / "docs" / "monitoring.md", "yaml", after="## Dashboards")[0]
    (settings,) = yaml.safe_load(block.text).values()

    assert len(config_maps(stack({"monitoring.dashboards": settings["dashboards"]}))) == len(dashboards())


def test_on_a_cluster_they_belong_to_the_stack_and_to_no_tenant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", json.dumps({"contexts": [{"name": "here"}]}))

    found = config_maps(stack({"target": {"context": "here"}, "monitoring.dashboards.enabled": True}))

    assert len(found) == len(dashboards())
    for each in found:
        owner = Owner.of(each["metadata"])
        assert owner is not None
        assert owner.stack.endswith("/ixn/dev")
        assert owner.tenant is None
    assert all(each["metadata"]["annotations"]["grafana_folder"] == "IXN" for each in found)
