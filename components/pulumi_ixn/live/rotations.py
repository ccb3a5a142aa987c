"""Guard of rotated passwords: an update replaces none with which pods still log in."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from pulumi_ixn.config import Settings
from pulumi_ixn.config.checks import value_at
from pulumi_ixn.live.cluster import Cluster, Object
from pulumi_ixn.live.peer_secrets import PeerSecret, peer_secrets
from pulumi_ixn.live.problem import Problem
from pulumi_ixn.ownership import LOGIN, ROTATION, is_owned

_ENDED = ("Succeeded", "Failed")
_KEEP = "Keep `provisioned`, or set `secret.existing` to a Secret with the login that pods have."


def rotation_problems(
    cluster: Cluster, secrets: Sequence[Object], settings: Settings, stack: str
) -> Iterator[Problem]:
    """Yield a problem for each login that the update would replace, if pods have it or no Job sets its password.

    `secrets` are those of the stack's namespace. Raises ClusterError.
    """
    own = [each["metadata"] for each in secrets if is_owned(each["metadata"], stack)]
    deployed = {each["name"]: each for each in own}
    generated = [each for each in peer_secrets(settings) if each.rotation is not None and each.name in deployed]
    replaced = [each for each in generated if _is_replaced(deployed[each.name], each)]
    if not replaced:
        return
    namespace = settings.environment.namespace.name
    readers = _readers(cluster.list(f"/api/v1/namespaces/{namespace}/pods"))
    for each in replaced:
        metadata, what = deployed[each.name], f"Secret {namespace}/{each.name}"
        if not each.provisioned:
            message = f"this update would replace the password in {what}, and no Job would set it. {_KEEP}"
            yield Problem(f"{each.path}.secret.generated", message)
        elif pods := ", ".join(sorted(readers.get(each.name, ()))):
            last = max(_rotation(deployed[other.name]) for other in generated if other.path == each.path)
            yield _in_use(each, metadata, f"{what}, with which pods log in ({pods})", last)


def _in_use(secret: PeerSecret, metadata: Object, what: str, last: int) -> Problem:
    """Return the problem of a login that pods have; `last` is the last rotation of the database."""
    where = f"{secret.path}.secret.generated"
    if _is_renamed(metadata, secret):
        return Problem(
            f"{where}.username",
            f"this update would replace the username in {what}, before a Job can check the role. Rename the role "
            "while the pods are stopped (docs/databases.md, Renaming a role).",
        )
    return Problem(
        f"{where}.rotation",
        f"this update would replace the password in {what}. The last rotation was {last}: set {last}, run `pulumi "
        f"up` until it succeeds, wait until these pods end, and set {last + 1}.",
    )


def _is_replaced(metadata: Object, secret: PeerSecret) -> bool:
    return secret.rotation != _rotation(metadata) or _is_renamed(metadata, secret)


def _is_renamed(metadata: Object, secret: PeerSecret) -> bool:
    return secret.provisioned and value_at(metadata, ("annotations", LOGIN), secret.login) != secret.login


def _rotation(metadata: Object) -> int:
    annotations: Mapping[str, str] = metadata.get("annotations") or {}
    return int(annotations.get(ROTATION, 0))


def _readers(pods: Sequence[Object]) -> Mapping[str, Sequence[str]]:
    """Return the names of the pods that run and read each Secret."""
    found: dict[str, list[str]] = {}
    for pod in pods:
        if value_at(pod, ("status", "phase")) not in _ENDED:
            for name in {each for each in _read(pod["spec"]) if isinstance(each, str)}:
                found.setdefault(name, []).append(pod["metadata"]["name"])
    return found


def _read(spec: Object) -> Iterator[object]:
    """Yield the name of each Secret that a pod reads, or None."""
    for container in (*_items(spec, "containers"), *_items(spec, "initContainers")):
        yield from (value_at(each, ("valueFrom", "secretKeyRef", "name")) for each in _items(container, "env"))
        yield from (value_at(each, ("secretRef", "name")) for each in _items(container, "envFrom"))
    for volume in _items(spec, "volumes"):
        yield value_at(volume, ("secret", "secretName"))
        yield from (value_at(each, ("secret", "name")) for each in _items(volume, "projected", "sources"))


def _items(value: Object, *path: str) -> Sequence[Object]:
    return cast("Sequence[Object] | None", value_at(value, path)) or ()
