"""A Cluster of CloudNativePG for tests, with what each of its parts can have, and the same as settings."""

from dataclasses import replace
from typing import Any

from pulumi_ixn import (
    CertificateAuthority,
    DatabaseLogin,
    Image,
    ObjectStore,
    ObjectStoreSecret,
    PostgresBackup,
    PostgresCluster,
    PostgresClusterArgs,
    PostgresRecovery,
    ResourceRequirements,
    Volume,
    VolumeSnapshots,
)
from pulumi_ixn.testing import Deployment, deploy

S3 = ObjectStore("s3://ixn-backups/east", ObjectStoreSecret("s3-login"), retention="30d")
BACKUP = PostgresBackup(S3)
MINIMAL = PostgresClusterArgs("databases", Volume("20Gi"), backup=BACKUP)
FULL = replace(
    MINIMAL,
    storage=Volume("20Gi", "fast"),
    wal_storage=Volume("5Gi", "fast"),
    image=Image("tools/postgresql", "17.6", "registry.example.com"),
    image_pull_secrets=("pull",),
    resources=ResourceRequirements({"cpu": "1", "memory": "2Gi"}, {"cpu": "2", "memory": "2Gi"}),
    parameters={"max_connections": "200"},
    service_account_annotations={"eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/backup"},
    logins=(DatabaseLogin("ixn-100", "ixn"), DatabaseLogin("same", "same")),
    backup=PostgresBackup(
        replace(S3, endpoint_url="https://minio.example.com", endpoint_ca=CertificateAuthority("minio-ca")),
        server_name="east-2",
        volume_snapshots=VolumeSnapshots("0 0 */6 * * *", "csi"),
    ),
    recovery=PostgresRecovery(
        ObjectStore("gs://ixn-backups/west", ObjectStoreSecret("gcs")), "pg", "2026-11-30T12:00:00Z"
    ),
)

SETTINGS: dict[str, Any] = {
    "name": "pg",
    "storage": {"size": "20Gi"},
    "backup": {
        "objectStore": {"created": {"destinationPath": "s3://ixn-backups/east", "secret": {"name": "s3-login"}}},
    },
}
RECOVERY: dict[str, Any] = {"objectStore": {"existing": {"name": "west"}}, "serverName": "pg-west"}


def made(args: PostgresClusterArgs = MINIMAL, *, preview: bool = False) -> Deployment[Any]:
    """Deploy a Cluster; the result is its reference."""
    return deploy(lambda: _cluster(args), preview=preview)


def _cluster(args: PostgresClusterArgs) -> Any:
    PostgresCluster("postgres", args)


def spec(found: Deployment[Any], kind: str, name: str) -> Any:
    return found.manifest(kind, name)["spec"]
