"""Which cluster it is: a wrong context must never change, or empty the state of, a stack."""

from collections.abc import Iterator
from http import HTTPStatus

from pulumi_ixn.live.cluster import Cluster, ClusterError
from pulumi_ixn.live.problem import Problem
from pulumi_ixn.live.subject import Subject

_PATH = "/api/v1/namespaces/kube-system"


def cluster_uid(cluster: Cluster) -> str:
    """Return the UID of the namespace `kube-system`, which stands for the cluster. Raises ClusterError."""
    return str(cluster.request("GET", _PATH)["metadata"]["uid"])


def access_problem(error: ClusterError, subject: Subject) -> Problem:
    """Return the problem that keeps the cluster from being identified."""
    where = "ixn:target.context"
    if error.status == HTTPStatus.FORBIDDEN:
        message = (
            "may not read the namespace kube-system, whose UID identifies the cluster; `ixn role` shows the Role"
        )
        return Problem(where, f"{subject.context!r} {message}")
    return Problem(where, f"{subject.context!r}: {error}")


def wrong_cluster(cluster: Cluster, uid: str, subject: Subject) -> Iterator[Problem]:
    """Yield a problem if the cluster is not that of the last update, and the state has objects on that one.

    If that cluster was not recorded, as before the end of the first update, it is recognized by those objects.
    """
    if not subject.recorded or subject.cluster == uid:
        return
    if subject.cluster is not None:
        reason = (
            f"than that of the last update, {subject.cluster} (UID of the namespace kube-system); this is {uid}"
        )
    elif _has_no_object(cluster, subject):
        reason = "than that of the last update, or everything on it was deleted: no object of the state exists"
    else:
        return
    yield Problem(
        "ixn:target.context",
        f"{subject.context!r} is another cluster {reason}. Use the right kubeconfig. If that cluster is gone, "
        "`ixn refresh --new-cluster` removes its objects from the state",
    )


def _has_no_object(cluster: Cluster, subject: Subject) -> bool:
    """Return whether some objects of the state are known to be missing, and none is known to exist."""
    missing = False
    for ref, uid in subject.recorded.items():
        if uid is None:
            continue
        try:
            found = cluster.get(ref.path)
        except ClusterError as error:
            if error.status != HTTPStatus.FORBIDDEN:
                raise
            continue
        if found is not None and found["metadata"]["uid"] == uid:
            return False
        missing = True
    return missing
