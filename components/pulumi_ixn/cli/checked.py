"""The check that the cluster is that of the last update, before every command that relies on it."""

from pulumi_ixn.cli.project import CommandError, Project
from pulumi_ixn.live.cluster import Cluster

_KUBE_SYSTEM = "/api/v1/namespaces/kube-system"


def checked_cluster(project: Project) -> Cluster:
    """Return the stack's cluster.

    Raises CommandError if it is not that of the last update: there, every object of the stack would look deleted,
    and a refresh would empty the state.
    """
    cluster, known = project.cluster(), project.outputs().get("cluster")
    found = cluster.request("GET", _KUBE_SYSTEM)["metadata"]["uid"]
    if known not in (None, found):
        context = project.settings.environment.target.context
        raise CommandError(
            f"ixn:target.context: {context!r} is another cluster than that of the last update: the UID of its "
            f"namespace kube-system is {found}, not {known}"
        )
    return cluster
