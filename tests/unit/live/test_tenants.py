"""The guards of deployed tenants: which changes of the settings they stop, and what they say."""

from collections.abc import Mapping
from typing import Any

import pytest
from pulumi_ixn.live.problem import Problem
from pulumi_ixn.live.tenants import claims_left, tenant_problems

from tests.unit.config.stacks import REMOVED, stack_config
from tests.unit.live.stacks import NAMESPACE, STACK, settings, stateful_sets

WEST = stack_config("prod")["tenants"]["west"]
ID = "11111111-2222-3333-4444-555555555555"
UNPROTECTED = {"tenants.west.protect": False}


@pytest.fixture
def live() -> list[Any]:
    """The StatefulSets of the tenants east, west and training."""
    return stateful_sets()


def problems(live: list[Any], changes: Mapping[str, Any]) -> dict[str, str]:
    """Return the messages by path."""
    return {each.where: each.message for each in tenant_problems(live, settings(changes), STACK)}


def warnings(live: list[Any], changes: Mapping[str, Any]) -> list[str]:
    return list(claims_left(live, settings(changes), STACK))


def test_a_problem_names_its_place_first() -> None:
    assert str(Problem("ixn:tenants.west", "is missing")) == "ixn:tenants.west: is missing"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"ixnService.ixnServer.port": 7125}, id="a port"),
        pytest.param(
            {"tenants.west": REMOVED, "tenants.ouest": {**WEST, "aliases": ["west"]}}, id="a renamed key"
        ),
        pytest.param({"tenants.north": {**WEST, "id": ID, "sid": "330"}}, id="a new tenant"),
        pytest.param({"tenants.west.movedFrom": {"sid": "1"}}, id="the confirmation of an earlier move"),
    ],
)
def test_a_change_that_keeps_the_tenants_is_no_problem(live: list[Any], changes: dict[str, Any]) -> None:
    assert problems(live, changes) == {}
    assert warnings(live, changes) == []


def test_a_renamed_key_without_an_alias_names_the_missing_alias(live: list[Any]) -> None:
    for protect in (None, False):
        renamed = {"tenants.west": REMOVED, "tenants.ouest": {**WEST, "protect": protect}}
        (message,) = [problems(live, renamed)["ixn:tenants.ouest.aliases"]]
        assert "'west'" in message
        assert f"{NAMESPACE}/ixn-server-320" in message


def test_a_new_tenant_with_the_sid_of_a_removed_one_is_a_problem(live: list[Any]) -> None:
    replaced = {"tenants.west": REMOVED, "tenants.north": {**WEST, "id": ID}}

    assert "'west'" in problems(live, replaced)["ixn:tenants.north.aliases"]


def test_a_removed_tenant_is_a_problem_while_it_is_protected(live: list[Any]) -> None:
    (where, message), *more = problems(live, {"tenants.west": REMOVED}).items()

    assert (where, more) == ("ixn:tenants.west", [])
    assert "protect: false" in message
    assert "aliases" in message


def test_a_removed_tenant_that_was_unprotected_lists_its_claim() -> None:
    live = stateful_sets(protect=False)

    assert problems(live, {"tenants.west": REMOVED}) == {}
    (warning,) = warnings(live, {"tenants.west": REMOVED})
    assert "delete pvc logs-ixn-server-320-0" in warning
    assert f"--namespace {NAMESPACE}" in warning


@pytest.mark.parametrize(
    ("path", "field", "old", "new"),
    [
        ("tenants.west.id", "id", WEST["id"], ID),
        ("tenants.west.sid", "sid", "320", "321"),
    ],
)
def test_a_changed_value_without_a_confirmation_names_old_and_new(
    live: list[Any], path: str, field: str, old: str, new: str
) -> None:
    for confirmed in ({}, {f"tenants.west.movedFrom.{field}": "deadbeef-2222-3333-4444-555555555555"}):
        message = problems(live, {**UNPROTECTED, path: new, **confirmed})[f"ixn:{path}"]
        assert f"{new!r} is not" in message
        assert f"restore {old!r}" in message
        assert f"ixn:tenants.west.movedFrom.{field}" in message


def test_a_changed_namespace_is_a_problem_for_each_tenant(live: list[Any]) -> None:
    found = list(tenant_problems(live, settings({"namespace.name": "new"}), STACK))

    assert [each.where for each in found if "restore" in each.message] == ["ixn:namespace.name"] * 3
    assert [each for each in found if "ixn:tenants.training.movedFrom.namespace" in each.message]


