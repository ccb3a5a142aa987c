"""The permissions that deploying a stack needs: without some of them, `up` would wait forever and not say why."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from typing import TypeAlias

import yaml

from pulumi_ixn.live.cluster import Cluster, Object
from pulumi_ixn.live.concurrent import concurrently
from pulumi_ixn.live.objects import KINDS
from pulumi_ixn.live.problem import Problem
from pulumi_ixn.live.subject import Subject

Manifest: TypeAlias = Object

_REVIEWS = "/apis/authorization.k8s.io/v1"


@dataclass(frozen=True)
class Permission:
    """A verb on a resource: in a namespace or, without one, in the whole cluster."""

    namespace: str | None
    group: str
    resource: str
    verb: str

    @property
    def where(self) -> str:
        """The resource, as `kubectl auth can-i` names it, and the namespace."""
        resource = f"{self.resource}.{self.group}" if self.group else self.resource
        return f"{resource} in the namespace {self.namespace}" if self.namespace else resource


def roles(subject: Subject) -> list[Manifest]:
    """Return the Roles that suffice to deploy the stack: without what its settings do not use."""
    role, identity, creator = yaml.safe_load_all(
        files("pulumi_ixn").joinpath("live", "role.yaml").read_text("utf-8")
    )
    elsewhere = set(_elsewhere(subject))
    written = {
        each.kind.resource for each in (*subject.objects, *subject.recorded) if each.namespace not in elsewhere
    }
    unused = {kind.resource for kind in KINDS.values() if kind.namespaced} - written
    rules = [{**rule, "resources": _without(rule["resources"], unused)} for rule in role["rules"]]
    own = _in_namespace(role, subject.namespace, rules)
    creators = [creator] if subject.settings.environment.namespace.create else []
    return [own, *_in_namespaces(role, _elsewhere(subject)), identity, *creators]


def _elsewhere(subject: Subject) -> Mapping[str, AbstractSet[str]]:
    """Return the other namespaces in which the settings have objects, and the resources of these."""
    used: dict[str, set[str]] = defaultdict(set)
    for each in subject.objects:
        if each.namespace not in (None, subject.namespace):
            used[str(each.namespace)].add(each.kind.resource)
    return used


def _in_namespaces(role: Manifest, used: Mapping[str, AbstractSet[str]]) -> Iterator[Manifest]:
    """Yield a Role for each namespace, with what its resources need."""
    known = {each for rule in role["rules"] for each in rule["resources"]}
    for namespace, resources in used.items():
        rules = [{**rule, "resources": _without(rule["resources"], known - resources)} for rule in role["rules"]]
        yield _in_namespace(role, namespace, rules)


def _in_namespace(role: Manifest, namespace: str, rules: Sequence[Manifest]) -> Manifest:
    metadata = {**role["metadata"], "namespace": namespace}
    return {**role, "metadata": metadata, "rules": [rule for rule in rules if rule["resources"]]}


def required(subject: Subject) -> Iterator[Permission]:
    """Yield each permission of the Roles."""
    for role in roles(subject):
        for rule in role["rules"]:
            for group in rule["apiGroups"]:
                for resource in rule["resources"]:
                    for verb in rule["verbs"]:
                        yield Permission(role["metadata"].get("namespace"), group, resource, verb)


def missing_permissions(cluster: Cluster, subject: Subject) -> Iterator[Problem]:
    """Yield a problem for each resource on which the credentials lack a verb."""
    needed = [each for each in required(subject) if each.namespace != "kube-system"]
    shown = _rules(cluster, subject.namespace)
    # The list may be incomplete, and that of a namespace says nothing of others.
    unsettled = [each for each in needed if not (each.namespace == subject.namespace and _shows(shown, each))]
    allowed = concurrently(partial(_is_allowed, cluster), unsettled)
    denied: dict[str, list[str]] = defaultdict(list)
    for permission, is_allowed in zip(unsettled, allowed, strict=True):
        if not is_allowed:
            denied[permission.where].append(permission.verb)
    for where, verbs in denied.items():
        yield Problem(
            where, f"{subject.context!r} may not {', '.join(verbs)}: grant the Role that `ixn role` shows"
        )


def _without(resources: Sequence[str], unused: AbstractSet[str]) -> list[str]:
    return [each for each in resources if each not in unused]


def _rules(cluster: Cluster, namespace: str) -> Sequence[Manifest]:
    review = {"spec": {"namespace": namespace}}
    found = cluster.request("POST", f"{_REVIEWS}/selfsubjectrulesreviews", review)
    return [rule for rule in found["status"]["resourceRules"] if not rule.get("resourceNames")]


def _shows(rules: Sequence[Manifest], wanted: Permission) -> bool:
    return any(
        {wanted.group, "*"} & set(rule.get("apiGroups", ()))
        and {wanted.resource, "*"} & set(rule.get("resources", ()))
        and {wanted.verb, "*"} & set(rule["verbs"])
        for rule in rules
    )


def _is_allowed(cluster: Cluster, wanted: Permission) -> bool:
    resource, _, subresource = wanted.resource.partition("/")
    attributes = {
        "namespace": wanted.namespace or "",
        "group": wanted.group,
        "resource": resource,
        "subresource": subresource,
        "verb": wanted.verb,
    }
    review = {"spec": {"resourceAttributes": attributes}}
    return bool(cluster.request("POST", f"{_REVIEWS}/selfsubjectaccessreviews", review)["status"]["allowed"])
