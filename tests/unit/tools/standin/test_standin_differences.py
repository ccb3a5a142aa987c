from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.standin.kubernetes.differences import Change, differences, path_text
from tools.standin.plugin.values import UNKNOWN

PLAIN = st.recursive(
    st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def obj(
    api_version: str, kind: str, namespace: str | None = "tr", name: str = "x", **fields: Any
) -> dict[str, Any]:
    metadata = {"name": name} if namespace is None else {"name": name, "namespace": namespace}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **fields}


def changed(old: dict[str, Any], new: dict[str, Any], **options: Any):
    return differences(old, old, new, **options)


def workload(kind: str, **spec: Any) -> dict[str, Any]:
    return obj("batch/v1" if kind == "Job" else "apps/v1", kind, spec=spec)


@given(PLAIN)
def test_the_same_object_has_no_differences(value: Any):
    found = changed(obj("apps/v1", "StatefulSet", spec=value), obj("apps/v1", "StatefulSet", spec=value))
    assert found.changes == ()
    assert not found.delete_before_replace


@pytest.mark.parametrize("kind", ["ConfigMap", "Secret"])
def test_changed_data_are_delete_then_create(kind: str):
    found = changed(obj("v1", kind, data={"k": "MQ=="}), obj("v1", kind, data={"k": "Mg=="}))
    assert found.changes == (Change(("data", "k"), "update", replaces=True),)
    assert found.delete_before_replace


@pytest.mark.parametrize("kind", ["ConfigMap", "Secret"])
def test_changed_data_are_an_update_where_the_provider_says_mutable(kind: str):
    old, new = obj("v1", kind, data={"k": "MQ=="}), obj("v1", kind, data={"k": "Mg=="})
    found = changed(old, new, mutable_kinds={kind})
    assert found.changes == (Change(("data", "k"), "update", replaces=False),)
    assert not found.delete_before_replace


@pytest.mark.parametrize("kind", ["ConfigMap", "Secret"])
def test_an_immutable_object_is_replaced_whatever_the_provider_says(kind: str):
    old = obj("v1", kind, immutable=True, data={"k": "MQ=="})
    found = changed(old, {**old, "data": {"k": "Mg=="}}, mutable_kinds={kind})
    assert found.replaces == ("data.k",)


def test_a_label_changes_in_place():
    old = obj("v1", "ConfigMap")
    new = {**old, "metadata": {**old["metadata"], "labels": {"a": "b"}}}
    assert changed(old, new).changes == (Change(("metadata", "labels"), "add", replaces=False),)


@pytest.mark.parametrize(
    ("kind", "field", "replaces"),
    [
        ("StatefulSet", "selector", True),
        ("StatefulSet", "serviceName", True),
        ("StatefulSet", "volumeClaimTemplates", True),
        ("StatefulSet", "podManagementPolicy", True),
        ("StatefulSet", "replicas", False),
        ("StatefulSet", "template", False),
        ("StatefulSet", "updateStrategy", False),
        ("StatefulSet", "persistentVolumeClaimRetentionPolicy", False),
        ("StatefulSet", "minReadySeconds", False),
        ("StatefulSet", "ordinals", False),
        ("Deployment", "selector", True),
        ("Deployment", "template", False),
        ("Job", "template", True),
        ("Job", "selector", True),
        ("Job", "backoffLimit", False),
    ],
)
def test_only_immutable_fields_replace_a_workload(kind: str, field: str, replaces: bool):
    found = changed(workload(kind, **{field: {"a": {"b": "1"}}}), workload(kind, **{field: {"a": {"b": "2"}}}))
    assert found.changes == (Change(("spec", field, "a", "b"), "update", replaces),)
    assert found.delete_before_replace is replaces


@pytest.mark.parametrize(
    ("kind", "field", "replaces"),
    [
        ("PersistentVolumeClaim", "storageClassName", True),
        ("PersistentVolumeClaim", "accessModes", True),
        ("PersistentVolumeClaim", "resources", False),
        ("Service", "clusterIP", True),
        ("Service", "ports", False),
        ("Pod", "nodeName", True),
    ],
)
def test_only_immutable_fields_replace_an_object_of_the_core(kind: str, field: str, replaces: bool):
    old, new = (obj("v1", kind, spec={field: value}) for value in ("1", "2"))
    assert bool(changed(old, new).replaces) is replaces


