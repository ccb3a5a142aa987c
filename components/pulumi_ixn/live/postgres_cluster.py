"""The Cluster of CloudNativePG of a stack, if it exists already."""

from collections.abc import Iterator

from pulumi_ixn.live.cluster import Cluster, Object
from pulumi_ixn.live.objects import KINDS, ObjectRef
from pulumi_ixn.live.problem import Problem
from pulumi_ixn.live.subject import Subject
from pulumi_ixn.manifests.postgres_cluster import CLUSTER, cluster_spec


def recovery_problems(cluster: Cluster, subject: Subject) -> Iterator[Problem]:
    """Yield a problem if the settings would restore a Cluster that was not created from these backups."""
    environment = subject.settings.environment
    settings = environment.postgres_cluster
    if settings is None or settings.recovery is None:
        return
    namespace = settings.namespace or environment.namespace.name
    ref = ObjectRef(KINDS[CLUSTER], namespace, settings.name)
    found = cluster.get(ref.path)
    if found is not None and _origin(found["spec"]) != _origin(cluster_spec(settings.args(namespace, ()))):
        yield Problem(
            "ixn:postgresCluster.recovery",
            f"{ref} exists, and was not created from these backups: nothing would be restored. Set another "
            "ixn:postgresCluster.name, or remove `recovery`",
        )


def _origin(spec: Object) -> Object | None:
    """Return what a Cluster is restored from, without what the operator adds; None if it is new."""
    bootstrap: Object = spec.get("bootstrap", {})
    if "recovery" not in bootstrap:
        return None
    recovery: Object = bootstrap["recovery"]
    named = (each for each in spec.get("externalClusters", ()) if each["name"] == recovery.get("source"))
    parameters = [each.get("plugin", {}).get("parameters") for each in named]
    return {"source": parameters, "target": recovery.get("recoveryTarget")}
