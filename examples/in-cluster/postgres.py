"""PostgreSQL: a Cluster of CloudNativePG that all tenants share, and their databases in it."""

from collections.abc import Sequence

import pulumi
from admission import admitted
from pulumi_ixn import (
    CloudNativePg,
    Credentials,
    Database,
    PodSelector,
    PostgresCluster,
    PostgresClusterArgs,
    ResourceRequirements,
    Volume,
)

NAME, PORT, STATUS_PORT = "pg", 5432, 8000

OPERATOR = PodSelector("cnpg-system", {"app.kubernetes.io/name": "cloudnative-pg"})
"""The operator's pods, as its manifest and its Helm chart label them."""


def postgres_cluster(
    namespace: pulumi.Input[str], clients: Sequence[PodSelector], opts: pulumi.ResourceOptions
) -> CloudNativePg:
    """Deploy the Cluster, and the policy that admits its clients; return it for the tenants' databases.

    It has no backups, and goes with the stack: for production, add `backup`, and leave out `retain`.
    """
    _admit(namespace, clients, opts)
    args = PostgresClusterArgs(
        namespace,
        Volume("5Gi"),
        cluster_name=NAME,
        instances=2,
        resources=ResourceRequirements({"cpu": "100m", "memory": "512Mi"}, {"cpu": "1", "memory": "1Gi"}),
        retain=False,
    )
    return PostgresCluster("postgres", args, opts).reference


def _admit(namespace: pulumi.Input[str], clients: Sequence[PodSelector], opts: pulumi.ResourceOptions) -> None:
    """Admit the clients, the operator, and the other instances; which ones the instances reach is left open.

    They need the API server, whose address a NetworkPolicy cannot know.
    """
    instances = PodSelector(namespace, {"cnpg.io/cluster": NAME})
    admits = {PORT: [*clients, instances, OPERATOR], STATUS_PORT: [instances, OPERATOR]}
    admitted(NAME, instances, admits, opts, outgoing=True)


def database(cluster: CloudNativePg, name: str) -> Database:
    """Return a database of the Cluster, whose role has the same name and a generated password."""
    return Database.in_cluster(cluster, name, Credentials.generated(name))
