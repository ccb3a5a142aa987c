"""The state of a workload's rollout, and the Secrets that its pods read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pulumi_ixn.live.cluster import Object
from pulumi_ixn.live.diagnosis import findings
from pulumi_ixn.live.snapshot import remaining

RolloutState = Literal["rolled out", "in progress", "missing"]


@dataclass(frozen=True)
class WorkloadStatus:
    """A workload: its images, how many pods are wanted, on the current revision, ready, and why some are not."""

    name: str
    state: RolloutState
    images: Sequence[str] = ()
    wanted: int = 0
    updated: int = 0
    ready: int = 0
    restarts: int = 0
    troubles: Sequence[str] = ()
    secrets: Sequence[str] = field(default=(), repr=False)


def workload_status(name: str, controller: Object | None, pods: Sequence[Object]) -> WorkloadStatus:
    """Return the status of a StatefulSet or Deployment, None if it does not exist, and its pods.

    Pods that are being deleted have no troubles.
    """
    if controller is None:
        return WorkloadStatus(name, "missing")
    status: Object = controller.get("status") or {}
    wanted: int = controller["spec"].get("replicas", 1)
    updated: int = status.get("updatedReplicas", 0)
    ready: int = status.get("readyReplicas", 0)
    done = remaining(controller) is None and ready == wanted
    template = controller["spec"]["template"]["spec"]
    remaining_pods = [each for each in pods if "deletionTimestamp" not in each["metadata"]]
    containers = [each for pod in pods for each in _containers(pod)]
    return WorkloadStatus(
        name,
        "rolled out" if done else "in progress",
        [each["image"] for each in (*template["containers"], *(template.get("initContainers") or ()))],
        wanted,
        updated,
        ready,
        sum(each.get("restartCount", 0) for each in containers),
        [each.message for each in findings(controller, remaining_pods)],
        list(dict.fromkeys(secrets_of(template))),
    )


def secrets_of(pod_spec: Object) -> Iterator[str]:
    """Yield the names of the Secrets that a pod reads."""
    for container in (*pod_spec["containers"], *(pod_spec.get("initContainers") or ())):
        yield from _secrets_of_container(container)
    for volume in pod_spec.get("volumes") or ():
        if "secret" in volume:
            yield volume["secret"].get("secretName", "")
        projected: Object = volume.get("projected") or {}
        sources: Sequence[Object] = projected.get("sources") or ()
        yield from (source["secret"]["name"] for source in sources if "secret" in source)
    for reference in pod_spec.get("imagePullSecrets") or ():
        yield reference["name"]


def _secrets_of_container(container: Object) -> Iterator[str]:
    for variable in container.get("env") or ():
        if "secretKeyRef" in (variable.get("valueFrom") or {}):
            yield variable["valueFrom"]["secretKeyRef"]["name"]
    for source in container.get("envFrom") or ():
        if "secretRef" in source:
            yield source["secretRef"]["name"]


def selects(selector: Object, labels: Mapping[str, str]) -> bool:
    """Return whether a label selector, of Kubernetes or Cilium, selects an object with these labels."""
    wanted: Mapping[str, str] = selector.get("matchLabels") or {}
    expressions: Sequence[Object] = selector.get("matchExpressions") or ()
    equal = all(labels.get(_label(key)) == value for key, value in wanted.items())
    return equal and all(_holds(each, labels) for each in expressions)


def _holds(expression: Object, labels: Mapping[str, str]) -> bool:
    key, values = _label(expression["key"]), expression.get("values") or ()
    match expression["operator"]:
        case "In":
            return labels.get(key) in values
        case "NotIn":
            return labels.get(key) not in values
        case "Exists":
            return key in labels
        case _:  # DoesNotExist
            return key not in labels


def _label(key: str) -> str:
    """Return a label's key without the source that Cilium's selectors may name."""
    return key.removeprefix("k8s:").removeprefix("any:")


def _containers(pod: Object) -> Sequence[Object]:
    status = pod["status"]
    return [*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())]
