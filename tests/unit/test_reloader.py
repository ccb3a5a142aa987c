"""The annotation by which Stakater's Reloader restarts pods."""

import json
from typing import Any

import pytest
from pulumi_ixn import InvalidInputs
from pulumi_ixn.rollout import Rollout
from pulumi_ixn.testing import Deployment, deploy, unknown

from tests.unit.config.stacks import change, program, stack_config
from tests.unit.samples import ixn

ANNOTATION = "secret.reloader.stakater.com/auto"
CONTROLLERS = {"ixn-server-100", "ixn-node-100", "ixn-vqnode-100"}


def annotations(found: Deployment[Any]) -> dict[str, Any]:
    """Return the annotations of each StatefulSet and Deployment."""
    return {
        each["metadata"]["name"]: each["metadata"].get("annotations", {})
        for each in found.manifests
        if each["kind"] in ("StatefulSet", "Deployment")
    }


def test_each_controller_is_annotated_and_nothing_else_changes(preview: bool) -> None:
    before, after = (
        {(each["kind"], each["metadata"]["name"]): each for each in found.manifests}
        for found in (deploy(lambda on=on: ixn(reloader=on) and None, preview=preview) for on in (False, True))
    )

    changed = {name for name, each in before.items() if after[name] != each}
    assert {name for _, name in changed} == CONTROLLERS
    for name in changed:
        metadata = {**after[name]["metadata"]}
        assert metadata.pop("annotations") == {ANNOTATION: "true"}
        assert {**after[name], "metadata": metadata} == before[name]


def test_it_is_off_by_default() -> None:
    assert ANNOTATION not in json.dumps([dict(each) for each in deploy(lambda: ixn() and None).manifests])


def test_it_goes_with_a_rollout(preview: bool) -> None:
    async def wait(rollout: Rollout) -> None:
        pass

    found = annotations(deploy(lambda: ixn(reloader=True, rollout=wait) and None, preview=preview))

    assert all(each.keys() == {ANNOTATION, "pulumi.com/waitFor"} for each in found.values())


@pytest.mark.parametrize("value", [True, False])
def test_a_stack_has_one_setting_for_it(value: bool, preview: bool) -> None:
    config = change(stack_config("dev"), {"reloader": value})
    config = {f"ixn:{key}": each for key, each in config.items()}
    found = annotations(deploy(program, preview=preview, stack="dev", config=config))

    assert {name for name, each in found.items() if each.get(ANNOTATION) == "true"} == (
        CONTROLLERS if value else set()
    )


def test_an_output_does_not_decide() -> None:
    with pytest.raises(InvalidInputs, match="reloader: must be a plain value"):
        deploy(lambda: ixn(reloader=unknown(bool)) and None)
