"""The guard of the log volumes: which changes it stops, and which commands it gives."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from pulumi_ixn.live.log_storage import log_storage_problems

from tests.unit.config.stacks import REMOVED
from tests.unit.live.stacks import NAMESPACE, STACK, objects, settings, stateful_sets

SIZE, CLASS = "ixnService.ixnServer.logStorage.storageSize", "ixnService.ixnServer.logStorage.storageClassName"
WEST = "tenants.west.ixnService.ixnServer.logStorage.storageSize"
KUBECTL = f"kubectl --context ixn-prod --namespace {NAMESPACE}"


@pytest.fixture
def live() -> list[Any]:
    """The StatefulSets of three tenants with a log volume of 20Gi each."""
    return stateful_sets()


def messages(live: list[Any], changes: Mapping[str, Any]) -> list[str]:
    found = list(log_storage_problems(live, settings(changes), STACK))
    assert {each.where for each in found} <= {"ixn:ixnService.ixnServer.logStorage"}
    return [each.message for each in found]


@pytest.mark.parametrize("size", ["20Gi", "20480Mi"])
def test_an_equal_size_is_no_problem(live: list[Any], size: str) -> None:
    assert messages(live, {SIZE: size}) == []


def test_a_larger_volume_of_one_tenant_gives_the_commands_that_keep_its_pod(live: list[Any]) -> None:
    (message,) = messages(live, {WEST: "30Gi"})

    assert "'west'" in message
    patch = json.dumps({"spec": {"resources": {"requests": {"storage": "30Gi"}}}}, separators=(",", ":"))
    assert [line.strip() for line in message.splitlines()[1:]] == [
        f"{KUBECTL} patch pvc logs-ixn-server-320-0 --patch '{patch}'",
        f"{KUBECTL} delete statefulset ixn-server-320 --cascade=orphan",
        "pulumi up --refresh --stack prod",
    ]


def test_a_shared_value_is_a_problem_of_each_tenant(live: list[Any]) -> None:
    assert len(messages(live, {SIZE: "30Gi"})) == 3


@pytest.mark.parametrize("changes", [{WEST: "10Gi"}, {CLASS: "slow"}, {CLASS: "slow", SIZE: "30Gi"}])
def test_a_smaller_volume_or_another_class_needs_a_new_claim(live: list[Any], changes: dict[str, Any]) -> None:
    message = messages(live, changes)[-1]

    assert "deletes its logs" in message
    assert f"{KUBECTL} delete pvc logs-ixn-server-" in message
    assert "patch" not in message


def test_a_claim_that_is_added_or_removed_leaves_the_claim_alone(live: list[Any]) -> None:
    without = objects("StatefulSet", {CLASS: REMOVED})

    for found in (messages(live, {CLASS: REMOVED}), messages(without, {})):
        assert len(found) == 3
        assert all("--cascade=orphan" in each and "pvc" not in each for each in found)
    assert messages(without, {CLASS: REMOVED}) == []


def test_a_tenant_that_moves_gets_a_new_claim_anyway(live: list[Any]) -> None:
    assert messages(live, {WEST: "30Gi", "tenants.west.sid": "321"}) == []
