"""Databases in a Cluster of CloudNativePG: the objects for its operator, the peer, and what waits for them."""

from dataclasses import replace
from typing import Any

import pytest
from pulumi_ixn import (
    CloudNativePg,
    Credentials,
    Database,
    DatabaseReference,
    DatabaseReferenceArgs,
    InvalidInputs,
    RemoteKey,
    SecretStore,
)
from pulumi_ixn.config import load
from pulumi_ixn.live.objects import objects
from pulumi_ixn.live.permissions import roles
from pulumi_ixn.live.subject import Subject
from pulumi_ixn.testing import UNKNOWN, Deployment, deploy

from tests.unit.config.stacks import REMOVED, change, issues, stack_config
from tests.unit.deployed import env, made
from tests.unit.kubernetes_schemas import CNPG_DATABASE, CNPG_ROLE, VERSIONS, validation_errors
from tests.unit.registrations import Registrations, registrations
from tests.unit.samples import NAMESPACE

__all__ = ["registrations"]

CLUSTER = CloudNativePg("pg", "databases")
NAME = "ixn-server-100-db"
GENERATED, MANAGED = Credentials.generated("ixn"), Credentials.managed("ixn", "hunter2")
EXISTING = Credentials.existing("ixn-db-secret-100")
EXTERNAL = Credentials.external(
    SecretStore("vault"), {name: RemoteKey("ixn/db", name) for name in ("username", "password")}
)
OTHERS = replace(CLUSTER, role="ixn", role_secret="ixn-login")


def tenant(
    preview: bool = False, credentials: Credentials = GENERATED, cluster: CloudNativePg = CLUSTER, **changes: Any
) -> Deployment[Any]:
    return made(preview, database=Database.in_cluster(cluster, "ixn-100", credentials), **changes)


def spec(found: Deployment[Any], kind: str) -> Any:
    return found.manifest(kind, NAME)["spec"]


def test_the_operator_gets_a_role_and_the_database_that_it_owns(preview: bool) -> None:
    found = tenant(preview)

    assert spec(found, "Database") == {
        "cluster": {"name": "pg"},
        "name": "ixn-100",
        "owner": "ixn",
        "databaseReclaimPolicy": "retain",
    }
    role = spec(found, "DatabaseRole")
    assert (role["name"], role["cluster"], role["passwordSecret"]) == ("ixn", {"name": "pg"}, {"name": NAME})
    assert role["databaseRoleReclaimPolicy"] == "retain"
    assert (role["login"], role["inherit"]) == (True, True)
    for power in ("superuser", "createdb", "createrole", "replication", "bypassrls"):
        assert role[power] is False


@pytest.mark.parametrize("kind", [CNPG_DATABASE, CNPG_ROLE])
@pytest.mark.parametrize("version", VERSIONS[-1:])
def test_the_objects_are_valid_for_the_operator_s_definitions(kind: tuple[str, str], version: str) -> None:
    found = tenant().manifest(kind[1], NAME)

    assert (found["apiVersion"], found["kind"]) == kind
    assert validation_errors(found, version) == []
    for bad in ({"cluster": "pg"}, {"nam": "x"}, {"name": 1}):
        assert validation_errors({**found, "spec": {**found["spec"], **bad}}, version)


@pytest.mark.parametrize("credentials", [GENERATED, MANAGED])
def test_the_operator_s_secret_is_in_the_cluster_s_namespace_with_the_same_login(
    credentials: Credentials, preview: bool
) -> None:
    found = tenant(preview, credentials)
    secret, own = found.manifest("Secret", NAME), found.manifest("Secret", "ixn-db-secret-100")

    assert secret["metadata"]["namespace"] == "databases"
    assert own["metadata"]["namespace"] == NAMESPACE
    assert secret["type"] == "kubernetes.io/basic-auth"
    assert secret["metadata"]["labels"]["cnpg.io/reload"] == "true"
    assert secret["stringData"] == own["stringData"]
    assert (secret["stringData"] == UNKNOWN) is (preview and credentials is GENERATED)
    assert [each.secret for each in found.of_type("kubernetes:core/v1:Secret")] == [True, True]


