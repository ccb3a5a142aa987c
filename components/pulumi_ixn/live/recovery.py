"""What an interrupted update left behind: compare the state and the plan with the cluster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulumi_ixn.live.checkpoint import Resource
from pulumi_ixn.live.cluster import Object
from pulumi_ixn.live.concurrent import concurrently
from pulumi_ixn.live.lookup import Lookup, kubernetes_resources, unrecorded
from pulumi_ixn.live.takeover import (
    Deployment,
    extended,
    forget,
    missing_providers,
    operations,
    planned_creates,
    settled,
    take_over,
    taken_over,
)
from pulumi_ixn.manifests.postgres_cluster import RETAINED
from pulumi_ixn.ownership import is_owned


@dataclass(frozen=True)
class Findings:
    """What to do about an interrupted update; nothing if all of its sequences are empty."""

    interrupted: Sequence[Object] = ()
    """The operations that the state records as running."""

    taken: Sequence[Resource] = ()
    """Objects of this stack that the state lacks: created, but not recorded."""

    gone: Sequence[str] = ()
    """URNs of resources whose deletion was interrupted, and whose objects no longer exist."""

    terminating: Sequence[Object] = ()
    """Objects of these operations that are being deleted now; wait for their end before recovering."""

    foreign: Sequence[Object] = ()
    """Existing objects that the next update wants to create, and that this stack does not own."""

    orphans: Sequence[Object] = ()
    """Objects of this stack that are neither in the state nor planned; not those that Pulumi leaves on purpose."""

    providers: Sequence[str] = ()
    """URNs of planned providers without which nothing can be taken; create them, and examine the new state."""

    result: Deployment | None = None
    """The recovered state; not valid before the providers exist."""

    @property
    def changes(self) -> bool:
        """Whether the state must change."""
        return bool(self.interrupted or self.taken or self.gone)


def examine(deployment: Deployment, preview: Object | None, lookup: Lookup, stack: str) -> Findings:
    """Return what an interrupted update left behind.

    `preview` is what `pulumi preview --json` prints; without it, only operations that the state records as
    interrupted are examined. `stack` is the owner's name. Raises ClusterError.
    """
    planned = planned_creates(deployment, preview)
    deleting = [each["resource"] for each in operations(deployment) if each["type"] == "deleting"]
    live = _live([*planned, *deleting], lookup)
    wanted = {each["urn"]: live[each["urn"]] for each in planned if each["urn"] in live}
    ours = {urn: item for urn, item in wanted.items() if is_owned(item["metadata"], stack)}
    gone = [each["urn"] for each in kubernetes_resources(deleting) if each["urn"] not in live]
    remaining = forget(deployment, gone)
    providers = missing_providers(remaining, planned, ours)
    # They serve to show what can be taken; the engine creates them before anything is.
    remaining = extended(remaining, providers)
    result = take_over(remaining, planned, ours)
    known = kubernetes_resources(result["resources"])
    # What is not planned is known only if there is a plan.
    owned = lookup.owned(stack, [*known, *kubernetes_resources(planned)]) if preview else iter(())
    return Findings(
        interrupted=operations(deployment),
        taken=taken_over(remaining, result),
        gone=gone,
        terminating=[each for each in live.values() if each["metadata"].get("deletionTimestamp")],
        foreign=[item for urn, item in wanted.items() if urn not in ours],
        orphans=[each for each in unrecorded(owned, known, wanted.values()) if each["kind"] not in RETAINED],
        providers=[each["urn"] for each in providers],
        result=settled(result),
    )


def _live(resources: Sequence[Resource], lookup: Lookup) -> Mapping[str, Object]:
    """Return the existing objects by URN."""
    named = kubernetes_resources(resources)
    found = concurrently(lookup.find, named)
    return {resource["urn"]: item for resource, item in zip(named, found, strict=True) if item}
