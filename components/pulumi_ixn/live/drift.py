"""Drift: how a stack's objects on its cluster differ from what the stack specifies."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeAlias

from pulumi_ixn.live.cluster import Cluster, Object
from pulumi_ixn.live.concurrent import concurrently
from pulumi_ixn.live.fields import HIDDEN, FieldChange, foreign_changes
from pulumi_ixn.live.objects import KINDS
from pulumi_ixn.ownership import Owner

_Place: TypeAlias = tuple[str, str | None]
"""Kind and namespace of objects that one request lists."""


@dataclass(frozen=True)
class Specified:
    """An object as the stack specifies it now, and as its state has it: None if it does not.

    `manager` is the field manager by which the provider applied it. After a refresh, the state has what was found
    on the cluster then, so the state alone does not tell what the object should be.
    """

    inputs: Object
    previous: Object | None
    manager: str


@dataclass(frozen=True)
class Drift:
    """An object that does not exist, or whose fields another client changed.

    `tenant` is the key of its tenant; None if tenants share it. An object that does not exist was deleted or, if
    the state does not have it (`known`) either, may not have been deployed yet.
    """

    tenant: str | None
    kind: str
    namespace: str | None
    name: str
    changes: Sequence[FieldChange]
    known: bool = True

    @property
    def missing(self) -> bool:
        """Whether the object does not exist."""
        return not self.changes

    @property
    def data(self) -> Mapping[str, object]:
        """The drift as plain data."""
        changes = [each.data for each in self.changes]
        target = {"kind": self.kind, "namespace": self.namespace, "name": self.name}
        return {"tenant": self.tenant, **target, "missing": self.missing, "changes": changes}

    def __str__(self) -> str:
        target = f"{self.kind} {f'{self.namespace}/' if self.namespace else ''}{self.name}"
        if self.missing:
            return f"{target}: {'deleted' if self.known else 'does not exist'}"
        return f"{target}: {'; '.join(map(str, self.changes))}"


def without_replicas(inputs: Object, autoscaled: AbstractSet[str]) -> Object:
    """Return what the stack specifies of an object: not the replicas of a Deployment that is in `autoscaled`.

    The engine fills in the number of the state, which is that before the hand-over to the autoscaler.
    """
    if inputs.get("kind") != "Deployment" or inputs["metadata"]["name"] not in autoscaled:
        return inputs
    spec = {name: each for name, each in inputs["spec"].items() if name != "replicas"}
    return {**inputs, "spec": spec}


def find_drift(specified: Sequence[Specified], cluster: Cluster) -> list[Drift]:
    """Return the drift of the objects, in their order. Reads the metadata of Secrets only. Raises ClusterError."""
    places = list(dict.fromkeys(_place(each.inputs) for each in specified))
    listed = dict(zip(places, concurrently(lambda place: _list(place, cluster), places), strict=True))
    found = (_drift(each, listed[_place(each.inputs)].get(each.inputs["metadata"]["name"])) for each in specified)
    return [each for each in found if each]


def _drift(specified: Specified, live: Object | None) -> Drift | None:
    inputs, previous = specified.inputs, specified.previous
    kind, namespace = _place(inputs)
    owner = Owner.of(inputs["metadata"])
    changes: Sequence[FieldChange] = ()
    if live is not None:
        changes = foreign_changes(inputs, previous or {}, live, specified.manager)
        if not changes:
            return None
    tenant = owner.tenant if owner else None
    return Drift(tenant, kind, namespace, inputs["metadata"]["name"], changes, known=previous is not None)


def _place(inputs: Object) -> _Place:
    return inputs["kind"], inputs["metadata"].get("namespace")


def _list(place: _Place, cluster: Cluster) -> Mapping[str, Object]:
    """Return the objects of a place by name."""
    kind, namespace = place
    path = KINDS[kind].path(namespace)
    if kind == "Secret":
        return {each["name"]: {"metadata": each, "data": HIDDEN} for each in cluster.metadata(path)}
    return {each["metadata"]["name"]: each for each in cluster.list(path)}
