from typing import Any

import pytest

from tools.standin.kubernetes.kinds import GroupVersionKind, is_namespaced, type_of_token
from tools.standin.kubernetes.naming import AUTONAMED, object_id, with_name
from tools.standin.plugin.errors import StandinError

NAMED: dict[str, Any] = {"metadata": {"name": "cm", "namespace": "tr"}}
UNNAMED: dict[str, Any] = {"metadata": {"labels": {"a": "b"}}}


@pytest.mark.parametrize(
    ("token", "api_version", "kind"),
    [
        ("kubernetes:core/v1:Secret", "v1", "Secret"),
        ("kubernetes:apps/v1:StatefulSet", "apps/v1", "StatefulSet"),
        ("kubernetes:rbac.authorization.k8s.io/v1:Role", "rbac.authorization.k8s.io/v1", "Role"),
        ("kubernetes:monitoring.coreos.com/v1:ServiceMonitor", "monitoring.coreos.com/v1", "ServiceMonitor"),
    ],
)
def test_a_token_names_the_api_version_and_the_kind(token: str, api_version: str, kind: str):
    gvk = type_of_token(token)
    assert (gvk.api_version, gvk.kind) == (api_version, kind)


@pytest.mark.parametrize(
    "token",
    [
        "kubernetes:core/v1:SecretList",
        "kubernetes:core/v1:ConfigMapPatch",
        "kubernetes:helm.sh/v3:Release",
        "kubernetes:yaml/v2:ConfigGroup",
        "kubernetes:kustomize/v2:Directory",
        "kubernetes:yaml:ConfigFile",
        "random:index/randomPet:RandomPet",
    ],
)
def test_lists_patches_and_helpers_are_refused_by_name(token: str):
    with pytest.raises(StandinError, match=token):
        type_of_token(token)


def test_a_custom_kind_may_end_in_list():
    assert type_of_token("kubernetes:example.com/v1:AllowList").kind == "AllowList"


@pytest.mark.parametrize(
    ("gvk", "namespaced"),
    [
        (GroupVersionKind("", "v1", "ConfigMap"), True),
        (GroupVersionKind("", "v1", "Namespace"), False),
        (GroupVersionKind("rbac.authorization.k8s.io", "v1", "ClusterRole"), False),
        (GroupVersionKind("example.com", "v1", "Node"), True),
    ],
)
def test_the_scope_is_known_and_a_custom_resource_is_taken_to_be_namespaced(
    gvk: GroupVersionKind, namespaced: bool
):
    assert is_namespaced(gvk) is namespaced


def test_a_given_name_is_kept():
    assert with_name(NAMED, {}, "logical", b"seed") == NAMED


def test_a_new_object_without_a_name_gets_its_logical_name_and_eight_hex_digits():
    metadata: Any = with_name(UNNAMED, {}, "logical", b"")["metadata"]
    prefix, _, digits = metadata["name"].rpartition("-")
    assert prefix == "logical"
    assert len(digits) == 8
    assert int(digits, 16) >= 0
    assert metadata["annotations"] == {AUTONAMED: "true"}
    assert metadata["labels"] == {"a": "b"}


def test_the_same_seed_makes_the_same_name_so_that_a_plan_and_its_run_agree():
    assert with_name({}, {}, "x", b"seed") == with_name({}, {}, "x", b"seed") != with_name({}, {}, "x", b"other")


def test_a_name_made_before_is_kept():
    old = with_name({}, {}, "x", b"seed")
    assert with_name({}, old, "x", b"other") == old


def test_generate_name_is_refused_in_the_real_plugins_words():
    with pytest.raises(StandinError, match="generateName` field is not supported in YAML rendering mode"):
        with_name({"metadata": {"generateName": "x-"}}, {}, "x", b"")


def test_the_id_is_namespace_and_name_or_the_name_alone():
    assert object_id(NAMED) == "tr/cm"
    assert object_id({"metadata": {"name": "cm"}}) == "cm"
