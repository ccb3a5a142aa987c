from base64 import b64decode
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tools.standin.kubernetes.normal_form import dashed, normal_form, underscored
from tools.standin.plugin.values import UNKNOWN


def secret(**fields: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, **fields}


def test_string_data_of_a_secret_becomes_base64_data():
    assert normal_form(secret(stringData={"k": "one"})) == secret(data={"k": "b25l"})


def test_string_data_win_over_data():
    both = secret(data={"k": "eA==", "other": "eA=="}, stringData={"k": "one"})
    assert normal_form(both) == secret(data={"k": "b25l", "other": "eA=="})


@given(st.dictionaries(st.text(min_size=1), st.text(), min_size=1))
def test_data_decode_to_what_string_data_said(text: dict[str, str]):
    data: Any = normal_form(secret(stringData=text))["data"]
    assert {key: b64decode(value).decode() for key, value in data.items()} == text


def test_a_secret_with_something_unknown_stays_as_it_is():
    unknown = secret(stringData={"k": UNKNOWN, "plain": "x"})
    assert normal_form(unknown) == unknown


def test_a_custom_resource_called_secret_stays_as_it_is():
    custom: dict[str, Any] = {"apiVersion": "example.com/v1", "kind": "Secret", "stringData": {"k": "one"}}
    assert normal_form(custom) == custom


def test_unknown_fields_pass_through():
    obj: dict[str, Any] = {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"noSuchField": 1}}
    assert normal_form(obj) == obj


def test_what_the_server_fills_in_is_taken_out():
    obj: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "x", "uid": "u", "resourceVersion": "1"},
    }
    assert normal_form(obj)["metadata"] == {"name": "x"}


def test_a_definition_loses_its_status_and_the_default_it_may_not_state():
    obj: dict[str, Any] = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "spec": {"group": "g", "preserveUnknownFields": False},
        "status": {},
    }
    assert normal_form(obj) == {**{key: obj[key] for key in ("apiVersion", "kind")}, "spec": {"group": "g"}}


@given(st.dictionaries(st.text(), st.text()))
def test_the_normal_form_is_its_own_normal_form(data: dict[str, str]):
    once = normal_form(secret(stringData=data))
    assert normal_form(once) == once


def test_the_sdks_names_of_dashed_fields_go_there_and_back():
    sdk: dict[str, Any] = {"spec": [{"x_kubernetes_preserve_unknown_fields": True, "other_name": 1}]}
    kubernetes: dict[str, Any] = {"spec": [{"x-kubernetes-preserve-unknown-fields": True, "other_name": 1}]}
    assert dashed(sdk) == kubernetes
    assert underscored(kubernetes) == sdk
