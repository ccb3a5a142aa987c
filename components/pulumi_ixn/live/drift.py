"""Drift: how a stack's objects on its cluster differ from what its last update left."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeAlias

from pulumi_ixn.live.cluster import Cluster, Object
from pulumi_ixn.live.fields import HIDDEN, FieldChange, foreign_changes
from pulumi_ixn.ownership import Owner

Resource: TypeAlias = Mapping[str, Any]
"""A resource in an exported state."""

_THREADS = 8

_Place: TypeAlias = tuple[str, str, str | None]
"""API version, kind and namespace of objects that one request lists."""


@dataclass(frozen=True)
class Drift:
    """An object that was deleted, or whose fields another client changed.

    `tenant` is the key of its tenant; None if tenants share it.
    """

    tenant: str | None
    kind: str
    namespace: str | None
    name: str
    changes: Sequence[FieldChange]

    @property
    def deleted(self) -> bool:
        """Whether the object does not exist any more."""
        return not self.changes

    @property
    def data(self) -> Mapping[str, object]:
        """The drift as plain data."""
        changes = [each.data for each in self.changes]
        target = {"kind": self.kind, "namespace": self.namespace, "name": self.name}
        return {"tenant": self.tenant, **target, "deleted": self.deleted, "changes": changes}

    def __str__(self) -> str:
        target = f"{self.kind} {f'{self.namespace}/' if self.namespace else ''}{self.name}"
        return f"{target}: {'; '.join(map(str, self.changes)) or 'deleted'}"


def find_drift(resources: Iterable[Resource], cluster: Cluster) -> list[Drift]:
    """Return the drift of the objects in a state, in the order of the state.

    Reads the metadata of Secrets only. Raises ClusterError.
    """
    managed = [each for each in resources if _is_managed(each)]
    places = list(dict.fromkeys(map(_place, managed)))
    with ThreadPoolExecutor(_THREADS) as threads:
        listed = dict(zip(places, threads.map(_list, places, [cluster] * len(places)), strict=True))
    found = (_drift(each, listed[_place(each)].get(_metadata(each)["name"])) for each in managed)
    return [each for each in found if each]


def _drift(resource: Resource, live: Object | None) -> Drift | None:
    _, kind, namespace = _place(resource)
    inputs, metadata = resource["inputs"], _metadata(resource)
    owner = Owner.of(inputs.get("metadata") or {})
    changes: Sequence[FieldChange] = ()
    if live is not None:
        changes = foreign_changes(inputs, live, resource["outputs"].get("__fieldManager", ""))
        if not changes:
            return None
    return Drift(owner.tenant if owner else None, kind, namespace, metadata["name"], changes)


def _is_managed(resource: Resource) -> bool:
    """Return whether a resource is a Kubernetes object that the stack manages and that is not being replaced."""
    return (
        resource["type"].startswith("kubernetes:") and not resource.get("external") and not resource.get("delete")
    )


def _metadata(resource: Resource) -> Mapping[str, Any]:
    return resource["outputs"]["metadata"]


def _place(resource: Resource) -> _Place:
    outputs = resource["outputs"]
    return outputs["apiVersion"], outputs["kind"], _metadata(resource).get("namespace")


def _list(place: _Place, cluster: Cluster) -> Mapping[str, Object]:
    """Return the objects of a place by name."""
    version, kind, namespace = place
    plural = f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"
    root = f"/apis/{version}" if "/" in version else f"/api/{version}"
    path = f"{root}/namespaces/{namespace}/{plural.lower()}" if namespace else f"{root}/{plural.lower()}"
    if kind == "Secret":
        return {each["name"]: {"metadata": each, "data": HIDDEN} for each in cluster.metadata(path)}
    return {each["metadata"]["name"]: each for each in cluster.list(path)}
