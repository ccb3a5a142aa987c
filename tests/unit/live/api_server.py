"""An API server whose objects and permissions a test sets, in place of a cluster's."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any
from urllib.parse import quote

from pulumi_ixn.live.cluster import Cluster, ClusterError
from pulumi_ixn.live.objects import KINDS, ObjectRef
from pulumi_ixn.live.secrets import existing_secrets
from pulumi_ixn.live.snapshot import OURS
from pulumi_ixn.live.subject import Subject

from tests.unit.live.fake_cluster import controller

UID = "11111111-aaaa"
_COLLECTIONS = {kind.resource for kind in KINDS.values()} | {
    "pods", "resourcequotas", "limitranges", "certificates",
}  # fmt: skip


class ApiServer(Cluster):
    """An API server that has what the stack needs: its namespace, CRDs, existing Secrets, and all permissions.

    All rollouts are done. `objects` are by path. `denied` are the permissions that the credentials lack,
    `resource/verb`. If it is `silent`, the list of the credentials' rules is empty, as where another authorizer
    than RBAC decides.
    """

    def __init__(self, subject: Subject) -> None:
        self.host = "https://api.test"
        kube_system = {"metadata": {"name": "kube-system", "uid": UID}}
        self.objects: dict[str, dict[str, Any]] = {"/api/v1/namespaces/kube-system": kube_system}
        self.served: dict[str, list[str]] = {}
        for kind in KINDS.values():
            if "." in kind.group:
                self.served.setdefault(kind.api, []).append(kind.resource)
        self.denied: AbstractSet[str] = frozenset()
        self.silent = False
        self.errors: dict[str, ClusterError] = {}
        self.sent: list[str] = []
        self._controllers = {
            plural: [controller(each.name) for each in subject.objects if each.kind.resource == plural]
            for plural in ("statefulsets", "deployments")
        }
        self.namespace = ObjectRef(KINDS["Namespace"], None, subject.namespace)
        self.add(self.namespace)
        for each in existing_secrets(subject.settings):
            secret = ObjectRef(KINDS["Secret"], subject.namespace, each.name)
            self.add(secret, data=dict.fromkeys(each.keys, "eA=="))

    def add(self, ref: ObjectRef, metadata: Mapping[str, Any] | None = None, **content: Any) -> None:
        """Create an object."""
        self.put(ref.path, {"metadata": {"name": ref.name, **(metadata or {})}, **content})

    def put(self, path: str, content: dict[str, Any]) -> None:
        """Create the object at a path."""
        self.objects[path] = content

    def limited(self, seconds: float) -> "ApiServer":
        return self

    def request(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, accept: str | None = None
    ) -> Mapping[str, Any]:
        path, _, query = path.partition("?")
        self.sent.append(f"{method} {path}")
        _, _, last = path.rpartition("/")
        if error := self.errors.get(path):
            raise error
        if method == "POST":
            return self._review(last, (body or {})["spec"])
        if method == "PATCH":
            metadata = self.objects[path]["metadata"]
            changes = (body or {})["metadata"]["annotations"]
            metadata["annotations"] = {**metadata.get("annotations", {}), **changes}
        if query.endswith(quote(OURS)):
            return {"items": self._controllers.get(last, [])}
        if path in self.objects:
            return self.objects[path]
        if path in self.served:
            return {"resources": [{"name": each} for each in self.served[path]]}
        if last not in _COLLECTIONS:
            raise ClusterError(f"{method} {path}: not found", 404)
        if f"{last}/list" in self.denied:
            raise ClusterError(f"{method} {path}: forbidden", 403)
        items = [each for at, each in self.objects.items() if at.rpartition("/")[0] == path]
        return {"items": items or (None if accept else [])}

    def _review(self, kind: str, spec: Mapping[str, Any]) -> Mapping[str, Any]:
        if kind == "selfsubjectrulesreviews":
            everything = {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}
            return {"status": {"resourceRules": [] if self.denied or self.silent else [everything]}}
        wanted = spec["resourceAttributes"]
        return {"status": {"allowed": f"{wanted['resource']}/{wanted['verb']}" not in self.denied}}
