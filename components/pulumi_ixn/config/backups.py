"""The settings of a Cluster's backups, and of the backups that it is restored from."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from pulumi_ixn.config.certificates import CertificateAuthoritySettings
from pulumi_ixn.config.fields import Model, ObjectName, SecretKey
from pulumi_ixn.config.peer_models import OneOf
from pulumi_ixn.config.records import check_paths
from pulumi_ixn.config.validators import Parsed
from pulumi_ixn.provisioning import backups, cluster_rules
from pulumi_ixn.provisioning.schedules import schedule, target_time

Schedule = Annotated[str, Parsed(schedule)]
TargetTime = Annotated[str, Parsed(target_time)]
ServerName = Annotated[str, Parsed(cluster_rules.server_name)]


class ObjectStoreSecretSettings(Model):
    """The credentials for an object store: an existing Secret in the Cluster's namespace."""

    name: ObjectName = Field(description="the Secret's name")
    keys: dict[Annotated[str, Parsed(cluster_rules.credential_field)], SecretKey] = Field(
        default_factory=dict,
        description="the keys of the Secret by the field of the ObjectStore's credentials, such as `accessKeyId`; "
        "if omitted, the plugin's usual ones",
    )


class CreatedObjectStore(Model):
    """An object store for which this package creates an ObjectStore of the Barman Cloud plugin."""

    destination_path: Annotated[str, Parsed(cluster_rules.destination_path)] = Field(
        description="the path: 's3://bucket/path', 'gs://bucket/path' or, for Azure, "
        "'https://account.blob.core.windows.net/container/path'"
    )
    secret: ObjectStoreSecretSettings | None = Field(
        default=None, description="the credentials; if omitted, the identity of the pods in the cloud"
    )
    endpoint_url: Annotated[str, Parsed(cluster_rules.endpoint_url)] | None = Field(
        default=None, alias="endpointURL", description="the address of a store that is compatible with S3"
    )
    endpoint_ca: CertificateAuthoritySettings | None = Field(
        default=None,
        alias="endpointCA",
        description="the CA of that address, in an existing Secret in the Cluster's namespace",
    )
    retention: Annotated[str, Parsed(cluster_rules.retention)] | None = Field(
        default=None,
        description="the window to any point of which one can restore, such as '30d'; older backups are deleted. "
        "If omitted, none are",
    )
    compression: Annotated[str, Parsed(cluster_rules.compression)] | None = Field(
        default=backups.ObjectStore.compression,
        description="the compression of base backups and WAL: 'gzip', 'bzip2', 'lz4' or 'snappy'; null for none",
    )

    @model_validator(mode="after")
    def _rules(self) -> Self:
        check_paths(self.args(), {})
        return self

    def args(self) -> backups.ObjectStore:
        """Return the library's object store."""
        return backups.ObjectStore(
            self.destination_path,
            self.secret and backups.ObjectStoreSecret(self.secret.name, self.secret.keys),
            self.endpoint_url,
            self.endpoint_ca and self.endpoint_ca.args(),
            self.retention,
            self.compression,
        )


class ExistingObjectStore(Model):
    """An existing ObjectStore of the Barman Cloud plugin, in the Cluster's namespace."""

    name: ObjectName = Field(description="the ObjectStore's name")


class ObjectStoreSettings(OneOf):
    """An object store: exactly one of the keys."""

    existing: ExistingObjectStore | None = Field(default=None, description="an existing ObjectStore")
    created: CreatedObjectStore | None = Field(default=None, description="one that this package creates")

    def args(self) -> backups.ObjectStore | str:
        """Return the library's object store, or the name of the existing one."""
        return self.created.args() if self.created else self.existing.name if self.existing else ""


class VolumeSnapshotSettings(Model):
    """Base backups as snapshots of the volumes, besides those in the object store."""

    schedule: Schedule = Field(description="when, as `schedule` of the backup")
    class_name: ObjectName | None = Field(
        default=None, description="the VolumeSnapshotClass; if omitted, the storage class' default"
    )


class BackupSettings(Model):
    """Backups by the Barman Cloud plugin: all WAL continuously, and a base backup on a schedule."""

    object_store: ObjectStoreSettings = Field(description="the object store")
    schedule: Schedule = Field(
        default=backups.PostgresBackup.schedule,
        description="when base backups are taken, in UTC: second, minute, hour, day of month, month, day of week",
    )
    server_name: ServerName | None = Field(
        default=None,
        description="the directory in the store, which no other Cluster may have; if omitted, the Cluster's name",
    )
    volume_snapshots: VolumeSnapshotSettings | None = Field(
        default=None, description="snapshots of the volumes, as additional base backups"
    )

    def args(self) -> backups.PostgresBackup:
        """Return the library's backup."""
        own = self.volume_snapshots
        snapshots = own and backups.VolumeSnapshots(own.schedule, own.class_name)
        return backups.PostgresBackup(self.object_store.args(), self.schedule, self.server_name, snapshots)


class RecoverySettings(Model):
    """The backups of another Cluster, from which this one is created, once."""

    object_store: ObjectStoreSettings = Field(description="the object store")
    server_name: ServerName = Field(description="the other Cluster's directory in the store: usually its name")
    target_time: TargetTime | None = Field(
        default=None, description="the point in time to restore to, with its zone; if omitted, the latest"
    )

    def args(self) -> backups.PostgresRecovery:
        """Return the library's recovery."""
        return backups.PostgresRecovery(self.object_store.args(), self.server_name, self.target_time)
