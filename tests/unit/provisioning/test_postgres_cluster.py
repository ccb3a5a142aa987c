"""The Cluster of CloudNativePG that this package creates, its backups and its recovery."""

from dataclasses import replace
from typing import Any

import pulumi
import pytest
from pulumi_ixn import (
    Credentials,
    Database,
    DatabaseLogin,
    DatabaseReference,
    DatabaseReferenceArgs,
    InvalidInputs,
    ObjectStore,
    ObjectStoreSecret,
    PostgresBackup,
    PostgresCluster,
    PostgresClusterArgs,
    PostgresRecovery,
)
from pulumi_ixn.testing import deploy

from tests.unit.kubernetes_schemas import (
    CNPG_CLUSTER,
    CNPG_SCHEDULED_BACKUP,
    OBJECT_STORE,
    VERSIONS,
    validation_errors,
)
from tests.unit.provisioning.clusters import FULL, MINIMAL, S3, made, spec
from tests.unit.registrations import Registrations, registrations
from tests.unit.samples import NAMESPACE

__all__ = ["registrations"]

CLOSED = ["host sameuser all all scram-sha-256", "host all all all reject"]
PLUGIN = "barman-cloud.cloudnative-pg.io"
CUSTOM = "kubernetes:postgresql.cnpg.io/v1"


def stored(store: ObjectStore) -> Any:
    return spec(made(replace(MINIMAL, backup=PostgresBackup(store))), "ObjectStore", "pg-backup")["configuration"]


@pytest.mark.parametrize("version", VERSIONS[-1:])
@pytest.mark.parametrize("args", [MINIMAL, FULL, replace(MINIMAL, backup=None)], ids=["minimal", "full", "bare"])
def test_every_object_is_valid_for_its_definition(args: PostgresClusterArgs, version: str) -> None:
    found = made(args).manifests

    assert {(each["kind"], each["metadata"]["name"]): validation_errors(each, version) for each in found} == {
        (each["kind"], each["metadata"]["name"]): [] for each in found
    }
    assert {each["metadata"]["namespace"] for each in found} == {"databases"}


@pytest.mark.parametrize(
    ("kind", "name", "bad"),
    [
        (CNPG_CLUSTER, "pg", {"plugins": [{"nam": PLUGIN}]}),
        (CNPG_CLUSTER, "pg", {"storage": {"size": 20}}),
        (CNPG_SCHEDULED_BACKUP, "pg-backup", {"method": "plug"}),
        (OBJECT_STORE, "pg-backup", {"retentionPolicy": "30 days"}),
    ],
)
def test_the_definitions_reject_what_is_wrong(kind: tuple[str, str], name: str, bad: dict[str, Any]) -> None:
    found = made().manifest(kind[1], name)

    assert (found["apiVersion"], found["kind"]) == kind
    assert validation_errors({**found, "spec": {**found["spec"], **bad}}, VERSIONS[-1])


def test_a_cluster_has_what_was_asked_for(preview: bool) -> None:
    found = spec(made(FULL, preview=preview), "Cluster", "pg")

    assert found["instances"] == 3
    assert found["imageName"] == "registry.example.com/tools/postgresql:17.6"
    assert found["imagePullSecrets"] == [{"name": "pull"}]
    assert found["storage"] == {"size": "20Gi", "storageClass": "fast"}
    assert found["walStorage"] == {"size": "5Gi", "storageClass": "fast"}
    assert found["resources"]["limits"] == {"cpu": "2", "memory": "2Gi"}
    assert found["postgresql"]["parameters"] == {"max_connections": "200"}
    (annotations,) = found["serviceAccountTemplate"]["metadata"].values()
    assert annotations == {"eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/backup"}


def test_without_backup_and_recovery_there_is_only_a_cluster() -> None:
    found = made(replace(MINIMAL, backup=None))

    assert [each["kind"] for each in found.manifests] == ["Cluster"]
    assert (
        not {"plugins", "backup", "bootstrap", "externalClusters", "imageName"}
        & spec(found, "Cluster", "pg").keys()
    )


