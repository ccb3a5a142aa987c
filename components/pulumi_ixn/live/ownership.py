"""Objects of others: what exists under a name that the stack uses, and does not belong to it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pulumi_ixn.live.cluster import Cluster, Object
from pulumi_ixn.live.concurrent import concurrently
from pulumi_ixn.live.objects import ObjectRef
from pulumi_ixn.live.problem import Problem
from pulumi_ixn.live.subject import Subject
from pulumi_ixn.ownership import Owner

_HELM = "meta.helm.sh/release-name"


@dataclass(frozen=True)
class Found:
    """An object that exists: its owner, if an annotation names one, and its Helm release, if it has one."""

    ref: ObjectRef
    owner: Owner | None
    release: str | None
    recorded: bool
    """Whether it is in the state of the stack."""


def existing(cluster: Cluster, subject: Subject) -> list[Found]:
    """Return the objects that the stack writes or has in its state, as far as they exist. Raises ClusterError."""
    wanted = list(dict.fromkeys([*subject.objects, *subject.recorded]))
    paths = list(dict.fromkeys(each.kind.path(each.namespace) for each in wanted if each.namespace))
    found = dict(zip(paths, concurrently(cluster.metadata, paths), strict=True))
    by_path = {f"{path}/{each['name']}": each for path, listed in found.items() for each in listed}
    return [
        _found(each, by_path[each.path], recorded=each in subject.recorded)
        for each in wanted
        if each.path in by_path
    ]


def owned_by_others(cluster: Cluster, subject: Subject) -> Iterator[Problem]:
    """Yield a problem for each owner of objects that an update would take over, or fail to create."""
    yield from _problems(existing(cluster, subject), subject.stack)


def taken_by_others(cluster: Cluster, subject: Subject) -> Iterator[Problem]:
    """Yield a problem for each owner of objects that are in the state, and that a deletion would take from it."""
    recorded = [each for each in existing(cluster, subject) if each.recorded]
    yield from _problems(recorded, subject.stack)


def _problems(found: Iterable[Found], stack: str) -> Iterator[Problem]:
    by_reason: dict[str, list[ObjectRef]] = defaultdict(list)
    for each in found:
        if reason := reason_to_refuse(each, stack):
            by_reason[reason].append(each.ref)
    for reason, refs in by_reason.items():
        others = f" (and {len(refs) - 1} more)" if len(refs) > 1 else ""
        yield Problem(f"{refs[0]}{others}", reason)


def reason_to_refuse(found: Found, stack: str) -> str | None:
    """Return why the stack must not write an object; None if it may."""
    match found:
        case Found(owner=Owner(stack=other)) if other != stack:
            renamed = (
                f" If that stack was renamed to this one: `ixn adopt --from {other}`" if found.recorded else ""
            )
            return f"belongs to the stack {other}; two stacks must not share a namespace and a sid.{renamed}"
        case Found(recorded=True):
            return None
        case Found(owner=Owner()):
            return "belongs to this stack, and is not in its state, as after an interrupted update: `ixn recover`"
        case Found(release=str(release)):
            return f"belongs to the Helm release {release!r}: `ixn adopt` takes it over"
        case _:
            return "exists, and this stack did not create it: `ixn adopt` takes it over"


def _found(ref: ObjectRef, metadata: Object, *, recorded: bool) -> Found:
    annotations: Mapping[str, str] = metadata.get("annotations") or {}
    return Found(ref, Owner.of(metadata), annotations.get(_HELM), recorded)
