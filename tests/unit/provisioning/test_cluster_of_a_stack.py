"""`ixn:postgresCluster`: the Cluster that a stack creates for its tenants."""

from typing import Any

import pytest
from pulumi_ixn.config import load
from pulumi_ixn.config.images import images_of
from pulumi_ixn.live.objects import objects
from pulumi_ixn.live.permissions import roles
from pulumi_ixn.live.subject import Subject
from pulumi_ixn.testing import Deployment, deploy

from tests.unit.config.stacks import REMOVED, change, issues, program, stack_config
from tests.unit.kubernetes_schemas import VERSIONS, validation_errors
from tests.unit.provisioning.clusters import RECOVERY, SETTINGS
from tests.unit.registrations import Registrations, registrations

__all__ = ["registrations"]

CLUSTER = "postgresCluster"
SECOND = {"id": "7d0c1d38-2c1b-4bd5-a3ea-4b44f5ef9d6a", "sid": "200"}


def database(key: str, name: str, role: str, **settings: str) -> dict[str, Any]:
    """Return the changes after which a database is in the Cluster `pg`, without a password in the manifests."""
    return {
        f"{key}.endpoint": REMOVED,
        f"{key}.locations": REMOVED,
        f"{key}.name": name,
        f"{key}.cloudNativePG": {"cluster": "pg", "role": role, "roleSecret": "login", **settings},
    }


ONE = {CLUSTER: SETTINGS, **database("peers.ixnDB", "ixn-100", "ixn")}


def rendered(changes: dict[str, Any], *, preview: bool = False) -> Deployment[None]:
    config = change(stack_config("dev"), changes)
    return deploy(
        program, stack="dev", config={f"ixn:{key}": each for key, each in config.items()}, preview=preview
    )


def pg_hba(found: Deployment[None]) -> list[str]:
    return found.manifest("Cluster", "pg")["spec"]["postgresql"]["pg_hba"]


def test_a_stack_creates_one_cluster_and_its_backups(preview: bool) -> None:
    found = rendered(ONE, preview=preview)

    added = {(each["kind"], each["metadata"]["name"]): each for each in found.manifests if "kind" in each}
    for name in (("Cluster", "pg"), ("ObjectStore", "pg-backup"), ("ScheduledBackup", "pg-backup")):
        assert added[name]["metadata"]["namespace"] == "ixn"
        assert validation_errors(added[name], VERSIONS[-1]) == []
    assert ("Database", "ixn-server-100-db") in added
    assert not [kind for kind, _ in added if kind == "Secret"]


def test_its_databases_wait_for_it_and_others_do_not(registrations: Registrations) -> None:
    elsewhere = database("peers.ixnNodeDB", "ixn-node", "node", namespace="databases")
    rendered({**ONE, **elsewhere})

    custom = "kubernetes:postgresql.cnpg.io/v1"
    cluster = registrations.one(f"{custom}:Cluster", "postgres-cluster-cluster")
    own = registrations.one(f"{custom}:DatabaseRole", "dev-server-db-login")
    other = registrations.one(f"{custom}:DatabaseRole", "dev-node-db-login")
    assert cluster.urn in own.dependencies
    assert cluster.urn not in other.dependencies


def test_each_tenant_s_databases_admit_their_own_roles() -> None:
    second = database("tenants.second.peers.ixnDB", "ixn-200", "ixn-200")
    own: dict[str, Any] = {
        "tenants.second": SECOND,
        **{key: each for key, each in second.items() if each is not REMOVED},
    }
    own["tenants.second.peers.ixnDB.secret"] = {"existing": {"name": "ixn-200"}}
    node = database("peers.ixnNodeDB", "ixn-node", "node", namespace="databases")
    absent = {"tenants.second.peers.ixnNodeDB": {"absent": True}}

    rules = pg_hba(rendered({**ONE, **node, **own, **absent}))

    assert rules == [
        'host "ixn-100" "ixn" all scram-sha-256',
        'host "ixn-100" all all reject',
        "host sameuser all all scram-sha-256",
        "host all all all reject",
    ]


