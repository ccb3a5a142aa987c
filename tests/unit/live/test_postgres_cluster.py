"""Preflight of a stack that creates a Cluster of CloudNativePG."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from pulumi_ixn.live.objects import KINDS, ObjectRef
from pulumi_ixn.live.permissions import roles
from pulumi_ixn.live.preflight import PreflightError, preflight
from pulumi_ixn.live.subject import Subject

from tests.unit.live.api_server import ApiServer
from tests.unit.live.stacks import STACK, settings
from tests.unit.provisioning.clusters import RECOVERY, SETTINGS

SECRET = "/api/v1/namespaces/ixn-prod/secrets/s3-login"
KEYS = {"ACCESS_KEY_ID": "", "ACCESS_SECRET_KEY": ""}
CA = "/api/v1/namespaces/ixn-prod/secrets/minio-ca"


def subject(changes: Mapping[str, Any] | None = None) -> Subject:
    given = {f"postgresCluster.{key}": each for key, each in (changes or {}).items()}
    return Subject(STACK, settings({"postgresCluster": SETTINGS, **given}))


def server(subject: Subject) -> ApiServer:
    found = ApiServer(subject)
    found.put(SECRET, {"metadata": {"name": "s3-login"}, "data": dict(KEYS)})
    return found


def problems(server: ApiServer, subject: Subject) -> dict[str, str]:
    try:
        preflight(server, subject)
    except PreflightError as error:
        return {each.where: each.message for each in error.problems}
    return {}


def test_a_cluster_with_the_operator_and_its_plugin_passes() -> None:
    assert problems(server(subject()), subject()) == {}


@pytest.mark.parametrize(
    ("api", "kind"), [("postgresql.cnpg.io/v1", "Cluster"), ("barmancloud.cnpg.io/v1", "ObjectStore")]
)
def test_what_is_not_installed_is_named(api: str, kind: str) -> None:
    found = server(subject())
    del found.served[f"/apis/{api}"]

    assert f"{kind} ({api})" in problems(found, subject())["ixn:postgresCluster"]


def test_without_backups_the_plugin_is_not_needed() -> None:
    bare = Subject(STACK, settings({"postgresCluster": {"name": "pg", "storage": {"size": "1Gi"}}}))
    found = server(bare)
    del found.served["/apis/barmancloud.cnpg.io/v1"]

    assert problems(found, bare) == {}
    assert not any("objectstores" in rule["resources"] for role in roles(bare) for rule in role["rules"])


def test_the_secrets_of_the_object_store_must_exist() -> None:
    of_minio = subject({"backup.objectStore.created.endpointCA": {"name": "minio-ca"}})
    found = server(of_minio)
    found.put(CA, {"metadata": {"name": "minio-ca"}, "data": {"tls.crt": ""}})
    del found.objects[SECRET]

    said = problems(found, of_minio)
    assert said.keys() == {"Secret ixn-prod/s3-login", "Secret ixn-prod/minio-ca"}
    assert "ixn:postgresCluster.backup.objectStore.created.secret" in said["Secret ixn-prod/s3-login"]
    assert "'ca.crt'" in said["Secret ixn-prod/minio-ca"]


def test_a_secret_has_the_keys_that_the_settings_name() -> None:
    renamed = subject(
        {"backup.objectStore.created.secret.keys": {"accessKeyId": "id", "secretAccessKey": "ACCESS_SECRET_KEY"}}
    )

    assert "'id'" in problems(server(renamed), renamed)["Secret ixn-prod/s3-login"]


def test_secrets_in_another_namespace_are_not_read() -> None:
    elsewhere = subject({"namespace": "databases"})
    found = server(elsewhere)
    del found.objects[SECRET]

    assert problems(found, elsewhere) == {}


LIVE = "/apis/postgresql.cnpg.io/v1/namespaces/ixn-prod/clusters/pg"
OPERATORS = {"database": "app", "owner": "app"}
"""What the operator adds to the recovery of a Cluster."""


def restored(server_name: str = "pg-west", **recovery: Any) -> dict[str, Any]:
    """Return the spec of a Cluster that was created from backups, as the operator completes it."""
    parameters = {"barmanObjectName": "west", "serverName": server_name}
    plugin = {"name": "barman-cloud.cloudnative-pg.io", "enabled": True, "parameters": parameters}
    return {
        "bootstrap": {"recovery": {"source": "source", **OPERATORS, **recovery}},
        "externalClusters": [{"name": "source", "plugin": plugin}],
    }


@pytest.mark.parametrize(
    ("spec", "refused"),
    [
        (None, False),
        ({"bootstrap": {"initdb": OPERATORS}}, True),
        ({}, True),
        (restored(), False),
        (restored("pg-north"), True),
        (restored(recoveryTarget={"targetTime": "2026-11-30T12:00:00Z"}), True),
    ],
    ids=["none", "new", "bare", "the same", "another", "another time"],
)
def test_a_cluster_that_exists_is_not_restored(spec: dict[str, Any] | None, refused: bool) -> None:
    restoring = subject({"recovery": RECOVERY})
    found = server(restoring)
    if spec is not None:
        restoring = existing(found, restoring, spec)

    said = problems(found, restoring)
    assert ("nothing would be restored" in said.get("ixn:postgresCluster.recovery", "")) is refused
    assert len(said) == refused


def test_a_cluster_without_a_recovery_may_exist() -> None:
    found = server(subject())

    assert problems(found, existing(found, subject(), restored())) == {}


def existing(server: ApiServer, subject: Subject, spec: dict[str, Any]) -> Subject:
    """Return the stack with a Cluster in its state, and in the cluster as the operator has it."""
    metadata = {"name": "pg", "uid": "1", "annotations": {"ixn-pulumi/stack": STACK}}
    server.put(LIVE, {"metadata": metadata, "spec": spec})
    return replace(subject, recorded={ObjectRef(KINDS["Cluster"], "ixn-prod", "pg"): "1"})
