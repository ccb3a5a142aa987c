"""Where a Cluster of CloudNativePG is backed up, and where another one is restored from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from pulumi_ixn.certificates import CertificateAuthority


@dataclass(frozen=True)
class ObjectStoreSecret:
    """The credentials for an object store: an existing Secret in the Cluster's namespace.

    `keys` are those of the Secret by the field of the `ObjectStore`, such as `accessKeyId`. By default, they are
    ACCESS_KEY_ID and ACCESS_SECRET_KEY for S3, gcsCredentials for Google, AZURE_STORAGE_ACCOUNT and
    AZURE_STORAGE_KEY for Azure.
    """

    name: pulumi.Input[str]
    keys: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class ObjectStore:
    """An object store for which this package creates an `ObjectStore` of the Barman Cloud plugin.

    `destination_path` begins with `s3://`, `gs://` or, for Azure, `https://`. Without a `secret`, the pods have an
    identity that may use the store (`PostgresClusterArgs.service_account_annotations`). `retention` is the window
    to any point of which one can restore, such as '30d', '4w' or '6m'; without it, no backup is ever deleted.
    `compression` is that of base backups and WAL: 'gzip', 'bzip2', 'lz4' or 'snappy'; None for none.
    """

    destination_path: str
    secret: ObjectStoreSecret | None = None
    endpoint_url: str | None = None
    endpoint_ca: CertificateAuthority | None = None
    retention: str | None = None
    compression: str | None = "gzip"


@dataclass(frozen=True)
class VolumeSnapshots:
    """Base backups as snapshots of the volumes, besides those in the object store.

    `class_name` is the VolumeSnapshotClass, by default that of the storage class. `schedule` is as in
    `PostgresBackup`.
    """

    schedule: str
    class_name: pulumi.Input[str] | None = None


@dataclass(frozen=True)
class PostgresBackup:
    """Backups by the Barman Cloud plugin: all WAL continuously, and a base backup on a schedule.

    `object_store` is an `ObjectStore`, or the name of an existing one in the Cluster's namespace. `schedule` is a
    cron of six fields, the first being the seconds, in UTC. The first base backup is taken at once. `server_name`
    is the directory in the store, by default the Cluster's name: no two Clusters may share one.
    """

    object_store: ObjectStore | str
    schedule: str = "0 0 2 * * *"
    server_name: str | None = None
    volume_snapshots: VolumeSnapshots | None = None


@dataclass(frozen=True)
class PostgresRecovery:
    """The backups of another Cluster, from which this one is created, once.

    `server_name` is the directory of the other Cluster in the store. Everything that was archived is restored or,
    with `target_time` (RFC 3339 with a time zone), what was committed until then.
    """

    object_store: ObjectStore | str
    server_name: str
    target_time: str | None = None