def test_each_database_admits_its_own_role_only(preview: bool) -> None:
    logins = (DatabaseLogin("ixn-100", "ixn"), DatabaseLogin("same", "same"), DatabaseLogin('a "b"', "all"))

    assert spec(made(preview=preview), "Cluster", "pg")["postgresql"]["pg_hba"] == CLOSED
    assert spec(made(replace(MINIMAL, logins=logins), preview=preview), "Cluster", "pg")["postgresql"][
        "pg_hba"
    ] == [
        'host "ixn-100" "ixn" all scram-sha-256',
        'host "ixn-100" all all reject',
        'host "a ""b""" "all" all scram-sha-256',
        'host "a ""b""" all all reject',
        *CLOSED,
    ]


def test_names_of_logins_may_be_outputs() -> None:
    def program() -> None:
        login = DatabaseLogin(pulumi.Output.from_input("ixn-100"), pulumi.Output.from_input("ixn"))
        PostgresCluster("postgres", replace(MINIMAL, logins=(login,)))

    rules = spec(deploy(program), "Cluster", "pg")["postgresql"]["pg_hba"]

    assert rules[:2] == ['host "ixn-100" "ixn" all scram-sha-256', 'host "ixn-100" all all reject']


def test_backups_are_the_plugin_s(preview: bool) -> None:
    found = made(preview=preview)

    (plugin,) = spec(found, "Cluster", "pg")["plugins"]
    assert plugin == {"name": PLUGIN, "isWALArchiver": True, "parameters": {"barmanObjectName": "pg-backup"}}
    assert spec(found, "ScheduledBackup", "pg-backup") == {
        "cluster": {"name": "pg"},
        "schedule": "0 0 2 * * *",
        "immediate": True,
        "backupOwnerReference": "cluster",
        "method": "plugin",
        "pluginConfiguration": {"name": PLUGIN},
    }
    assert spec(found, "ObjectStore", "pg-backup")["retentionPolicy"] == "30d"


def test_snapshots_have_a_schedule_of_their_own() -> None:
    found = made(FULL)

    assert spec(found, "Cluster", "pg")["backup"] == {"volumeSnapshot": {"className": "csi"}}
    snapshots = spec(found, "ScheduledBackup", "pg-snapshots")
    assert (snapshots["method"], snapshots["schedule"]) == ("volumeSnapshot", "0 0 */6 * * *")
    assert spec(found, "ScheduledBackup", "pg-backup")["method"] == "plugin"
    assert spec(found, "Cluster", "pg")["plugins"][0]["parameters"]["serverName"] == "east-2"


@pytest.mark.parametrize(
    ("store", "credentials"),
    [
        (
            S3,
            {
                "s3Credentials": {
                    "accessKeyId": {"name": "s3-login", "key": "ACCESS_KEY_ID"},
                    "secretAccessKey": {"name": "s3-login", "key": "ACCESS_SECRET_KEY"},
                }
            },
        ),
        (replace(S3, secret=None), {"s3Credentials": {"inheritFromIAMRole": True}}),
        (
            ObjectStore("gs://b/p", ObjectStoreSecret("gcs", {"applicationCredentials": "json"})),
            {"googleCredentials": {"applicationCredentials": {"name": "gcs", "key": "json"}}},
        ),
        (ObjectStore("gs://b"), {"googleCredentials": {"gkeEnvironment": True}}),
        (
            ObjectStore("https://a.blob.core.windows.net/c", ObjectStoreSecret("az", {"connectionString": "c"})),
            {"azureCredentials": {"connectionString": {"name": "az", "key": "c"}}},
        ),
        (
            ObjectStore(
                "https://a.blob.core.windows.net/c",
                ObjectStoreSecret("az", {"storageAccount": "a", "storageSasToken": "t"}),
            ),
            {
                "azureCredentials": {
                    "storageAccount": {"name": "az", "key": "a"},
                    "storageSasToken": {"name": "az", "key": "t"},
                }
            },
        ),
        (ObjectStore("https://a.blob.core.windows.net/c"), {"azureCredentials": {"inheritFromAzureAD": True}}),
    ],
)
def test_credentials_are_references_or_the_pods_identity(store: ObjectStore, credentials: dict[str, Any]) -> None:
    found = stored(store)

    assert {key: each for key, each in found.items() if key.endswith("Credentials")} == credentials
    assert found["destinationPath"] == store.destination_path