@pytest.mark.parametrize("credentials", [EXISTING, EXTERNAL], ids=["existing", "external"])
def test_a_login_of_others_needs_no_secret_of_this_package(credentials: Credentials, preview: bool) -> None:
    found = tenant(preview, credentials, OTHERS)

    assert not [each for each in found.manifests if each["kind"] == "Secret"]
    assert spec(found, "DatabaseRole")["name"] == "ixn"
    assert spec(found, "DatabaseRole")["passwordSecret"] == {"name": "ixn-login"}
    assert spec(found, "Database")["owner"] == "ixn"


def test_endpoint_and_pods_follow_from_the_cluster(preview: bool) -> None:
    found = tenant(preview)

    assert "pg-rw.databases.svc" in env(found, "server").values()
    egress = found.policy("ixn-server-100")["spec"]["egress"]
    pods = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "databases"}},
        "podSelector": {"matchLabels": {"cnpg.io/cluster": "pg", "cnpg.io/podRole": "instance"}},
    }
    assert {"to": [pods], "ports": [{"protocol": "TCP", "port": 5432}]} in egress


def test_the_workload_waits_until_the_operator_is_done(preview: bool, registrations: Registrations) -> None:
    tenant(preview)

    custom = "kubernetes:postgresql.cnpg.io/v1"
    server = registrations.one("kubernetes:apps/v1:StatefulSet", "east-server")
    role = registrations.one(f"{custom}:DatabaseRole", "east-server-db-login")
    database = registrations.one(f"{custom}:Database", "east-server-db-database")
    assert {role.urn, database.urn} <= set(server.dependencies)
    assert role.urn in database.dependencies
    assert not any(
        each in urns for each in (role.urn, database.urn) for urns in server.property_dependencies.values()
    )
    for each in ("Database", "DatabaseRole"):
        annotations = tenant(preview).manifest(each, NAME)["metadata"]["annotations"]
        assert annotations["pulumi.com/waitFor"] == "jsonpath={.status.applied}=true"


@pytest.mark.parametrize(
    ("database", "path", "reason"),
    [
        (Database.in_cluster(CLUSTER, "ixn", EXISTING), "cloud_native_pg.role", "is missing"),
        (Database.in_cluster(CLUSTER, "ixn", EXTERNAL), "cloud_native_pg.role", "is missing"),
        (Database.in_cluster(CLUSTER, "ixn", EXTERNAL), "cloud_native_pg.role_secret", "is missing"),
        (Database.in_cluster(OTHERS, "ixn", GENERATED), "cloud_native_pg.role_secret", "is not used"),
        (Database.in_cluster(CLUSTER, "postgres", GENERATED), "name", "is reserved"),
        (Database.in_cluster(CLUSTER, "é" * 32, GENERATED), "name", "at most 63 bytes"),
        (Database.in_cluster(CLUSTER, "ixn", Credentials.generated("cnpg_a")), "credentials.username", "reserved"),
        (
            Database.in_cluster(replace(OTHERS, role="streaming_replica"), "ixn", EXISTING),
            "cloud_native_pg.role",
            "is reserved",
        ),
        (Database.in_cluster(CloudNativePg("PG", "a"), "ixn", GENERATED), "cloud_native_pg.cluster", "'PG'"),
    ],
)
def test_what_the_operator_would_reject_is_an_error(database: Database, path: str, reason: str) -> None:
    args = DatabaseReferenceArgs(NAMESPACE, database)

    with pytest.raises(InvalidInputs) as caught:
        deploy(lambda: DatabaseReference("db", args) and None)

    assert reason in {issue.path: issue.reason for issue in caught.value.issues}[f"database.{path}"]


