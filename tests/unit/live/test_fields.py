"""Foreign changes by `managedFields`."""

import copy
from typing import Any

import pytest
from pulumi_ixn.live.fields import HIDDEN, foreign_changes

OURS = "pulumi-kubernetes-1"
SECRET_VALUE = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}
A = 'k:{"name":"a"}'
INPUTS: dict[str, Any] = {
    "metadata": {"name": "d", "labels": {"app": "d"}},
    "spec": {
        "replicas": 2,
        "containers": [
            {
                "name": "a",
                "env": [{"name": "X", "value": "1"}],
                "ports": [{"containerPort": 80}],
                "resources": {"limits": {"memory": "1024Mi"}},
            }
        ],
        "ingress": [{"from": [{"podSelector": {}}]}],
    },
}
OWNED: dict[str, Any] = {
    "f:metadata": {"f:labels": {"f:app": {}}},
    "f:spec": {
        "f:replicas": {},
        "f:ingress": {},
        "f:containers": {
            A: {
                ".": {},
                "f:name": {},
                "f:env": {'k:{"name":"X"}': {".": {}, "f:name": {}, "f:value": {}}},
                "f:ports": {'k:{"containerPort":80,"protocol":"TCP"}': {".": {}, "f:containerPort": {}}},
                "f:resources": {"f:limits": {"f:memory": {}}},
            }
        },
    },
}


def at(path: str, value: Any = None) -> dict[str, Any]:
    """Return a tree of fields with one path, whose keys are separated by spaces."""
    tree: dict[str, Any] = value or {}
    for key in reversed(path.split(" ")):
        tree = {key: tree}
    return tree


def changes(
    live: dict[str, Any], owned: dict[str, Any], others: dict[str, Any], subresource: str = "", by: str = "edit"
) -> dict[str, tuple[Any, Any]]:
    entries = [
        {"manager": OURS, "time": "1", "fieldsV1": owned},
        {"manager": by, "subresource": subresource, "time": "2", "fieldsV1": others},
    ]
    found = foreign_changes(
        INPUTS, INPUTS, {**live, "metadata": {**live["metadata"], "managedFields": entries}}, OURS
    )
    return {each.field: (each.old, each.new) for each in found}


def without(path: str) -> dict[str, Any]:
    """Return our fields without one, and without a parent that has no other."""
    owned = copy.deepcopy(OWNED)
    keys = path.split(" ")
    while keys:
        node = owned
        for key in keys[:-1]:
            node = node[key]
        del node[keys.pop()]
        if node:
            break
    return owned


def test_an_object_that_only_we_set_has_no_changes() -> None:
    assert changes(INPUTS, OWNED, {}) == {}


def test_a_field_that_another_client_set_is_a_change_unless_its_value_is_ours() -> None:
    path = "f:spec f:replicas"
    live = copy.deepcopy(INPUTS)
    assert changes(live, without(path), at(path)) == {}

    live["spec"]["replicas"] = 4
    assert changes(live, without(path), at(path), "scale") == {".spec.replicas": (2, 4)}


def test_the_same_quantity_in_other_words_is_no_change() -> None:
    path = f"f:spec f:containers {A} f:resources f:limits f:memory"
    live = copy.deepcopy(INPUTS)
    live["spec"]["containers"][0]["resources"]["limits"]["memory"] = "1Gi"

    assert changes(live, without(path), at(path)) == {}


def test_a_removed_field_and_a_removed_list_item_are_changes() -> None:
    live = copy.deepcopy(INPUTS)
    del live["metadata"]["labels"]["app"]
    live["spec"]["containers"][0]["env"] = []

    assert changes(live, without("f:metadata f:labels f:app"), {})[".metadata.labels.app"] == ("d", None)
    assert '.spec.containers[name="a"].env' in changes(live, without(f"f:spec f:containers {A} f:env"), {})


def test_an_item_appended_to_a_list_with_one_owner_changes_the_list() -> None:
    live = copy.deepcopy(INPUTS)
    live["spec"]["ingress"].append({})

    assert changes(live, without("f:spec f:ingress"), at("f:spec f:ingress")).keys() == {".spec.ingress"}


def test_a_list_item_that_another_client_added_is_one_change() -> None:
    added = {'k:{"name":"Y"}': {".": {}, "f:name": {}, "f:value": {}}}
    live = copy.deepcopy(INPUTS)
    live["spec"]["containers"][0]["env"].append({"name": "Y", "value": "2"})

    assert changes(live, OWNED, at(f"f:spec f:containers {A} f:env", added)) == {
        '.spec.containers[name="a"].env[name="Y"]': (None, {"name": "Y", "value": "2"})
    }


