"""The StatefulSets, Deployments and pods of a namespace at one moment, and which are rolled out."""

# Kubernetes objects have no schema here.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulumi_ixn.live.cluster import Cluster, Object
from pulumi_ixn.live.objects import KINDS
from pulumi_ixn.rollout import Rollout

OURS = "app.kubernetes.io/managed-by=pulumi,app.kubernetes.io/part-of=ixn"
"""Selects the objects of every tenant."""

_CONTROLLERS = ("StatefulSet", "Deployment")


@dataclass(frozen=True)
class Snapshot:
    """The controllers of a namespace by kind and name, and its pods, which are omitted if all are rolled out."""

    controllers: Mapping[tuple[str, str], Object]
    pods: Sequence[Object] = ()

    def controller(self, rollout: Rollout) -> Object | None:
        """Return the StatefulSet or Deployment; None if it does not exist."""
        return self.controllers.get((rollout.kind, rollout.name))

    def pods_of(self, controller: Object) -> list[Object]:
        """Return the pods of a controller, without terminating ones."""
        wanted = controller["spec"]["selector"]["matchLabels"].items()
        return [
            pod
            for pod in self.pods
            if "deletionTimestamp" not in pod["metadata"] and wanted <= pod["metadata"].get("labels", {}).items()
        ]


def snapshot(cluster: Cluster, namespace: str) -> Snapshot:
    """Return the current state of a namespace. Raises ClusterError."""
    controllers = {
        (kind, each["metadata"]["name"]): each
        for kind in _CONTROLLERS
        for each in cluster.list(KINDS[kind].path(namespace), OURS)
    }
    if not any(remaining(each) for each in controllers.values()):
        return Snapshot(controllers)
    return Snapshot(controllers, cluster.list(f"/api/v1/namespaces/{namespace}/pods", OURS))


def remaining(controller: Object) -> str | None:
    """Return what a controller's rollout still lacks; None if it is done.

    It is done if the controller has seen the current template, all pods are of it, available, and the only ones.
    """
    status = controller.get("status", {})
    if status.get("observedGeneration", 0) < controller["metadata"].get("generation", 0):
        return "the controller has not seen the update yet"
    wanted = controller["spec"].get("replicas", 1)
    updated, available = status.get("updatedReplicas", 0), status.get("availableReplicas", 0)
    if updated < wanted:
        return f"{updated} of {wanted} pods updated, {available} available"
    if available < wanted:
        return f"{available} of {wanted} pods available"
    outdated = status.get("replicas", 0) - updated
    return f"{outdated} pods of the previous template left" if outdated > 0 else None
