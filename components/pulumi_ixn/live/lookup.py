"""Find the objects of a stack's resources on its cluster."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pulumi_ixn.live.checkpoint import Resource, object_id
from pulumi_ixn.live.cluster import Cluster, Object
from pulumi_ixn.ownership import is_owned

_Kind = tuple[str, str]
"""An `apiVersion` and a `kind`."""


@dataclass(frozen=True)
class Lookup:
    """Finds objects by kind; discovers the paths of their API resources, each API version once."""

    cluster: Cluster
    _discovered: dict[str, Sequence[Object]] = field(default_factory=dict[str, Sequence[Object]])

    def find(self, resource: Resource) -> Object | None:
        """Return the object of a resource in a state or plan; None if it does not exist. Raises ClusterError."""
        inputs = resource["inputs"]
        path = self._path((inputs["apiVersion"], inputs["kind"]), inputs["metadata"].get("namespace"))
        return self.cluster.get(f"{path}/{inputs['metadata']['name']}") if path else None

    def owned(self, stack: str, like: Sequence[Resource]) -> Iterator[Object]:
        """Yield the stack's objects of the kinds, and in the namespaces, of these resources. Raises ClusterError.

        Left out are objects without a namespace, and objects that a controller made for another one, with a copy
        of its annotations.
        """
        places = {
            (each["inputs"]["apiVersion"], each["inputs"]["kind"], each["inputs"]["metadata"].get("namespace"))
            for each in like
        }
        for version, kind, namespace in sorted(places, key=str):
            path = self._path((version, kind), namespace) if namespace else None
            for item in self.cluster.list(path) if path else ():
                if is_owned(item["metadata"], stack) and not item["metadata"].get("ownerReferences"):
                    yield {**item, "apiVersion": version, "kind": kind}  # a list's items have neither

    def _path(self, kind: _Kind, namespace: str | None) -> str | None:
        """Return the path of the objects of a kind; None if the API server does not have the kind."""
        version, name = kind
        root = f"/apis/{version}" if "/" in version else f"/api/{version}"
        if version not in self._discovered:
            self._discovered[version] = (self.cluster.get(root) or {}).get("resources") or []
        for each in self._discovered[version]:
            if each["kind"] == name and "/" not in each["name"]:
                within = f"/namespaces/{namespace}" if each["namespaced"] else ""
                return f"{root}{within}/{each['name']}"
        return None


def kubernetes_resources(resources: Sequence[Resource]) -> Sequence[Resource]:
    """Return the Kubernetes objects among the resources: those with a known kind, namespace and name."""
    return [each for each in resources if each["type"].startswith("kubernetes:") and _is_named(each)]


def unrecorded(
    found: Iterable[Object], recorded: Iterable[Resource], planned: Iterable[Object]
) -> Sequence[Object]:
    """Return the objects that no resource of the state records, and that are not planned."""
    ids = {(each["type"].rpartition(":")[2], each.get("id")) for each in recorded}
    ids |= {(each["kind"], object_id(each)) for each in planned}
    return [each for each in found if (each["kind"], object_id(each)) not in ids]


def _is_named(resource: Resource) -> bool:
    inputs: Mapping[str, object] = resource.get("inputs") or {}
    metadata = inputs.get("metadata")
    return "apiVersion" in inputs and "kind" in inputs and isinstance(metadata, Mapping) and "name" in metadata
