"""Convert the settings of a stack's Cluster of CloudNativePG to the arguments of its component."""

from collections.abc import Iterator
from dataclasses import replace

import pulumi

from pulumi_ixn.config.arguments import DATABASES, image_of, is_in_own_cluster, protected
from pulumi_ixn.config.cloud_native_pg import CloudNativePgPeer
from pulumi_ixn.config.postgres_cluster import login_of
from pulumi_ixn.config.stack import Settings
from pulumi_ixn.provisioning.postgres_cluster import DatabaseLogin, PostgresClusterArgs


def cluster_args(settings: Settings, namespace: pulumi.Input[str]) -> PostgresClusterArgs | None:
    """Return the arguments of the PostgresCluster; None if the stack creates none."""
    environment, cluster = settings.environment, settings.environment.postgres_cluster
    if cluster is None:
        return None
    return replace(
        cluster.args(namespace, _logins(settings)),
        image=cluster.image and image_of(environment, cluster.image),
        image_pull_policy=environment.image.pull_policy,
        image_pull_secrets=environment.image.pull_secrets,
        protect=protected(environment),
        # A file that stays would be applied again.
        retain=not environment.target.render,
    )


def _logins(settings: Settings) -> Iterator[DatabaseLogin]:
    """Yield the databases that the tenants have in the Cluster."""
    for tenant in settings.tenants.values():
        for field in DATABASES.values():
            peer = getattr(tenant.peers, field)
            if isinstance(peer, CloudNativePgPeer) and is_in_own_cluster(settings.environment, peer):
                yield login_of(peer)
