from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pulumi.provider.experimental.property_value import PropertyValue

from tools.standin.kubernetes.checkpoint import checkpoint, inputs_and_live, with_secrets_of
from tools.standin.plugin.values import UNKNOWN, has_unknown, plain, plain_object, property_value, property_values

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
SECRET = PropertyValue("s3", is_secret=True)


def clear_text(value: PropertyValue) -> str:
    """What a state file shows of the value: everything but what is marked secret."""
    if value.is_secret:
        return ""
    inner: Any = value.value
    match inner:
        case str() as text:
            return text
        case tuple() as items:
            return "".join(clear_text(item) for item in items)
        case None | bool() | float():
            return ""
        case mapping:
            return "".join(clear_text(item) for item in mapping.values())


@given(PLAIN)
def test_plain_values_go_to_the_sdk_and_back(value: Any):
    assert plain(property_value(value)) == value


def test_the_sdks_mark_for_unknown_is_found_in_the_depths():
    assert has_unknown({"a": [{"b": UNKNOWN}]})
    assert not has_unknown({"a": [{"b": "known"}]})


def test_a_nested_secret_stays_secret_and_its_neighbours_do_not():
    ins = {"spec": PropertyValue({"token": SECRET, "size": PropertyValue("big")})}
    spec: Any = with_secrets_of(property_values(plain_object(ins)), ins)["spec"].value
    assert spec["token"].is_secret
    assert not spec["size"].is_secret


def test_a_list_with_a_secret_in_it_is_secret_as_a_whole():
    ins = {"spec": PropertyValue({"items": PropertyValue([PropertyValue({"value": SECRET}), PropertyValue("x")])})}
    spec: Any = with_secrets_of(property_values(plain_object(ins)), ins)["spec"].value
    assert spec["items"].is_secret


def test_the_data_of_a_secret_are_secret_even_where_the_program_did_not_say_so():
    ins = property_values({"kind": "Secret", "data": {"k": "x"}, "stringData": {"k": "x"}})
    outs = with_secrets_of(ins, ins)
    assert outs["data"].is_secret
    assert outs["stringData"].is_secret
    assert not outs["kind"].is_secret


def test_nothing_secret_is_in_the_clear_in_a_state():
    obj = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": {"k": "s3", "open": "seen"}}
    source = {**property_values(obj), "data": PropertyValue({"k": SECRET, "open": PropertyValue("seen")})}
    shown = "".join(clear_text(value) for value in checkpoint(obj, obj, source, "manager").values())
    assert "s3" not in shown
    assert shown.count("seen") == 2


def test_a_state_gives_back_its_inputs_and_its_object():
    obj = {"apiVersion": "v1", "kind": "ConfigMap", "data": {"x-kubernetes-list-type": "a"}}
    state = checkpoint(obj, obj, property_values(obj), "manager")
    assert inputs_and_live(state) == (obj, obj)
    assert {"__inputs", "__initialApiVersion", "__fieldManager"} <= state.keys()
