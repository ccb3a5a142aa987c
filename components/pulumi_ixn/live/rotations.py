"""Guard of rotated passwords: an update replaces none with which pods still log in."""

from collections.abc import Iterator, Mapping, Sequence

from pulumi_ixn.config import Settings
from pulumi_ixn.live.cluster import Cluster, Object
from pulumi_ixn.live.peer_secrets import PeerSecret, peer_secrets
from pulumi_ixn.live.problem import Problem
from pulumi_ixn.ownership import ROTATION, is_owned

_ENDED = ("Succeeded", "Failed")


def rotation_problems(
    cluster: Cluster, secrets: Sequence[Object], settings: Settings, stack: str
) -> Iterator[Problem]:
    """Yield a problem for each Secret that pods read, and whose password the update would replace.

    `secrets` are those of the stack's namespace. Raises ClusterError.
    """
    own = [each["metadata"] for each in secrets if is_owned(each["metadata"], stack)]
    deployed = {each["name"]: each for each in own}
    rotated = [each for each in peer_secrets(settings) if each.rotation is not None and each.name in deployed]
    replaced = [each for each in rotated if each.rotation != _rotation(deployed[each.name])]
    if not replaced:
        return
    namespace = settings.environment.namespace.name
    readers = _readers(cluster.list(f"/api/v1/namespaces/{namespace}/pods"))
    for each in replaced:
        if pods := readers.get(each.name):
            last = max(_rotation(deployed[other.name]) for other in rotated if other.path == each.path)
            yield _problem(each, last, f"Secret {namespace}/{each.name}", pods)


def _problem(secret: PeerSecret, last: int, what: str, pods: Sequence[str]) -> Problem:
    return Problem(
        f"{secret.path}.secret.generated.rotation",
        f"this update would replace the password in {what}, with which pods log in ({', '.join(sorted(pods))}). "
        f"The last rotation was {last}: set {last}, run `pulumi up` until it succeeds, then set {last + 1}.",
    )


def _rotation(metadata: Object) -> int:
    annotations: Mapping[str, str] = metadata.get("annotations") or {}
    return int(annotations.get(ROTATION, 0))


def _readers(pods: Sequence[Object]) -> Mapping[str, Sequence[str]]:
    """Return the names of the running pods that read each Secret in a variable."""
    found: dict[str, list[str]] = {}
    for pod in pods:
        if pod.get("status", {}).get("phase") not in _ENDED:
            for name in set(_read(pod["spec"])):
                found.setdefault(name, []).append(pod["metadata"]["name"])
    return found


def _read(spec: Object) -> Iterator[str]:
    for container in (*spec["containers"], *(spec.get("initContainers") or ())):
        for variable in container.get("env") or ():
            source: Object = variable.get("valueFrom") or {}
            if "secretKeyRef" in source:
                yield source["secretKeyRef"]["name"]
