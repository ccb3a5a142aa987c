"""Why the pods of a StatefulSet or Deployment do not become available."""

# Kubernetes objects have no schema here.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from pulumi_ixn.live.cluster import Cluster, ClusterError, Object

Cause: TypeAlias = Literal["api", "creation", "scheduling", "container", "crash", "probe", "start"]
"""What fails: requests to the API server, the pod's creation (quota, admission), scheduling, the container's
creation (image, Secret), its process, a probe; `start` if nothing has failed yet."""

LOG_LINES = 10
MAX_LINE = 300
"""Characters of a log line, an event or a message."""

_STARTING = ("ContainerCreating", "PodInitializing")


@dataclass(frozen=True)
class Finding:
    """What keeps a workload from being rolled out. `pod` is None if it cannot be created."""

    cause: Cause
    message: str
    pod: Object | None = None
    container: str | None = None
    """The container whose log says more, if any."""

    previous: bool = False
    """Whether the log to show is that of the container's previous run."""


def finding(controller: Object, pods: Sequence[Object]) -> Finding | None:
    """Return what keeps a controller's pods from becoming available; None if every pod is ready.

    `pods` are the controller's. Of several findings, the first that is a failure is returned.
    """
    found = findings(controller, pods)
    return next((each for each in found if each.cause != "start"), found[0] if found else None)


def findings(controller: Object, pods: Sequence[Object]) -> list[Finding]:
    """Return why pods cannot be created, if so, and why each pod that is not ready is not, the newest first."""
    message = _creation_failure(controller)
    creation = [Finding("creation", f"the pods cannot be created: {_line(message)}")] if message else []
    waiting = [pod for pod in pods if not _is_ready(pod)]
    waiting.sort(key=lambda pod: pod["metadata"].get("creationTimestamp") or "", reverse=True)
    return [*creation, *map(_of_pod, waiting)]


def blocked_creation(cluster: Cluster, controller: Object) -> Finding | None:
    """Return why a StatefulSet's pods cannot be created, which only its events say. Raises ClusterError."""
    events = [each for each in _events(cluster, controller) if each.get("reason") == "FailedCreate"]
    message = _line(events[-1].get("message", "")) if events else None
    return Finding("creation", f"the pods cannot be created: {message}") if message else None


def details(cluster: Cluster, found: Finding) -> Iterator[str]:
    """Yield the pod's last event and the last lines of the container's log, as far as they may be read."""
    if found.pod is None:
        return
    try:
        if events := _events(cluster, found.pod):
            warnings = [each for each in events if each.get("type") == "Warning"]
            last = (warnings or events)[-1]
            message = _line(last.get("message", ""))
            if message not in found.message:
                yield f"last event: {last.get('reason')}: {message}"
        if found.container:
            lines = _log(cluster, found)
            yield f"last lines of its log:{'' if lines else ' none'}"
            yield from (f"  {line}" for line in lines)
    except ClusterError as error:
        yield _line(str(error))


def _creation_failure(controller: Object) -> str | None:
    for each in controller.get("status", {}).get("conditions") or ():
        if each["type"] == "ReplicaFailure" and each["status"] == "True":
            return each.get("message", "")
    return None


def _is_ready(pod: Object) -> bool:
    return any(each["type"] == "Ready" and each["status"] == "True" for each in _conditions(pod))


def _conditions(pod: Object) -> Sequence[Object]:
    return pod.get("status", {}).get("conditions") or ()


def _of_pod(pod: Object) -> Finding:
    name = f"pod {pod['metadata']['name']}"
    for each in _conditions(pod):
        if each["type"] == "PodScheduled" and each["status"] == "False":
            message = _line(each.get("message", ""))
            return Finding("scheduling", f"{name} cannot be scheduled: {message}", pod)
    status = pod.get("status", {})
    containers = [*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())]
    found = [each for each in (_of_container(pod, name, container) for container in containers) if each]
    fallback = Finding("start", f"{name} is starting", pod)
    return next((each for each in found if each.cause != "start"), found[0] if found else fallback)


def _of_container(pod: Object, pod_name: str, status: Object) -> Finding | None:
    name: str = status["name"]
    where = f"{pod_name}, container {name}"
    state, last = status.get("state") or {}, (status.get("lastState") or {}).get("terminated")
    waiting, ended = state.get("waiting") or {}, state.get("terminated") or last
    reason, message = waiting.get("reason", ""), _line(waiting.get("message", ""))
    if ended and (ended.get("exitCode") or reason == "CrashLoopBackOff") and not status.get("ready"):
        return _crash(pod, where, status, ended, running="running" in state)
    if waiting and reason not in _STARTING:
        return Finding("container", f"{where}: {reason}: {message or status['image']}", pod)
    if "running" in state and name in _ending(pod):
        return Finding("start", f"{where}: an init container that has not ended yet", pod, name)
    if "running" in state and not status.get("ready"):
        # Until a startup probe has succeeded, the other probes do not run.
        what = "is not ready" if status.get("started") else "has not started"
        return Finding("probe", f"{where}: runs, but {what} by its probe", pod, name)
    return Finding("start", f"{where}: {reason}", pod) if reason else None


def _ending(pod: Object) -> set[str]:
    """Return the names of the init containers that end before others start: all but sidecars."""
    init: Sequence[Object] = pod.get("spec", {}).get("initContainers") or ()
    return {each["name"] for each in init if each.get("restartPolicy") != "Always"}


def _crash(pod: Object, where: str, status: Object, ended: Object, *, running: bool) -> Finding:
    code, reason = ended.get("exitCode"), ended.get("reason", "Error")
    message = f"{where}: exited with code {code} ({reason}), {status.get('restartCount', 0)} restarts"
    return Finding("crash", message, pod, status["name"], previous=running)


def _events(cluster: Cluster, of: Object) -> list[Object]:
    """Return the events of an object, the last one last."""
    metadata = of["metadata"]
    selector = f"involvedObject.uid={metadata['uid']}"
    path = f"/api/v1/namespaces/{metadata['namespace']}/events?fieldSelector={selector}"
    found = cluster.get(path) or {"items": []}
    return sorted(found["items"], key=_time)


def _time(event: Object) -> str:
    series: Any = event.get("series") or {}
    times = (series.get("lastObservedTime"), event.get("lastTimestamp"), event.get("eventTime"))
    return max((time for time in times if time), default="")


def _log(cluster: Cluster, found: Finding) -> list[str]:
    metadata = (found.pod or {})["metadata"]
    previous = "&previous=true" if found.previous else ""
    path = f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}/log"
    text = cluster.text(f"{path}?container={found.container}&tailLines={LOG_LINES}{previous}")
    return [_line(line) for line in text.splitlines()]


def _line(text: str) -> str:
    """Return a message as one printable line: a log may contain a terminal's control characters."""
    printable = "".join(each if each.isprintable() else " " for each in text.strip())
    return printable if len(printable) <= MAX_LINE else f"{printable[:MAX_LINE]}..."
