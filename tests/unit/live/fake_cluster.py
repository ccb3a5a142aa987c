"""A cluster of StatefulSets, Deployments, pods, events and logs that a test writes down."""

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi_ixn.live.cluster import Cluster, ClusterError, Object

NAMESPACE = "ixn"
WORKLOADS = f"/apis/apps/v1/namespaces/{NAMESPACE}"
PODS = f"/api/v1/namespaces/{NAMESPACE}/pods"


def controller(name: str, wanted: int = 1, updated: int = 1, available: int = 1, total: int = 1) -> dict[str, Any]:
    """Return a StatefulSet or Deployment whose pods carry the label `app` with its name."""
    return {
        "metadata": {"name": name, "namespace": NAMESPACE, "uid": f"uid-{name}", "generation": 2},
        "spec": {"replicas": wanted, "selector": {"matchLabels": {"app": name}}},
        "status": {
            "observedGeneration": 2,
            "replicas": total,
            "updatedReplicas": updated,
            "availableReplicas": available,
        },
    }


def pod(of: str, name: str = "pod-0", container: Mapping[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """Return a pod of a controller that is not ready, with the status of its container and other fields."""
    known = {"name": "ixn", "image": "registry/ixn:1", "ready": False, "restartCount": 0}
    return {
        "metadata": {
            "name": name,
            "namespace": NAMESPACE,
            "uid": f"uid-{name}",
            "labels": {"app": of},
            "creationTimestamp": fields.pop("created", "2026-01-01T00:00:00Z"),
        },
        "status": {
            "conditions": [{"type": "Ready", "status": "False"}, *fields.pop("conditions", ())],
            "containerStatuses": [{**known, **container}] if container else [],
        },
    }


def event(reason: str, message: str, at: str = "2026-01-01T00:00:00Z", kind: str = "Warning") -> dict[str, Any]:
    """Return an event."""
    return {"reason": reason, "message": message, "type": kind, "lastTimestamp": at}


class FakeCluster(Cluster):
    """A cluster that answers from its fields. `error` fails every request; `requests` are the paths in order."""

    def __init__(
        self,
        deployments: Sequence[Object] = (),
        stateful_sets: Sequence[Object] = (),
        pods: Sequence[Object] = (),
        events: Mapping[str, Sequence[Object]] | None = None,
        logs: Mapping[str, str] | None = None,
    ) -> None:
        self.lists = {
            f"{WORKLOADS}/deployments": deployments,
            f"{WORKLOADS}/statefulsets": stateful_sets,
            PODS: pods,
        }
        self.events = events or {}
        self.logs = logs or {}
        self.error: ClusterError | None = None
        self.requests: list[str] = []

    def list(self, path: str, selector: str | None = None) -> Sequence[Object]:
        """Return the objects at a path."""
        self._request(path)
        return self.lists[path]

    def get(self, path: str, *, accept: str | None = None) -> Object | None:
        """Return the events of an object, the only ones that are read in this way."""
        self._request(path)
        uid = path.rpartition("involvedObject.uid=")[2]
        return {"items": self.events.get(uid, ())}

    def text(self, path: str) -> str:
        """Return the log at a path, which `logs` has by pod, with `?previous` for that of the previous run."""
        self._request(path)
        name = path.removeprefix(f"{PODS}/").partition("/")[0]
        return self.logs[f"{name}?previous" if path.endswith("&previous=true") else name]

    def _request(self, path: str) -> None:
        self.requests.append(path)
        if self.error:
            raise self.error
