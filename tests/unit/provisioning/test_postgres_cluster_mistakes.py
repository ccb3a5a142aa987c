"""What CloudNativePG's operator or its plugin would reject in a Cluster is an error of the arguments."""

from dataclasses import replace
from typing import Any

import pytest
from pulumi_ixn import (
    DatabaseLogin,
    InvalidInputs,
    ObjectStore,
    ObjectStoreSecret,
    PostgresBackup,
    PostgresRecovery,
    Volume,
    VolumeSnapshots,
)

from tests.unit.provisioning.clusters import BACKUP, MINIMAL, S3, made


@pytest.mark.parametrize(
    ("changes", "path", "reason"),
    [
        ({"cluster_name": "1pg"}, "cluster_name", "'1pg'"),
        ({"cluster_name": "p" * 51}, "cluster_name", "at most 50"),
        ({"namespace": "Databases"}, "namespace", "'Databases'"),
        ({"instances": 0}, "instances", "0 is not"),
        ({"storage": Volume("20Gb")}, "storage.size", "'20Gb'"),
        ({"storage": Volume("512m")}, "storage.size", "fraction of a byte"),
        ({"wal_storage": Volume("5Gi", "Fast")}, "wal_storage.storage_class", "'Fast'"),
        ({"parameters": {"Max": "1"}}, "parameters.Max", "postgresql.conf"),
        ({"parameters": {"max_connections": 200}}, "parameters.max_connections", "200 is not a string"),
        ({"logins": (DatabaseLogin("x" * 64, "ixn"),)}, "logins[0].database", "63 bytes"),
        ({"backup": PostgresBackup("East")}, "backup.object_store", "'East'"),
        ({"backup": replace(BACKUP, schedule="0 2 * * *")}, "backup.schedule", "has five fields"),
        ({"backup": replace(BACKUP, server_name="a/b")}, "backup.server_name", "'a/b'"),
        (
            {"backup": replace(BACKUP, volume_snapshots=VolumeSnapshots("daily"))},
            "backup.volume_snapshots.schedule",
            "'daily'",
        ),
        ({"backup": PostgresBackup(ObjectStore("ixn-backups"))}, "backup.object_store.destination_path", "s3://"),
        (
            {"backup": PostgresBackup(replace(S3, retention="30"))},
            "backup.object_store.retention",
            "'30' is not a recovery window",
        ),
        ({"backup": PostgresBackup(replace(S3, compression="xz"))}, "backup.object_store.compression", "'xz'"),
        (
            {"backup": PostgresBackup(replace(S3, endpoint_url="minio:9000"))},
            "backup.object_store.endpoint_url",
            "'minio:9000'",
        ),
        (
            {"backup": PostgresBackup(replace(S3, secret=ObjectStoreSecret("s", {"accessKeyId": "id"})))},
            "backup.object_store.secret.keys",
            "set accessKeyId and secretAccessKey",
        ),
        (
            {"backup": PostgresBackup(replace(S3, secret=ObjectStoreSecret("s", {"storageKey": "id"})))},
            "backup.object_store.secret.keys",
            "unknown key 'storageKey'",
        ),
        ({"recovery": PostgresRecovery("west", "pg", "2026-11-30 12:00")}, "recovery.target_time", "its zone"),
        ({"recovery": PostgresRecovery(S3, "pg")}, "backup.server_name", "to one directory"),
        ({"ready_timeout": 0}, "ready_timeout", "0 is not"),
    ],
)
def test_what_the_operator_would_reject_is_an_error(changes: dict[str, Any], path: str, reason: str) -> None:
    with pytest.raises(InvalidInputs) as caught:
        made(replace(MINIMAL, **changes))

    assert reason in {issue.path: issue.reason for issue in caught.value.issues}[path]


@pytest.mark.parametrize(
    "recovery",
    [
        PostgresRecovery(S3, "pg-west"),
        PostgresRecovery(replace(S3, destination_path="s3://ixn-backups/west"), "pg"),
        PostgresRecovery("west", "pg"),
    ],
)
def test_a_directory_or_a_store_of_its_own_is_enough(recovery: PostgresRecovery) -> None:
    assert made(replace(MINIMAL, recovery=recovery)).manifest("Cluster", "pg")
