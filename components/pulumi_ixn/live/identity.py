"""Which cluster it is: a wrong context must never change, or empty the state of, a stack."""

from collections.abc import Iterator

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
    if error.status == 403:
        message = (
            "may not read the namespace kube-system, whose UID identifies the cluster; `ixn role` shows the Role"
        )
        return Problem(where, f"{subject.context!r} {message}")
    return Problem(where, f"{subject.context!r}: {error}")


def wrong_cluster(uid: str, subject: Subject) -> Iterator[Problem]:
    """Yield a problem if the cluster is not that of the last update, and the state has objects on that one."""
    if subject.cluster not in (None, uid) and subject.recorded:
        yield Problem(
            "ixn:target.context",
            f"{subject.context!r} is another cluster than that of the last update, {subject.cluster} (UID of the "
            f"namespace kube-system); this one is {uid}. Use the kubeconfig of that one. If it no longer exists, "
            "`ixn refresh --new-cluster` removes its objects from the state",
        )