def test_a_new_image_replaces_a_pod():
    old, new = (obj("v1", "Pod", spec={"containers": [{"name": "c", "image": image}]}) for image in ("a", "b"))
    assert changed(old, new).replaces == ("spec.containers[0].image",)


def test_the_type_of_a_secret_replaces_it_even_where_its_data_may_change():
    old, new = (obj("v1", "Secret", type=kind) for kind in ("Opaque", "kubernetes.io/tls"))
    assert changed(old, new, mutable_kinds={"Secret"}).replaces == ("type",)


def test_adding_a_whole_that_holds_an_immutable_field_replaces():
    old, new = obj("apps/v1", "Deployment"), workload("Deployment", selector={"matchLabels": {"a": "b"}})
    assert changed(old, new).replaces == ("spec",)


@pytest.mark.parametrize("field", ["name", "namespace"])
def test_another_identity_is_create_then_delete(field: str):
    old = obj("v1", "ConfigMap")
    found = changed(old, {**old, "metadata": {**old["metadata"], field: "other"}})
    assert found.replaces == (f"metadata.{field}",)
    assert not found.delete_before_replace


def test_a_name_made_by_the_plugin_is_create_then_delete():
    old = obj("v1", "ConfigMap", data={"k": "1"})
    old["metadata"]["annotations"] = {"pulumi.com/autonamed": "true"}
    found = changed(old, {**old, "data": {"k": "2"}})
    assert found.replaces == ("data.k",)
    assert not found.delete_before_replace


def test_without_a_namespace_a_replacement_is_create_then_delete_as_with_the_real_plugin():
    old, new = (obj("v1", "ConfigMap", namespace=None, data={"k": value}) for value in ("1", "2"))
    found = changed(old, new)
    assert found.replaces == ("data.k",)
    assert not found.delete_before_replace


def test_a_replacement_outside_any_namespace_is_delete_then_create():
    old, new = (obj("storage.k8s.io/v1", "StorageClass", namespace=None, provisioner=value) for value in "ab")
    assert changed(old, new).delete_before_replace


def test_the_default_namespace_is_the_same_as_none():
    assert (
        changed(obj("v1", "ConfigMap", namespace=None), obj("v1", "ConfigMap", namespace="default")).changes == ()
    )


def test_string_data_that_come_to_the_same_data_are_no_difference():
    assert (
        changed(obj("v1", "Secret", data={"k": "b25l"}), obj("v1", "Secret", stringData={"k": "one"})).changes
        == ()
    )


def test_a_secret_to_be_known_later_is_planned_as_a_replacement():
    found = changed(obj("v1", "Secret", data={"k": "b25l"}), obj("v1", "Secret", stringData={"k": UNKNOWN}))
    assert found.changes == (
        Change(("data",), "delete", replaces=True),
        Change(("stringData",), "add", replaces=True),
    )
    assert found.delete_before_replace


def test_each_item_of_a_list_is_compared_in_its_place():
    old, new = workload("Deployment", list=[1, 2, 3]), workload("Deployment", list=[1, 4])
    assert changed(old, new).changes == (
        Change(("spec", "list", 1), "update", replaces=False),
        Change(("spec", "list", 2), "delete", replaces=False),
    )


@pytest.mark.parametrize("other", ["1", True, [1]])
def test_a_number_is_a_number_only(other: Any):
    assert changed(workload("Deployment", port=1), workload("Deployment", port=other)).changes != ()


def test_what_the_live_object_has_beyond_its_inputs_is_no_difference():
    inputs = obj("v1", "Service", spec={"ports": [{"port": 1}]})
    live = obj("v1", "Service", spec={"ports": [{"port": 1, "protocol": "TCP"}], "clusterIP": "10.0.0.1"})
    assert differences(live, inputs, inputs).changes == ()


def test_a_path_is_written_as_the_engine_reads_it():
    path = ("metadata", "annotations", 'a.b/"c"', 0, "d")
    assert path_text(path) == 'metadata.annotations["a.b/\\"c\\""][0].d'
