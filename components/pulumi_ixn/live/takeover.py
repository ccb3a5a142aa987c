"""Take existing objects into the state of a stack: pure functions on what `pulumi stack export` prints."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from pulumi_ixn.live.checkpoint import UNKNOWN, Resource, recorded
from pulumi_ixn.live.cluster import Object

Deployment: TypeAlias = Object
"""The value of `deployment` in an exported state."""

_REFERENCES = ("dependencies", "replaceWith")
"""The lists of URNs that a resource depends on."""

_BY_PROPERTY = "propertyDependencies"

_PLANNED_CREATES = ("create", "create-replacement", "replace")


def planned_creates(deployment: Deployment, preview: Object | None = None) -> Sequence[Resource]:
    """Return the resources, components included, that an interrupted update was creating or the next one will.

    `preview` is what `pulumi preview --json` prints; it also has the objects whose creation failed after the API
    server had stored them. The interrupted operations come first: only they have the secret inputs.
    """
    interrupted = [each["resource"] for each in operations(deployment) if each["type"] == "creating"]
    steps: Sequence[Object] = (preview or {}).get("steps") or []
    planned = [each["newState"] for each in steps if each["op"] in _PLANNED_CREATES and "newState" in each]
    found: dict[str, Resource] = {}
    for each in [*interrupted, *planned]:
        found.setdefault(each["urn"], each)
    return [*found.values()]


def operations(deployment: Deployment) -> Sequence[Object]:
    """Return the operations that were running when an update was interrupted: `resource` and `type`."""
    return deployment.get("pending_operations") or []


def missing_providers(
    deployment: Deployment, planned: Sequence[Resource], urns: Collection[str]
) -> Sequence[Resource]:
    """Return the planned providers that resources of these URNs need, and that the state lacks.

    They have the ID that the plan refers to, and that only the engine can replace with a real one.
    """
    needed = {_provider_urn(each) for each in planned if each["urn"] in urns}
    present = {each["urn"] for each in _resources(deployment)}
    return [{**each, "id": UNKNOWN} for each in planned if each["urn"] in needed - present]


def take_over(deployment: Deployment, planned: Sequence[Resource], live: Mapping[str, Object]) -> Deployment:
    """Return the deployment with the planned resources whose objects exist, each after what it depends on.

    `live` has the objects by URN. Missing parents are taken from `planned` too. Left out are resources whose
    parent is neither in the state nor planned, or whose provider is not in the state, and objects that the state
    has under another URN: deleting that one would delete the object of both. A resource that is replaced with
    another object stays, to be deleted by the next update. Taking over twice changes nothing.
    """
    resources = _resources(deployment)
    present = {each["urn"]: each for each in resources if not _replaced(each)}
    owners = {_identity(each): each["urn"] for each in resources if each.get("id")}
    parents = {each["urn"]: each for each in planned if not each.get("custom")}
    taken: dict[str, Resource] = {}
    for each in planned:
        if each["urn"] not in live or each.get("provider") not in _providers(resources):
            continue
        found, ancestors = recorded(each, live[each["urn"]]), _ancestors(each, parents, present)
        held = present.get(each["urn"], {}).get("id") == found["id"]
        if ancestors is not None and not held and owners.get(_identity(found), each["urn"]) == each["urn"]:
            taken |= {ancestor["urn"]: ancestor for ancestor in ancestors} | {each["urn"]: found}
    kept = [_displaced(each, taken) for each in resources if not _superseded(each, taken)]
    return {**deployment, "resources": _ordered([*kept, *taken.values()])}


def taken_over(before: Deployment, after: Deployment) -> Sequence[Resource]:
    """Return the resources with an object that `take_over` added."""
    there = {(each["urn"], each.get("id")) for each in _resources(before)}
    return [each for each in _resources(after) if each.get("id") and (each["urn"], each["id"]) not in there]


def extended(deployment: Deployment, resources: Sequence[Resource]) -> Deployment:
    """Return the deployment with more resources at its end."""
    return {**deployment, "resources": [*_resources(deployment), *resources]}


def forget(deployment: Deployment, urns: Collection[str]) -> Deployment:
    """Return the deployment without the resources of these URNs, whose objects no longer exist."""
    remaining = [each for each in _resources(deployment) if each["urn"] not in urns]
    return {**deployment, "resources": _ordered(remaining)}


def settled(deployment: Deployment) -> Deployment:
    """Return the deployment without interrupted operations."""
    return {key: value for key, value in deployment.items() if key != "pending_operations"}


def _resources(deployment: Deployment) -> Sequence[Resource]:
    return deployment.get("resources") or []


def _identity(resource: Resource) -> tuple[str, str]:
    """Return what identifies an object in the cluster: its kind, whatever the version, and its ID."""
    return resource["type"].rpartition(":")[2], resource["id"]


def _providers(resources: Sequence[Resource]) -> Collection[str]:
    return {f"{each['urn']}::{each.get('id')}" for each in resources}


def _replaced(resource: Resource) -> bool:
    """Return whether the next update will delete the resource, or this one has deleted it for its replacement."""
    return bool(resource.get("delete") or resource.get("pendingReplacement"))


def _superseded(resource: Resource, taken: Mapping[str, Resource]) -> bool:
    """Return whether a resource is taken over in place of this one, which has no object of its own."""
    successor = taken.get(resource["urn"])
    if successor is None or not _replaced(resource):
        return False
    return bool(resource.get("pendingReplacement")) or resource.get("id") == successor["id"]


def _displaced(resource: Resource, taken: Mapping[str, Resource]) -> Resource:
    return {**resource, "delete": True} if resource["urn"] in taken else resource


def _ancestors(
    resource: Resource, planned: Mapping[str, Resource], present: Mapping[str, Resource]
) -> Sequence[Resource] | None:
    """Return the planned ancestors that are missing, the highest first; None if one is not planned either."""
    missing: list[Resource] = []
    parent = resource.get("parent")
    while parent and parent not in present:
        if parent not in planned:
            return None
        missing.insert(0, planned[parent])
        parent = planned[parent].get("parent")
    return missing


def _ordered(resources: Iterable[Resource]) -> Sequence[Resource]:
    """Return the resources in their order, each after those it refers to, without references to absent ones."""
    given = [*resources]
    # Where a URN is there twice, the reference is to the one that is not to be deleted.
    by_urn = {each["urn"]: each for each in sorted(given, key=lambda each: not _replaced(each))}
    placed: dict[int, Resource] = {}
    visited: set[int] = set()

    def place(resource: Resource) -> None:
        if id(resource) in visited:
            return
        visited.add(id(resource))
        for urn in _references(resource):
            if urn in by_urn:
                place(by_urn[urn])
        placed[id(resource)] = _without_dangling(resource, by_urn)

    for each in given:
        place(each)
    return [*placed.values()]


def _references(resource: Resource) -> Iterable[str]:
    """Return the URNs that must precede the resource in the state."""
    yield from filter(None, [resource.get("parent"), resource.get("deletedWith")])
    if provider := _provider_urn(resource):
        yield provider
    for urns in [*_lists(resource).values(), *_by_property(resource).values()]:
        yield from urns


def _provider_urn(resource: Resource) -> str:
    return (resource.get("provider") or "").rpartition("::")[0]


def _lists(resource: Resource) -> Mapping[str, Sequence[str]]:
    return {key: resource[key] or () for key in _REFERENCES if key in resource}


def _by_property(resource: Resource) -> Mapping[str, Sequence[str]]:
    found: Mapping[str, Sequence[str] | None] = resource.get(_BY_PROPERTY) or {}
    return {key: urns or () for key, urns in found.items()}


def _without_dangling(resource: Resource, known: Collection[str]) -> Resource:
    if all(urn in known for urn in _references(resource)):
        return resource
    kept: dict[str, Any] = {**resource, **_within(_lists(resource), known)}
    if _BY_PROPERTY in resource:
        kept[_BY_PROPERTY] = _within(_by_property(resource), known)
    if kept.get("deletedWith") not in known:
        kept.pop("deletedWith", None)
    return kept


def _within(lists: Mapping[str, Sequence[str]], known: Collection[str]) -> Mapping[str, Sequence[str]]:
    return {key: [urn for urn in urns if urn in known] for key, urns in lists.items()}
