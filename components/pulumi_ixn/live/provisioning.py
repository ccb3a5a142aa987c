"""The databases that a stack creates, as its settings have them."""

from collections.abc import Iterator
from dataclasses import dataclass

from pulumi_ixn.config.arguments import DATABASE_WORKLOADS, DATABASES
from pulumi_ixn.config.cloud_native_pg import CloudNativePgPeer
from pulumi_ixn.config.issues import config_path
from pulumi_ixn.config.peers import TenantPeers
from pulumi_ixn.config.provisioned import ProvisionedSettings
from pulumi_ixn.config.services import DatabasePeer
from pulumi_ixn.config.stack import Settings
from pulumi_ixn.naming import Tenant, database_job_name


@dataclass(frozen=True)
class ProvisionedDatabase:
    """A database that a Job provisions.

    `tenant` is the tenant's key, `job` the name of the Job's objects, and that of the Job without its digest.
    `path` is the key of `settings`.
    """

    tenant: str
    job: str
    path: str
    settings: ProvisionedSettings


@dataclass(frozen=True)
class ClusterDatabase:
    """A database in a Cluster of CloudNativePG.

    `name` is that of its objects, which are in the Cluster's namespace. `writes_secret`: the Secret of the role's
    password is one of them.
    """

    tenant: str
    name: str
    namespace: str
    writes_secret: bool


def provisioned_databases(settings: Settings) -> Iterator[ProvisionedDatabase]:
    """Yield each database of the tenants that is provisioned."""
    for tenant, name, key, peer in _databases(settings):
        if isinstance(peer, DatabasePeer) and peer.provisioned is not None:
            path = config_path(("tenants", tenant, "peers", key, "provisioned"))
            yield ProvisionedDatabase(tenant, name, path, peer.provisioned)


def cluster_databases(settings: Settings) -> Iterator[ClusterDatabase]:
    """Yield each database of the tenants that is in a Cluster of CloudNativePG."""
    for tenant, name, _, peer in _databases(settings):
        if isinstance(peer, CloudNativePgPeer):
            namespace = peer.cloud_native_pg.namespace or settings.environment.namespace.name
            yield ClusterDatabase(tenant, name, namespace, peer.cloud_native_pg.role_secret is None)


def _databases(settings: Settings) -> Iterator[tuple[str, str, str, object]]:
    """Yield the tenant's key, the name of the objects, the key in `peers` and the peer of each database."""
    for key, tenant in settings.tenants.items():
        for party, field in DATABASES.items():
            name = database_job_name(DATABASE_WORKLOADS[party], Tenant(tenant.id, tenant.sid))
            yield key, name, TenantPeers.model_fields[field].alias or field, getattr(tenant.peers, field)
