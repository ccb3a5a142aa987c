import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_ixn.live.takeover import forget, planned_creates, settled, take_over, taken_over

from tests.unit.live.integrity import check_integrity
from tests.unit.live.states import (
    PROVIDER_REFERENCE,
    STACK,
    component,
    config_map,
    creating,
    live,
    provider,
    state,
)


def urns(deployment: Any) -> list[str]:
    return [each["urn"] for each in deployment["resources"]]


def test_an_existing_object_is_taken_with_its_missing_parents_before_it() -> None:
    east = component("east")
    server = component("server", parent=east["urn"])
    settings = config_map("settings", parent=server["urn"])

    found = take_over(state(), [settings, server, east], {settings["urn"]: live("settings")})

    assert urns(found)[2:] == [east["urn"], server["urn"], settings["urn"]]
    assert found["resources"][-1]["id"] == "ixn/settings"
    assert found["resources"][-1]["outputs"]["metadata"]["uid"] == "uid-settings"
    assert [each["urn"] for each in taken_over(state(), found)] == [settings["urn"]]


def test_what_does_not_exist_is_not_taken_nor_its_parents() -> None:
    east = component("east")
    assert take_over(state(), [east, config_map("settings", parent=east["urn"])], {}) == state()


def test_a_resource_is_left_out_without_its_parent_or_provider() -> None:
    orphan = config_map("orphan", parent=component("unknown")["urn"])
    foreign = config_map("foreign", provider=f"{PROVIDER_REFERENCE}-other")
    both = {orphan["urn"]: live("orphan"), foreign["urn"]: live("foreign")}

    assert take_over(state(), [orphan, foreign], both) == state()


def test_an_object_that_the_state_has_under_another_urn_is_not_taken_twice() -> None:
    recorded = config_map("settings", id="ixn/settings")
    renamed = config_map("settings", urn=config_map("renamed")["urn"])

    found = take_over(state(recorded), [renamed], {renamed["urn"]: live("settings")})

    assert found == state(recorded)


def test_a_replacement_under_another_name_leaves_the_old_object_to_be_deleted() -> None:
    old = config_map("policy-1", urn=config_map("policy")["urn"], id="ixn/policy-1")
    reader = config_map("reader", id="ixn/reader", dependencies=[old["urn"]])
    new = config_map("policy-2", urn=old["urn"])

    found = take_over(state(old, reader), [new], {new["urn"]: live("policy-2")})

    check_integrity(found)
    ids = {each["id"]: bool(each.get("delete")) for each in found["resources"] if each["urn"] == old["urn"]}
    assert ids == {"ixn/policy-1": True, "ixn/policy-2": False}


@pytest.mark.parametrize("mark", ["pendingReplacement", "delete"])
def test_a_replacement_of_the_same_name_takes_the_place_of_the_deleted_object(mark: str) -> None:
    old = config_map("settings", id="ixn/settings", **{mark: True})
    new = config_map("settings")

    found = take_over(state(old), [new], {new["urn"]: live("settings")})

    (kept,) = found["resources"][2:]
    assert kept["outputs"]["metadata"]["uid"] == "uid-settings"
    assert not kept.get(mark)


def test_references_to_what_is_not_there_are_dropped() -> None:
    password, settings = config_map("password"), config_map("settings", id="ixn/settings")
    lost = [password["urn"], settings["urn"]]
    reader = config_map("reader", dependencies=lost, propertyDependencies={"data": lost}, deletedWith=lost[0])

    found = take_over(state(settings), [reader], {reader["urn"]: live("reader")})

    check_integrity(found)
    assert found["resources"][-1]["dependencies"] == [settings["urn"]]
    assert found["resources"][-1]["propertyDependencies"] == {"data": [settings["urn"]]}


def test_deleted_objects_are_forgotten_with_the_references_to_them() -> None:
    gone = config_map("gone", id="ixn/gone")
    reader = config_map("reader", id="ixn/reader", dependencies=[gone["urn"]])

    found = forget(state(gone, reader), [gone["urn"]])

    check_integrity(found)
    assert urns(found)[2:] == [reader["urn"]]


def test_interrupted_operations_come_before_the_plan_and_are_cleared() -> None:
    interrupted, planned = config_map("settings", protect=True), config_map("settings")
    other = config_map("other")
    deployment = {**state(), "pending_operations": creating(interrupted)}
    steps = [{"op": "create", "newState": planned}, {"op": "create", "newState": other}, {"op": "same"}]

    assert planned_creates(deployment, {"steps": steps}) == [interrupted, other]
    assert settled(deployment) == state()


@st.composite
def interrupted_updates(draw: st.DrawFn) -> tuple[Any, list[Any], dict[str, Any]]:
    """A state, what is planned in any order, and objects: some of those that are planned."""
    components: list[Any] = []
    made: list[Any] = []
    for number in range(draw(st.integers(0, 5))):
        parents = [STACK, *(each["urn"] for each in components)]
        components.append(component(f"c{number}", parent=draw(st.sampled_from(parents))))
    for number in range(draw(st.integers(1, 8))):
        parents = [STACK, *(each["urn"] for each in components)]
        depends = draw(st.lists(st.sampled_from([each["urn"] for each in made]), unique=True)) if made else []
        fields = {"dependencies": depends, "propertyDependencies": {"data": depends}}
        made.append(config_map(f"m{number}", parent=draw(st.sampled_from(parents)), **fields))
    everything = [*components, *made]
    recorded: list[Any] = []
    for each in everything:
        there = {STACK, *(other["urn"] for other in recorded)}
        if {each["parent"], *each.get("dependencies", ())} <= there and draw(st.booleans()):
            name = each["urn"].rpartition("::")[2]
            recorded.append({**each, "id": f"ixn/{name}"} if each["custom"] else each)
    present = {each["urn"] for each in recorded}
    planned = [each for each in everything if each["urn"] not in present]
    random.Random(draw(st.integers(0, 99))).shuffle(planned)
    names = {each["urn"]: each["urn"].rpartition("::")[2] for each in planned if each["custom"]}
    existing = {urn: live(name) for urn, name in names.items() if draw(st.booleans())}
    return state(*recorded), planned, existing


@given(interrupted_updates())
def test_every_existing_object_is_taken_once_in_an_order_that_the_engine_accepts(update: Any) -> None:
    deployment, planned, existing = update

    found = take_over(deployment, planned, existing)

    check_integrity(found)
    assert {each["urn"] for each in taken_over(deployment, found)} == set(existing)
    assert set(urns(deployment)) <= set(urns(found))
    assert take_over(found, planned, existing) == found
    assert provider() in found["resources"]
