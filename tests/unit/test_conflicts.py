"""Field conflicts in the words of the API server, and the setting that overwrites them."""

import copy
import json
from typing import Any

import pytest
from pulumi_ixn.conflicts import FORCE, Conflict, conflicts_in, explanation
from pulumi_ixn.testing import deploy

from tests.unit.config.stacks import program, stack_file

ONE = (
    'The resource managed by field manager "pulumi-kubernetes-1" had an apply conflict: '
    "Apply failed with 1 conflict: "
    'conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas'
)
TIMED = (
    'Apply failed with 1 conflict: conflict with "kubectl-edit" using apps/v1 at 2026-01-31T12:00:00Z: '
    '.spec.template.spec.containers[name="ixn-node"].env[name="A"].value'
)
MANY = """Apply failed with 3 conflicts: conflicts with "helm":
- .spec.replicas
- .spec.paused
conflicts with "kubectl-edit" using apps/v1 at 2026-01-31T12:00:00Z:
- .spec.template.spec.containers[name="ixn-node"].image"""


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ONE, [Conflict(".spec.replicas", "kubectl")]),
        (
            TIMED,
            [Conflict('.spec.template.spec.containers[name="ixn-node"].env[name="A"].value', "kubectl-edit")],
        ),
        (
            MANY,
            [
                Conflict(".spec.replicas", "helm"),
                Conflict(".spec.paused", "helm"),
                Conflict('.spec.template.spec.containers[name="ixn-node"].image', "kubectl-edit"),
            ],
        ),
        ("deployments.apps is forbidden: User x cannot patch resource", []),
    ],
)
def test_each_conflicting_field_is_read_with_its_manager(error: str, expected: list[Conflict]) -> None:
    assert list(conflicts_in(error)) == expected


def test_the_explanation_has_the_object_the_field_the_manager_and_the_setting() -> None:
    text = explanation("Deployment ixn/a", conflicts_in(ONE))

    for part in ("Deployment ixn/a", ".spec.replicas", "kubectl", "ixn:forceConflicts"):
        assert part in text


@pytest.mark.parametrize("forced", [False, True])
def test_the_setting_annotates_each_object_of_a_tenant_and_no_pod(
    forced: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", json.dumps({"contexts": [{"name": "here"}]}))
    config: dict[str, Any] = copy.deepcopy(stack_file("dev")["config"])
    config |= {"ixn:target": {"context": "here"}, "ixn:forceConflicts": forced}

    manifests = [each for each in deploy(program, stack="dev", config=config).manifests if "kind" in each]

    objects = [each for each in manifests if each["kind"] != "Namespace"]
    assert {each["metadata"]["annotations"].get(FORCE) for each in objects} == ({"true"} if forced else {None})
    assert FORCE not in json.dumps([each.get("spec") for each in objects])
