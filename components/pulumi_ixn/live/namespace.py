"""The namespace of the tenants."""

from collections.abc import Iterator

from pulumi_ixn.live.cluster import Cluster
from pulumi_ixn.live.objects import KINDS, ObjectRef
from pulumi_ixn.live.problem import Problem
from pulumi_ixn.live.subject import Subject
from pulumi_ixn.ownership import is_owned


def namespace_problems(cluster: Cluster, subject: Subject) -> Iterator[Problem]:
    """Yield a problem if the namespace must exist and does not, or must be created and exists."""
    ref = ObjectRef(KINDS["Namespace"], None, subject.namespace)
    found = cluster.get(ref.path)
    if found is None:
        if not subject.settings.environment.namespace.create:
            yield Problem("ixn:namespace.create", f"is false, and the namespace {ref.name!r} does not exist")
    elif "deletionTimestamp" in found["metadata"]:
        yield Problem("ixn:namespace.name", f"the namespace {ref.name!r} is being deleted, with everything in it")
    elif ref in subject.objects and ref not in subject.recorded:
        yield Problem(
            "ixn:namespace.create",
            f"the namespace {ref.name!r} exists, and "
            + (
                "is missing in the state: run `ixn recover`, or set it to false"
                if is_owned(found["metadata"], subject.stack)
                else "this stack did not create it: set it to false to use it"
            ),
        )