def test_two_workloads_may_not_share_a_database_or_a_role() -> None:
    one = Database.in_cluster(CLUSTER, "ixn", GENERATED)

    with pytest.raises(InvalidInputs) as caught:
        made(database=one, node_database=one)

    assert {each.path for each in caught.value.issues} == {
        "node_database.name",
        "node_database.credentials.username",
    }


DB = "peers.ixnDB"
IN_CLUSTER: dict[str, Any] = {
    f"{DB}.endpoint": REMOVED,
    f"{DB}.locations": REMOVED,
    f"{DB}.cloudNativePG": {"cluster": "pg"},
    f"{DB}.secret": {"generated": {"username": "ixn"}},
}


def test_a_stack_names_the_cluster_in_the_place_of_an_address() -> None:
    assert issues(IN_CLUSTER) == {}

    both = {key: value for key, value in IN_CLUSTER.items() if value is not REMOVED}
    assert set(issues(both)) == {"ixn:peers.ixnDB"}
    assert set(issues({f"{DB}.endpoint": REMOVED})) == {"ixn:peers.ixnDB.endpoint"}


@pytest.mark.parametrize(
    ("changes", "path", "reason"),
    [
        ({f"{DB}.cloudNativePG": {}}, "cloudNativePG.cluster", "is missing"),
        ({f"{DB}.cloudNativePG": {"cluster": "pg", "rol": "x"}}, "cloudNativePG", "did you mean 'role'"),
        ({f"{DB}.cloudNativePG": {"cluster": "pg", "role": "x"}}, "cloudNativePG.role", "is not used"),
        ({f"{DB}.secret": {"existing": {}}}, "cloudNativePG.role", "is missing"),
        ({f"{DB}.name": "template0"}, "name", "is reserved"),
        ({f"{DB}.secret": {"generated": {"username": "postgres"}}}, "secret.generated.username", "is reserved"),
        ({f"{DB}.provisioned": {}}, "", "unknown key 'provisioned'"),
    ],
)
def test_a_stack_config_is_as_strict(changes: dict[str, Any], path: str, reason: str) -> None:
    found = issues({**IN_CLUSTER, **changes})

    assert reason in found[".".join(filter(None, ("ixn:peers.ixnDB", path)))]


def test_a_tenant_may_not_inherit_the_name_of_a_database_in_a_cluster() -> None:
    other = {"id": "7d0c1d38-2c1b-4bd5-a3ea-4b44f5ef9d6a", "sid": "200"}

    found = issues({**IN_CLUSTER, "tenants.other": other})

    assert set(found) == {"ixn:peers.ixnDB.name", "ixn:peers.ixnDB.secret.generated.username"}


def test_one_cluster_is_one_server_whether_its_namespace_is_named_or_not() -> None:
    node = {key.replace("ixnDB", "ixnNodeDB"): value for key, value in IN_CLUSTER.items()}
    node["peers.ixnNodeDB.cloudNativePG"] = {"cluster": "pg", "namespace": "ixn"}

    found = issues({**IN_CLUSTER, **node, "peers.ixnNodeDB.name": "ixn"})

    assert set(found) == {"ixn:peers.ixnNodeDB.name", "ixn:peers.ixnNodeDB.secret.generated.username"}


def test_credentials_for_the_cluster_s_namespace_are_a_role_of_their_own() -> None:
    elsewhere = {**IN_CLUSTER, f"{DB}.cloudNativePG": {"cluster": "pg", "namespace": "databases"}}
    settings = load(change(stack_config("dev"), {**elsewhere, "target": {"context": "here"}}))
    found = {role["metadata"].get("namespace"): role for role in roles(Subject("organization/ixn/dev", settings))}

    def resources(namespace: str) -> set[str]:
        return {each for rule in found[namespace]["rules"] for each in rule["resources"]}

    assert resources("databases") == {"secrets", "databases", "databaseroles"}
    assert "databases" not in resources("ixn")
    assert {(each.kind.name, each.namespace) for each in objects(settings) if each.name == NAME} == {
        ("Secret", "databases"),
        ("DatabaseRole", "databases"),
        ("Database", "databases"),
    }