@pytest.mark.parametrize(
    ("path", "subresource", "by"),
    [
        ("f:status f:replicas", "status", "kube-controller-manager"),
        ("f:spec f:other", "scale", "kubectl"),
        ("f:spec f:other", "", "kube-scheduler"),
        ("f:metadata f:annotations f:note", "", "edit"),
        (
            "f:spec f:template f:metadata f:annotations f:kubectl.kubernetes.io/restartedAt",
            "",
            "kubectl-rollout",
        ),
        (
            "f:spec f:template f:metadata f:annotations f:reloader.stakater.com/last-reloaded-from",
            "",
            "Reloader",
        ),
        (
            f'f:spec f:template f:spec f:containers {A} f:env k:{{"name":"STAKATER_A_1_SECRET"}} f:value',
            "",
            "Reloader",
        ),
    ],
)
def test_what_controllers_and_a_restart_set_is_no_change(path: str, subresource: str, by: str) -> None:
    assert changes(INPUTS, OWNED, at(path), subresource, by) == {}


@pytest.mark.parametrize("name", ["STAKATER", "STAKATER_X", "X_STAKATER_X_SECRET", "STAKATER_x_SECRET"])
def test_a_variable_that_no_reloader_adds_is_a_change(name: str) -> None:
    added = {f'k:{{"name":"{name}"}}': {".": {}, "f:name": {}, "f:value": {}}}
    live = copy.deepcopy(INPUTS)
    live["spec"]["containers"][0]["env"].append({"name": name, "value": "2"})

    assert changes(live, OWNED, at(f"f:spec f:containers {A} f:env", added))


def test_an_autoscaler_s_replicas_are_no_change_where_the_stack_sets_none() -> None:
    inputs = copy.deepcopy(INPUTS)
    del inputs["spec"]["replicas"]
    entries = [{"manager": "autoscaler", "time": "1", "fieldsV1": at("f:spec f:replicas")}]
    live = {"metadata": {"labels": {"app": "d"}, "managedFields": entries}, "spec": {**INPUTS["spec"]}}

    assert foreign_changes(inputs, inputs, live, OURS) == []


def test_a_secret_whose_only_key_another_client_changed_is_one_change() -> None:
    entries = [{"manager": "edit", "time": "2", "fieldsV1": at("f:data f:password")}]
    live = {"metadata": {"managedFields": entries}, "data": HIDDEN}

    assert [each.field for each in foreign_changes({"data": SECRET_VALUE}, {}, live, OURS)] == [".data.password"]


@pytest.mark.parametrize("data", [SECRET_VALUE, {"password": SECRET_VALUE}, {"password": "planted"}])
def test_a_changed_secret_is_found_without_its_values(data: dict[str, Any]) -> None:
    entries = [
        {"manager": OURS, "time": "1", "fieldsV1": at("f:data", {".": {}, "f:username": {}})},
        {"manager": "edit", "time": "2", "fieldsV1": at("f:data f:password")},
    ]
    live = {"metadata": {"managedFields": entries}, "data": HIDDEN}

    (found,) = foreign_changes({"data": data}, {}, live, OURS)

    assert str(found) == ".data.password: changed by edit at 2"
    assert "planted" not in str(found.data)


def test_a_key_that_another_client_added_to_a_secret_is_found_without_its_value() -> None:
    entries = [
        {"manager": OURS, "time": "1", "fieldsV1": at("f:data", {".": {}, "f:password": {}})},
        {"manager": "edit", "time": "2", "fieldsV1": at("f:data f:added")},
    ]
    live = {"metadata": {"managedFields": entries}, "data": HIDDEN}

    (found,) = foreign_changes({"data": {"password": SECRET_VALUE}}, {}, live, OURS)

    assert str(found) == '.data.added: none -> "[secret]" by edit at 2'


def test_a_field_that_is_not_deployed_yet_is_no_change() -> None:
    entries = [{"manager": OURS, "time": "1", "fieldsV1": OWNED}]
    live = {**INPUTS, "metadata": {**INPUTS["metadata"], "managedFields": entries}}
    inputs = {**INPUTS, "spec": {**INPUTS["spec"], "paused": True, "replicas": 3}}

    assert foreign_changes(inputs, INPUTS, live, OURS) == []


def test_a_change_that_a_refresh_took_into_the_state_is_still_a_change() -> None:
    live = copy.deepcopy(INPUTS)
    live["spec"]["replicas"] = 4
    entries = [
        {"manager": OURS, "time": "1", "fieldsV1": without("f:spec f:replicas")},
        {"manager": "kubectl", "subresource": "scale", "time": "2", "fieldsV1": at("f:spec f:replicas")},
    ]
    metadata = {**live["metadata"], "managedFields": entries}

    (found,) = foreign_changes(INPUTS, live, {**live, "metadata": metadata}, OURS)

    assert (found.old, found.new) == (2, 4)
