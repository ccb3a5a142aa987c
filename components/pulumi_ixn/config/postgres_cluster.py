"""The settings of the Cluster of CloudNativePG that a stack creates for its tenants."""

from collections.abc import Iterable
from typing import Annotated, Self

import pulumi
from pydantic import Field, model_validator

from pulumi_ixn.config.backups import BackupSettings, RecoverySettings
from pulumi_ixn.config.cloud_native_pg import CloudNativePgPeer
from pulumi_ixn.config.fields import Bytes, DnsLabel, LabelKey, Model, ObjectName, RolloutTimeout, Str
from pulumi_ixn.config.records import check_paths
from pulumi_ixn.config.validators import Parsed
from pulumi_ixn.config.workloads import ImageSettings, ResourcesSettings
from pulumi_ixn.database_rules import roles_of
from pulumi_ixn.provisioning import cluster_rules
from pulumi_ixn.provisioning.postgres_cluster import READY_TIMEOUT, DatabaseLogin, PostgresClusterArgs, Volume


class VolumeSettings(Model):
    """A volume of each instance."""

    size: Bytes = Field(description="the size; it can grow, and never shrink")
    storage_class: ObjectName | None = Field(default=None, description="the class; if omitted, the default one")

    def args(self) -> Volume:
        """Return the library's volume."""
        return Volume(self.size, self.storage_class)


class PostgresClusterSettings(Model):
    """A Cluster of CloudNativePG 1.30 or later that the stack creates, for the databases of its tenants."""

    name: Annotated[str, Parsed(cluster_rules.cluster_name)] = Field(
        description="the Cluster's name, which `cloudNativePG.cluster` of the databases repeats"
    )
    namespace: DnsLabel | None = Field(
        default=None, description="an existing namespace for it; if omitted, that of the tenants"
    )
    instances: Annotated[int, Field(ge=1, le=100), Parsed(cluster_rules.instances)] = Field(
        default=PostgresClusterArgs.instances, description="the primary and its standbys"
    )
    image: ImageSettings | None = Field(
        default=None, description="the image of PostgreSQL; if omitted, the operator selects one"
    )
    storage: VolumeSettings = Field(description="the volume of the data")
    wal_storage: VolumeSettings | None = Field(
        default=None, description="a volume of its own for the WAL; it cannot be removed later"
    )
    resources: ResourcesSettings | None = Field(default=None, description="requests and limits of each instance")
    parameters: dict[Annotated[str, Parsed(cluster_rules.parameter)], Str] = Field(
        default_factory=dict, description="parameters of postgresql.conf"
    )
    service_account_annotations: dict[LabelKey, Str] = Field(
        default_factory=dict,
        description="annotations of the pods' ServiceAccount, which give them an identity in the cloud",
    )
    backup: BackupSettings | None = Field(default=None, description="the backups; if omitted, there are none")
    recovery: RecoverySettings | None = Field(
        default=None,
        description="the backups of another Cluster from which this one is created; refused for one that exists",
    )
    ready_timeout: RolloutTimeout = Field(
        default=READY_TIMEOUT,
        description="how long the Cluster may take until it is ready: more for a recovery, which fetches all data",
    )

    @model_validator(mode="after")
    def _rules(self) -> Self:
        check_paths(self.args("", ()), {})
        return self

    def args(self, namespace: pulumi.Input[str], logins: Iterable[DatabaseLogin]) -> PostgresClusterArgs:
        """Return the library's arguments, without what the whole stack shares; `namespace` is the tenants'."""
        return PostgresClusterArgs(
            self.namespace or namespace,
            self.storage.args(),
            self.name,
            self.instances,
            wal_storage=self.wal_storage and self.wal_storage.args(),
            resources=self.resources and self.resources.args(),
            parameters=self.parameters,
            service_account_annotations=self.service_account_annotations,
            logins=tuple(logins),
            backup=self.backup and self.backup.args(),
            recovery=self.recovery and self.recovery.args(),
            ready_timeout=self.ready_timeout,
        )

    def has(self, peer: object, namespace: str) -> bool:
        """Return whether a database is in this Cluster; `namespace` is that of the tenants."""
        if not isinstance(peer, CloudNativePgPeer):
            return False
        own = peer.cloud_native_pg
        return (own.cluster, own.namespace or namespace) == (self.name, self.namespace or namespace)


def login_of(peer: CloudNativePgPeer) -> DatabaseLogin:
    """Return the database and its role."""
    database = peer.service(None, "")
    role = next((role for _, role in roles_of(database)), "")
    return DatabaseLogin(database.name, role)
