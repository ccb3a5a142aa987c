import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.provider.experimental import provider as sdk

from tools.standin.plugin.errors import StandinError
from tools.standin.plugin.values import UNKNOWN, plain_object, property_values
from tools.standin.random.alphabet import CLASSES, SPECIAL, random_text, recipe
from tools.standin.random.provider import RandomProvider
from tools.standin.random.resources import RESOURCES, resource

PASSWORD = "random:index/randomPassword:RandomPassword"
URN = f"urn:pulumi:s::p::{PASSWORD}::pw"

MINIMA = st.fixed_dictionaries({minimum: st.integers(0, 5) for _, minimum in CLASSES.values()})


def made(*, preview: bool, **inputs: Any) -> sdk.CreateResponse:
    return asyncio.run(RandomProvider().create(sdk.CreateRequest(URN, property_values(inputs), 0, preview)))


def difference(state: dict[str, Any], **inputs: Any) -> sdk.DiffResponse:
    request = sdk.DiffRequest(URN, "none", property_values(state), property_values(inputs), [])
    return asyncio.run(RandomProvider().diff(request))


@given(MINIMA, st.integers(0, 20))
def test_a_password_is_as_long_as_asked_and_has_the_minimum_of_each_class(minima: dict[str, int], more: int):
    length = max(1, sum(minima.values()) + more)
    text = random_text(recipe({"length": length, **minima}))
    assert len(text) == length
    for alphabet, minimum in CLASSES.values():
        assert sum(character in alphabet for character in text) >= minima[minimum]


@given(st.sets(st.sampled_from(sorted(CLASSES)), min_size=1), st.integers(1, 40))
def test_a_password_has_characters_of_the_wanted_classes_only(wanted: set[str], length: int):
    text = random_text(recipe({"length": length, **{name: name in wanted for name in CLASSES}}))
    assert set(text) <= set("".join(CLASSES[name][0] for name in wanted))


def test_special_characters_can_be_chosen():
    only = {"lower": False, "upper": False, "numeric": False}
    assert set(random_text(recipe({"length": 50, "overrideSpecial": "_-", **only}))) <= set("_-")
    assert set(random_text(recipe({"length": 50, **only}))) <= set(SPECIAL)


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"length": 0},
        {"length": -1},
        {"length": "8"},
        {"length": 2, "minLower": 3},
        {"length": 8, "lower": False, "upper": False, "numeric": False, "special": False},
    ],
)
def test_what_no_password_can_be_made_from_is_refused(inputs: dict[str, Any]):
    with pytest.raises(StandinError):
        recipe(inputs)


def test_required_characters_are_not_always_in_front():
    wanted = recipe({"length": 20, "minLower": 1})
    assert {random_text(wanted)[0].islower() for _ in range(100)} == {True, False}


def test_no_two_passwords_are_the_same():
    assert len({random_text(recipe({"length": 20})) for _ in range(100)}) == 100


def test_the_result_is_secret_and_the_inputs_are_not():
    answer = made(preview=False, length=12)
    assert answer.resource_id == "none"
    assert [name for name, value in answer.properties.items() if value.is_secret] == ["result"]
    assert len(str(answer.properties["result"].value)) == 12


def test_the_result_is_secret_before_it_is_known():
    result = made(preview=True, length=12).properties["result"]
    assert (result.value, result.is_secret) == (UNKNOWN, True)


def test_an_unchanged_password_stays():
    state = plain_object(made(preview=False, length=12, keepers={"a": "b"}).properties)
    assert difference(state, length=12, keepers={"a": "b"}).changes is False


@pytest.mark.parametrize(
    "inputs", [{"length": 13}, {"length": 12, "special": False}, {"length": 12, "keepers": {"a": "b"}}]
)
def test_any_change_makes_a_new_password(inputs: dict[str, Any]):
    answer = difference(plain_object(made(preview=False, length=12).properties), **inputs)
    assert answer.changes
    assert answer.replaces == [name for name in inputs if (name, inputs[name]) != ("length", 12)]


def test_an_id_is_the_same_bytes_in_four_notations():
    name, outputs = RESOURCES["random:index/randomId:RandomId"].make({"byteLength": 4, "prefix": "p-"})
    assert outputs["b64Url"] == f"p-{name}"
    assert int(str(outputs["hex"]).removeprefix("p-"), 16) == int(str(outputs["dec"]).removeprefix("p-"))


def test_other_resources_are_refused_by_name():
    with pytest.raises(StandinError, match="random:index/randomPet:RandomPet is not supported"):
        resource("random:index/randomPet:RandomPet")
