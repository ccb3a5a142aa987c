"""The databases of a stack that Jobs provision, as its settings have them."""

from collections.abc import Iterator
from dataclasses import dataclass

from pulumi_ixn.config.arguments import DATABASE_WORKLOADS, DATABASES
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


def provisioned_databases(settings: Settings) -> Iterator[ProvisionedDatabase]:
    """Yield each database of the tenants that is provisioned."""
    for key, tenant in settings.tenants.items():
        for party, field in DATABASES.items():
            peer: object = getattr(tenant.peers, field)
            if isinstance(peer, DatabasePeer) and peer.provisioned is not None:
                job = database_job_name(DATABASE_WORKLOADS[party], Tenant(tenant.id, tenant.sid))
                alias = TenantPeers.model_fields[field].alias or field
                path = config_path(("tenants", key, "peers", alias, "provisioned"))
                yield ProvisionedDatabase(key, job, path, peer.provisioned)
