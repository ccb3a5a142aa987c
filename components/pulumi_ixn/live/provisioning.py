"""The databases that a stack creates, as its settings have them."""

from collections.abc import Iterator
from dataclasses import dataclass

from pulumi_ixn.config.arguments import DATABASE_WORKLOADS, DATABASES
from pulumi_ixn.config.cloud_native_pg import CloudNativePgPeer
from pulumi_ixn.config.issues import config_path
from pulumi_ixn.config.peers import TenantPeers
from pulumi_ixn.config.provisioned import ProvisionedSettings
from pulumi_ixn.config.services import DatabasePeer
from pulumi_ixn.config.stack import Environment, Settings
from pulumi_ixn.manifests import postgres_cluster
from pulumi_ixn.naming import Tenant, database_job_name
from pulumi_ixn.provisioning.object_stores import store_kind


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


def postgres_cluster_objects(environment: Environment) -> Iterator[tuple[str, str, str]]:
    """Yield the kind, the namespace and the name of each object of the Cluster that a stack creates."""
    settings = environment.postgres_cluster
    if settings is None:
        return
    args = settings.args(settings.namespace or environment.namespace.name, ())
    name, namespace = settings.name, str(args.namespace)
    for each in postgres_cluster.created_stores(args):
        yield postgres_cluster.STORE, namespace, f"{name}-{each}"
    yield postgres_cluster.CLUSTER, namespace, name
    for each in postgres_cluster.scheduled_backups(args):
        yield postgres_cluster.SCHEDULED_BACKUP, namespace, f"{name}-{each}"


def store_secrets(environment: Environment) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield the name, the keys and the setting of each Secret of the Cluster's object stores, which must exist.

    Only those in the tenants' namespace, to which the stack's credentials have access.
    """
    settings = environment.postgres_cluster
    if settings is None or settings.namespace not in (None, environment.namespace.name):
        return
    for name, store in postgres_cluster.created_stores(settings.args("", ())).items():
        path = f"ixn:postgresCluster.{name}.objectStore.created"
        if (secret := store.secret) is not None:
            keys = secret.keys or store_kind(store.destination_path).usual
            yield str(secret.name), tuple(keys.values()), f"{path}.secret"
        if (ca := store.endpoint_ca) is not None:
            yield str(ca.secret_name), (ca.key,), f"{path}.endpointCA"


def _databases(settings: Settings) -> Iterator[tuple[str, str, str, object]]:
    """Yield the tenant's key, the name of the objects, the key in `peers` and the peer of each database."""
    for key, tenant in settings.tenants.items():
        for party, field in DATABASES.items():
            name = database_job_name(DATABASE_WORKLOADS[party], Tenant(tenant.id, tenant.sid))
            yield key, name, TenantPeers.model_fields[field].alias or field, getattr(tenant.peers, field)