def test_all_values_of_a_move_must_be_confirmed(live: list[Any]) -> None:
    changes = {**UNPROTECTED, "tenants.west.id": ID, "tenants.west.sid": "321"}

    one = problems(live, {**changes, "tenants.west.movedFrom": {"sid": "320"}})
    assert one.keys() == {"ixn:tenants.west.id"}
    both = {"sid": "320", "id": WEST["id"]}
    assert problems(live, {**changes, "tenants.west.movedFrom": both}) == {}
    more = problems(live, {**changes, "tenants.west.movedFrom": {**both, "namespace": "elsewhere"}})
    assert more.keys() == {"ixn:tenants.west.movedFrom.namespace"}


def test_a_confirmed_move_must_be_unprotected_and_lists_the_claim_that_it_leaves(live: list[Any]) -> None:
    moved = {"tenants.west.sid": "321", "tenants.west.movedFrom": {"sid": "320"}}

    assert problems(live, moved).keys() == {"ixn:tenants.west.protect"}
    assert problems(live, {**moved, **UNPROTECTED}) == {}
    (warning,) = warnings(live, {**moved, **UNPROTECTED})
    assert "delete pvc logs-ixn-server-320-0" in warning


def test_a_confirmed_new_id_replaces_no_protected_object(live: list[Any]) -> None:
    moved = {"tenants.west.id": ID, "tenants.west.movedFrom": {"id": WEST["id"]}}

    assert problems(live, moved) == {}
    assert warnings(live, moved) == []


def test_a_move_of_the_namespace_unprotects_the_shared_secrets(live: list[Any]) -> None:
    tenants = stack_config("prod")["tenants"]
    confirmed = {f"tenants.{key}.movedFrom": {"namespace": NAMESPACE} for key in tenants}
    moved = {**confirmed, "namespace.name": "new", **{f"tenants.{key}.protect": False for key in tenants}}
    assert problems(live, moved) == {}

    managed = {**moved, "peers.kafka.secret": {"managed": {}}}
    assert problems(live, managed).keys() == {"ixn:protect"}
    assert problems(live, {**managed, "protect": False}) == {}


def test_a_value_of_another_deployed_tenant_is_free_only_after_an_update(live: list[Any]) -> None:
    swapped = {
        "tenants.east.sid": "320",
        "tenants.east.protect": False,
        "tenants.east.movedFrom": {"sid": "310"},
        "tenants.west.sid": "321",
        "tenants.west.protect": False,
        "tenants.west.movedFrom": {"sid": "320"},
    }

    found = problems(live, swapped)
    assert found.keys() == {"ixn:tenants.east.sid"}
    assert "'west'" in found["ixn:tenants.east.sid"]


def test_a_tenant_that_has_arrived_needs_no_confirmation_although_the_old_one_is_left(live: list[Any]) -> None:
    (west,) = (each for each in live if each["metadata"]["name"] == "ixn-server-320")
    left = {
        **west,
        "metadata": {
            **west["metadata"],
            "name": "ixn-server-319",
            "labels": {"app.kubernetes.io/instance": "319"},
        },
    }

    assert problems([left, *live], {}) == {}


def test_objects_of_others_are_no_tenants(live: list[Any]) -> None:
    (west,) = (each for each in live if each["metadata"]["name"] == "ixn-server-320")
    foreign = {**west["metadata"]["annotations"], "ixn-pulumi/stack": "organization/ixn/other"}
    for annotations in (foreign, {}, None):
        west["metadata"]["annotations"] = annotations
        assert problems(live, {"tenants.west.sid": "321"}) == {}


def test_a_tenant_without_a_recorded_id_is_compared_by_sid_and_namespace(live: list[Any]) -> None:
    (west,) = (each for each in live if each["metadata"]["name"] == "ixn-server-320")
    del west["metadata"]["annotations"]["ixn-pulumi/tenant-id"]

    for confirmed in ({}, {"id": WEST["id"]}):
        assert problems(live, {"tenants.west.id": ID, "tenants.west.movedFrom": confirmed}) == {}
    assert problems(live, {"tenants.west.sid": "321"}).keys() == {
        "ixn:tenants.west.sid",
        "ixn:tenants.west.protect",
    }