def test_a_store_of_one_s_own_has_its_address_and_its_ca() -> None:
    found = spec(made(FULL), "ObjectStore", "pg-backup")["configuration"]

    assert (found["endpointURL"], found["endpointCA"]) == (
        "https://minio.example.com",
        {"name": "minio-ca", "key": "ca.crt"},
    )
    assert found["wal"] == found["data"] == {"compression": "gzip"}
    assert not {"wal", "data"} & stored(replace(S3, compression=None)).keys()


def test_an_existing_store_is_only_named() -> None:
    backup, recovery = PostgresBackup("east"), PostgresRecovery("west", "pg-west")
    found = made(replace(MINIMAL, backup=backup, recovery=recovery))

    assert "ObjectStore" not in {each["kind"] for each in found.manifests}
    cluster = spec(found, "Cluster", "pg")
    assert cluster["plugins"][0]["parameters"] == {"barmanObjectName": "east"}
    assert cluster["externalClusters"][0]["plugin"]["parameters"] == {
        "barmanObjectName": "west",
        "serverName": "pg-west",
    }


def test_a_cluster_is_restored_from_the_store_of_another(preview: bool) -> None:
    found = made(FULL, preview=preview)
    cluster = spec(found, "Cluster", "pg")

    (source,) = cluster["externalClusters"]
    assert cluster["bootstrap"] == {
        "recovery": {"source": source["name"], "recoveryTarget": {"targetTime": "2026-11-30T12:00:00Z"}}
    }
    assert source["plugin"]["parameters"] == {"barmanObjectName": "pg-recovery", "serverName": "pg"}
    assert spec(found, "ObjectStore", "pg-recovery")["configuration"]["destinationPath"] == "gs://ixn-backups/west"
    assert "retentionPolicy" not in spec(found, "ObjectStore", "pg-recovery")


def test_data_and_backups_stay_and_nothing_waits_for_the_backups(registrations: Registrations) -> None:
    made(replace(FULL, protect=True))

    kinds = {
        each.type.rpartition(":")[2]: each
        for each in registrations.all.values()
        if each.type.startswith("kubernetes")
    }
    assert kinds.keys() == {"Cluster", "ObjectStore", "ScheduledBackup"}
    assert all(each.retained and each.protect for each in kinds.values())
    cluster = kinds["Cluster"]
    assert cluster.urn in kinds["ScheduledBackup"].dependencies
    stores = [each.urn for each in registrations.all.values() if each.type.endswith(":ObjectStore")]
    assert len(stores) == 2
    assert set(stores) <= set(cluster.dependencies)


def test_a_program_may_let_pulumi_delete_them(registrations: Registrations) -> None:
    made(replace(MINIMAL, retain=False))

    assert not any(each.retained or each.protect for each in registrations.all.values())


def test_up_waits_until_the_cluster_is_ready() -> None:
    annotations = made().manifest("Cluster", "pg")["metadata"]["annotations"]

    assert annotations["pulumi.com/waitFor"] == "condition=Ready"


def test_databases_wait_for_the_cluster(registrations: Registrations) -> None:
    def program() -> None:
        cluster = PostgresCluster("postgres", MINIMAL)
        database = Database.in_cluster(cluster.reference, "ixn", Credentials.generated("ixn"))
        DatabaseReference("db", DatabaseReferenceArgs(NAMESPACE, database))

    found = deploy(program)

    cluster = registrations.one(f"{CUSTOM}:Cluster", "postgres-cluster")
    for kind, name in (("DatabaseRole", "db-login"), ("Database", "db-database")):
        assert cluster.urn in registrations.one(f"{CUSTOM}:{kind}", name).dependencies
    assert spec(found, "Database", "db")["cluster"] == {"name": "pg"}
    assert found.manifest("Database", "db")["metadata"]["namespace"] == "databases"


def test_two_components_may_not_create_one_cluster() -> None:
    def program() -> None:
        PostgresCluster("one", MINIMAL)
        PostgresCluster("two", replace(MINIMAL, backup=None))

    with pytest.raises(InvalidInputs, match="Cluster 'pg' in namespace 'databases' is also created by 'one'"):
        deploy(program)