@pytest.mark.parametrize(("live", "kept"), [(True, True), (False, False)])
def test_a_cluster_with_data_stays_and_a_file_does_not(
    live: bool, kept: bool, registrations: Registrations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", '{"contexts": [{"name": "here"}]}')
    rendered({**ONE, "target": {"context": "here"} if live else {"render": True}})

    found = [each for each in registrations.all.values() if each.type.endswith((":Cluster", ":ScheduledBackup"))]
    assert len(found) == 2
    assert {(each.retained, each.protect) for each in found} == {(kept, kept)}


def test_without_protection_the_cluster_stays_all_the_same(
    registrations: Registrations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", '{"contexts": [{"name": "here"}]}')
    rendered({**ONE, "target": {"context": "here"}, "protect": False})

    (cluster,) = (each for each in registrations.all.values() if each.type.endswith(":Cluster"))
    assert (cluster.retained, cluster.protect) == (True, False)


def test_images_follow_those_of_the_stack() -> None:
    changes = {**ONE, f"{CLUSTER}.image": {"repository": "tools/postgresql", "tag": "17.6"}}
    settings = load(change(stack_config("dev"), {**changes, "image.pullSecrets": ["pull"]}))
    found = rendered({**changes, "image.pullSecrets": ["pull"]}).manifest("Cluster", "pg")["spec"]

    reference = f"{settings.environment.image.registry}/tools/postgresql:17.6"
    assert (found["imageName"], found["imagePullSecrets"]) == (reference, [{"name": "pull"}])
    assert {each.image: each.used_by for each in images_of(settings)}[reference] == ["PostgreSQL Cluster"]


def test_settings_reach_the_cluster() -> None:
    given = {
        "namespace": "databases",
        "instances": 1,
        "storage": {"size": "1Gi", "storageClass": "fast"},
        "walStorage": {"size": "2Gi"},
        "resources": {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"cpu": "2", "memory": "2Gi"}},
        "parameters": {"max_connections": "200"},
        "serviceAccountAnnotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/backup"},
        "backup.serverName": "east",
        "backup.schedule": "0 30 1 * * *",
        "backup.volumeSnapshots": {"className": "csi", "schedule": "0 0 * * * *"},
        "backup.objectStore.created.endpointURL": "https://minio.example.com",
        "backup.objectStore.created.endpointCA": {"name": "minio-ca"},
        "backup.objectStore.created.retention": "30d",
        "backup.objectStore.created.compression": "lz4",
        "backup.objectStore.created.secret.keys": {"accessKeyId": "id", "secretAccessKey": "key"},
        "recovery": {**RECOVERY, "targetTime": "2026-11-30T12:00:00Z"},
    }
    found = rendered({CLUSTER: SETTINGS, **{f"{CLUSTER}.{key}": each for key, each in given.items()}})
    cluster, store = (found.manifest(*name) for name in (("Cluster", "pg"), ("ObjectStore", "pg-backup")))

    assert cluster["metadata"]["namespace"] == store["metadata"]["namespace"] == "databases"
    spec, stored = cluster["spec"], store["spec"]["configuration"]
    assert (spec["instances"], spec["storage"]) == (1, {"size": "1Gi", "storageClass": "fast"})
    assert (spec["walStorage"], spec["resources"]["limits"]["cpu"]) == ({"size": "2Gi"}, "2")
    assert spec["postgresql"]["parameters"] == {"max_connections": "200"}
    assert "eks.amazonaws.com/role-arn" in spec["serviceAccountTemplate"]["metadata"]["annotations"]
    assert spec["plugins"][0]["parameters"] == {"barmanObjectName": "pg-backup", "serverName": "east"}
    assert found.manifest("ScheduledBackup", "pg-backup")["spec"]["schedule"] == "0 30 1 * * *"
    assert found.manifest("ScheduledBackup", "pg-snapshots")["spec"]["schedule"] == "0 0 * * * *"
    assert (stored["endpointURL"], stored["endpointCA"]["name"]) == ("https://minio.example.com", "minio-ca")
    assert (store["spec"]["retentionPolicy"], stored["wal"]) == ("30d", {"compression": "lz4"})
    assert stored["s3Credentials"]["accessKeyId"] == {"name": "s3-login", "key": "id"}
    assert spec["bootstrap"]["recovery"]["recoveryTarget"] == {"targetTime": "2026-11-30T12:00:00Z"}
    assert spec["externalClusters"][0]["plugin"]["parameters"] == {
        "barmanObjectName": "west",
        "serverName": "pg-west",
    }
    for each in found.manifests:
        assert "kind" not in each or validation_errors(each, VERSIONS[-1]) == []


