"""Adoption: objects that others created become those of a stack, as its owner annotations record."""

import re
from collections.abc import Sequence
from dataclasses import replace

from pulumi_ixn.live.cluster import Cluster
from pulumi_ixn.live.objects import ObjectRef
from pulumi_ixn.live.ownership import Found, existing
from pulumi_ixn.live.subject import Subject
from pulumi_ixn.ownership import Owner
from pulumi_ixn.policies import cilium_policy, network_policy


def adoptable(cluster: Cluster, subject: Subject) -> list[Found]:
    """Return the objects of others under names that the stack uses, and its own that its state lacks.

    Raises ClusterError.
    """
    wanted = set(subject.objects)
    found = [each for each in existing(cluster, subject) if _enumerated(each.ref) in wanted]
    return [each for each in found if not each.recorded or (each.owner and each.owner.stack != subject.stack)]


def adopt(cluster: Cluster, subject: Subject, objects: Sequence[Found]) -> None:
    """Annotate the objects as those of the stack; nothing else in them changes. Raises ClusterError."""
    tenants, settings = {each: each.tenant for each in subject.objects}, subject.settings.tenants
    for found in objects:
        key = tenants[_enumerated(found.ref)]
        annotations = Owner(subject.stack, key, settings[key].id if key else None).annotations
        # A field manager of its own: `up` sets the same values, so it has no conflict with this one.
        path = f"{found.ref.path}?fieldManager=ixn"
        cluster.request("PATCH", path, {"metadata": {"annotations": annotations}})


def _enumerated(ref: ObjectRef) -> ObjectRef:
    """Return an object as the settings enumerate it: a policy and a database's Job without their digests."""
    is_policy = ref.kind.name in (network_policy.KIND, cilium_policy.KIND)
    has_digest = is_policy or (ref.kind.name == "Job" and re.search("-db-[0-9a-f]{7}$", ref.name))
    return replace(ref, name=ref.name.rpartition("-")[0]) if has_digest else ref
