"""The rules of fragments follow the types of pulumi_kubernetes, and are about fields that exist."""

import sys
import typing
from typing import Any

import pulumi
import pytest
from pulumi import _types
from pulumi_ixn.fragments import refused
from pulumi_ixn.fragments.checks import CHECKS
from pulumi_ixn.fragments.formats import FORMATS, PLAIN
from pulumi_ixn.fragments.rules import CAMEL
from pulumi_ixn.fragments.typed import kubernetes_name, kubernetes_path, name_of
from pulumi_ixn.validation import Each, Entries, Keys, Plain
from pulumi_kubernetes import apps, core

ROOTS: dict[str, Any] = {
    "PodSpec": core.v1.PodSpecArgsDict,
    "Container": core.v1.ContainerArgsDict,
    "DeploymentSpec": apps.v1.DeploymentSpecArgsDict,
    "StatefulSetSpec": apps.v1.StatefulSetSpecArgsDict,
}


def reachable() -> dict[str, Any]:
    """Return every type in the types of the roots, by its Kubernetes name."""
    found: dict[str, Any] = {}
    waiting: list[Any] = list(ROOTS.values())
    while waiting:
        kind = waiting.pop()
        if typing.is_typeddict(kind) and name_of(kind) not in found:
            found[name_of(kind)] = kind
            waiting += typing.get_type_hints(kind, localns={"Output": pulumi.Output, "T": object}).values()
        waiting += typing.get_args(kind)
    return found


KINDS = reachable()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_field_has_the_name_that_pulumi_sends(kind: Any) -> None:
    module = sys.modules[kind.__module__]
    sent = _types.input_type_py_to_pulumi_names(getattr(module, kind.__name__.removesuffix("Dict")))

    assert {name: kubernetes_name(kind, name) for name in kind.__annotations__} == sent


@pytest.mark.parametrize("where", sorted({*FORMATS, *PLAIN, *refused.REFUSED}), ids=".".join)
def test_every_rule_is_about_a_field_that_exists(where: tuple[str, str]) -> None:
    kind, name = where

    assert name in KINDS[kind].__annotations__


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("PodSpec", refused.POD),
        ("Container", refused.CONTAINER),
        ("Container", refused.SIDECAR),
        ("DeploymentSpec", refused.DEPLOYMENT),
        ("StatefulSetSpec", refused.STATEFUL_SET),
    ],
)
def test_every_refused_field_exists(kind: str, names: dict[str, str]) -> None:
    assert names.keys() <= KINDS[kind].__annotations__.keys()


def test_every_check_is_about_a_type_that_exists() -> None:
    assert CHECKS.keys() <= KINDS.keys()


ACRONYMS = {"host_ipc", "host_pid", "set_hostname_as_fqdn", "downward_api", "scale_io"}


@pytest.mark.parametrize("name", sorted(CHECKS.keys() | ROOTS.keys()))
def test_paths_of_what_is_checked_have_kubernetes_names(name: str) -> None:
    fields = KINDS[name].__annotations__.keys() - ACRONYMS

    assert {each for each in fields if kubernetes_path(each) != kubernetes_name(KINDS[name], each)} <= {"exec_"}


@pytest.mark.parametrize("kind", ROOTS.values(), ids=ROOTS)
def test_every_field_of_a_fragment_has_a_rule(kind: Any) -> None:
    without: list[str] = []

    def look(rule: Any, path: str) -> None:
        if isinstance(rule, Plain):
            look(rule.rule, path)
        elif isinstance(rule, Each):
            look(rule.item, f"{path}[]")
        elif isinstance(rule, Entries):
            look(rule.value, f"{path}.*")
        elif isinstance(rule, Keys):
            for key, known in rule.known().items():
                if not known.refused:
                    look(known.rule, f"{path}.{key}")
        elif rule is None:
            without.append(path)

    roots = {"DeploymentSpec": refused.DEPLOYMENT, "StatefulSetSpec": refused.STATEFUL_SET}
    look(CAMEL.of(kind, roots.get(name_of(kind)), part=True), "")
    assert without == []
