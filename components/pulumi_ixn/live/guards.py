"""The guards of what is deployed, on the objects of the cluster."""

from collections.abc import Iterator, Sequence

from pulumi_ixn.live.cluster import Cluster, Object
from pulumi_ixn.live.log_storage import log_storage_problems
from pulumi_ixn.live.managed_secrets import external_secret_problems, secret_problems
from pulumi_ixn.live.objects import KINDS
from pulumi_ixn.live.postgres_cluster import recovery_problems
from pulumi_ixn.live.problem import Notice, Problem
from pulumi_ixn.live.subject import Subject
from pulumi_ixn.live.tenants import SELECTOR, claims_left, tenant_problems


def unintended_changes(cluster: Cluster, subject: Subject) -> Iterator[Problem | Notice]:
    """Yield a problem for each tenant, Secret or log volume that the settings would delete or move by mistake.

    Also for a database that they would restore, and that exists.

    Yield a notice for each deployed tenant that they move or delete on purpose, with the claims that stay.
    """
    servers, settings, stack = _servers(cluster, subject), subject.settings, subject.stack
    yield from tenant_problems(servers, settings, stack)
    yield from log_storage_problems(servers, settings, stack)
    secrets = [{"metadata": each} for each in cluster.metadata(KINDS["Secret"].path(subject.namespace))]
    yield from secret_problems(secrets, settings, stack)
    yield from external_secret_problems(subject.recorded, settings)
    yield from recovery_problems(cluster, subject)
    yield from map(Notice, claims_left(servers, settings, stack))


def _servers(cluster: Cluster, subject: Subject) -> Sequence[Object]:
    return [
        each
        for namespace in sorted(subject.namespaces)
        for each in cluster.list(KINDS["StatefulSet"].path(namespace), SELECTOR)
    ]