@pytest.mark.parametrize(
    ("changes", "path", "reason"),
    [
        ({"name": REMOVED}, "name", "is missing"),
        ({"storage": {}}, "storage.size", "is missing"),
        ({"instanzes": 3}, "", "did you mean 'instances'"),
        ({"instances": 0}, "instances", "0 is not"),
        ({"parameters": {"max_connections": 200}}, "parameters.max_connections", "quote it"),
        ({"backup.schedule": "0 2 * * *"}, "backup.schedule", "did you mean '0 0 2 * * *'"),
        ({"backup.volumeSnapshots": {"schedule": "@daily"}}, "backup.volumeSnapshots.schedule", "six fields"),
        ({"backup.objectStore": {}}, "backup.objectStore", "exactly one of existing, created"),
        (
            {"backup.objectStore.existing": {"name": "east"}},
            "backup.objectStore",
            "exactly one of existing, created",
        ),
        (
            {"backup.objectStore.created.secret.keys": {"accessKeyId": "id"}},
            "backup.objectStore.created.secret.keys",
            "set accessKeyId and secretAccessKey",
        ),
        ({"recovery": {**RECOVERY, "targetTime": "yesterday"}}, "recovery.targetTime", "its zone"),
        (
            {"backup.objectStore": {"existing": {"name": "west"}}, "recovery": {**RECOVERY, "serverName": "pg"}},
            "backup.serverName",
            "to one directory",
        ),
    ],
)
def test_a_stack_config_is_as_strict_as_the_library(changes: dict[str, Any], path: str, reason: str) -> None:
    found = issues({CLUSTER: SETTINGS, **{f"{CLUSTER}.{key}": each for key, each in changes.items()}})

    assert reason in found[".".join(filter(None, (f"ixn:{CLUSTER}", path)))]


@pytest.mark.parametrize("name", ["/ixn", "/"])
def test_a_database_in_a_cluster_has_no_name_that_pg_hba_takes_for_a_pattern(name: str) -> None:
    for key, changes in (
        ("name", database("peers.ixnDB", name, "ixn")),
        ("role", database("peers.ixnDB", "a", name)),
    ):
        path = "ixn:peers.ixnDB.name" if key == "name" else "ixn:peers.ixnDB.cloudNativePG.role"
        assert "regular expression" in issues(changes)[path]


def test_credentials_need_the_new_kinds_where_the_cluster_is() -> None:
    changes = {
        **ONE,
        "target": {"context": "here"},
        f"{CLUSTER}.namespace": "databases",
        f"{CLUSTER}.recovery": {
            **RECOVERY,
            "objectStore": {"created": {"destinationPath": "gs://west"}},
        },
        f"{CLUSTER}.backup.volumeSnapshots": {"schedule": "0 0 * * * *"},
        "peers.ixnDB.cloudNativePG.namespace": "databases",
    }
    settings = load(change(stack_config("dev"), changes))
    found = {each["metadata"].get("namespace"): each for each in roles(Subject("organization/ixn/dev", settings))}

    resources = {each for rule in found["databases"]["rules"] for each in rule["resources"]}
    assert resources == {"clusters", "scheduledbackups", "objectstores", "databases", "databaseroles"}
    assert "clusters" not in {each for rule in found["ixn"]["rules"] for each in rule["resources"]}
    created = [(each.kind.name, each.name) for each in objects(settings) if each.namespace == "databases"]
    assert created[:5] == [
        ("ObjectStore", "pg-backup"),
        ("ObjectStore", "pg-recovery"),
        ("Cluster", "pg"),
        ("ScheduledBackup", "pg-backup"),
        ("ScheduledBackup", "pg-snapshots"),
    ]
    registered = deploy_objects(changes)
    assert {each for each in registered if each[0] in {kind for kind, _ in created}} == set(created)


def deploy_objects(changes: dict[str, Any]) -> set[tuple[str, str]]:
    """Return the kinds and names of what the program registers in the namespace of the databases."""
    found = rendered({**changes, "target": {"render": True}}).manifests
    return {
        (each["kind"], each["metadata"]["name"])
        for each in found
        if each.get("metadata", {}).get("namespace") == "databases"
    }
