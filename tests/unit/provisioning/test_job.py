"""The Job that provisions a database: its manifests, its policy, and what waits for it."""

import json
from dataclasses import replace
from typing import Any

import pulumi
import pytest
from pulumi_ixn import (
    CiliumPolicies,
    Credentials,
    DatabaseReference,
    DatabaseReferenceArgs,
    DnsNames,
    Endpoint,
    InvalidInputs,
    NoPolicies,
    Tenant,
)
from pulumi_ixn.database_job.job import scripts
from pulumi_ixn.testing import Deployment, deploy
from pulumi_ixn.values import MAX_SID_LENGTH

from tests.unit.deployed import container_of, env_of, made
from tests.unit.kubernetes_schemas import VERSIONS, validation_errors
from tests.unit.provisioning.jobs import PROVISIONED, TLS, job, provisioned
from tests.unit.registrations import Registrations, registrations
from tests.unit.samples import NAMESPACE, TENANT

__all__ = ["registrations"]

SERVER_DB, NODE_DB = "ixn-server-100-db", "ixn-node-100-db"


def both(preview: bool = False, **changes: Any) -> Deployment[Any]:
    return made(
        preview,
        database=provisioned(**changes),
        node_database=provisioned("ixn-node", "ixn-node", **changes),
    )


def alone(preview: bool = False, **changes: Any) -> Deployment[Any]:
    args = DatabaseReferenceArgs(NAMESPACE, provisioned(**changes), job_name=SERVER_DB)
    return deploy(lambda: DatabaseReference("db", args) and None, preview=preview)


def template(found: Deployment[Any]) -> Any:
    return job(found)["spec"]["template"]


def test_each_database_has_a_job_its_scripts_and_a_policy(preview: bool) -> None:
    found = both(preview)

    for name in (SERVER_DB, NODE_DB):
        assert job(found, name)["metadata"]["namespace"] == NAMESPACE
        assert found.manifest("ConfigMap", name)["data"] == scripts()
        assert found.policy(name)["metadata"]["name"].rpartition("-")[0] == name


def test_a_database_without_this_setting_has_no_job(preview: bool) -> None:
    assert not [each for each in made(preview).manifests if each["kind"] == "Job"]


def test_the_policy_selects_the_pods_of_the_job_alone_and_allows_the_database_and_dns(preview: bool) -> None:
    found = both(preview)
    spec = found.policy(SERVER_DB)["spec"]

    assert spec["podSelector"]["matchLabels"].items() <= template(found)["metadata"]["labels"].items()
    others = [each for each in found.manifests if each["kind"] in ("StatefulSet", "Deployment", "Job")]
    selected = [
        each["metadata"]["name"]
        for each in others
        if spec["podSelector"]["matchLabels"].items() <= each["spec"]["template"]["metadata"]["labels"].items()
    ]
    assert selected == [job(found)["metadata"]["name"]]
    database, dns = spec["egress"]
    assert database["ports"] == [{"protocol": "TCP", "port": 5432}]
    assert database["to"] in [each["to"] for each in found.policy("ixn-server-100")["spec"]["egress"]]
    assert {each["port"] for each in dns["ports"]} == {53}
    assert spec["ingress"] == []
    assert spec["policyTypes"] == ["Ingress", "Egress"]


def test_the_policy_is_of_the_tenant_s_kind() -> None:
    on_cilium = made(database=provisioned(), isolation=CiliumPolicies())
    without = made(database=provisioned(), isolation=NoPolicies())

    policy = on_cilium.policy(SERVER_DB)
    assert policy["kind"] == "CiliumNetworkPolicy"
    assert [each["toPorts"] for each in policy["spec"]["egress"][:-1]] == [
        [{"ports": [{"port": "5432", "protocol": "TCP"}]}]
    ]
    assert job(without)
    assert not [each for each in without.manifests if each["kind"].endswith("Policy")]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_manifests_are_valid(version: str) -> None:
    found = both(tls=TLS, labels={"team": "data"}, image_pull_secrets=("pull",))

    assert [validation_errors(each, version) for each in found.manifests if "kind" in each] == [
        [] for each in found.manifests if "kind" in each
    ]


def test_the_pod_meets_the_restricted_standard_without_a_token(preview: bool) -> None:
    pod = template(both(preview))["spec"]
    container = container_of(template(both(preview)))

    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }
    assert set(container["resources"]) == {"requests", "limits"}


def test_passwords_are_read_from_their_secrets_alone(preview: bool) -> None:
    found = alone(preview)
    env = env_of(template(found))

    assert {name: each["secretKeyRef"] for name, each in env.items() if isinstance(each, dict)} == {
        "ADMIN_USERNAME": {"name": "postgres-admin", "key": "username"},
        "ADMIN_PASSWORD": {"name": "postgres-admin", "key": "password"},
        "ROLE_USERNAME": {"name": env["ROLE_USERNAME"]["secretKeyRef"]["name"], "key": "username"},
        "ROLE_PASSWORD": {"name": env["ROLE_USERNAME"]["secretKeyRef"]["name"], "key": "password"},
    }
    assert "generated-db-password" not in json.dumps(job(found))
    assert container_of(template(found))["command"] == ["/bin/sh", "/provision/provision.sh"]


def test_an_existing_secret_and_its_keys_are_used(preview: bool) -> None:
    credentials = Credentials.existing("login", username_key="user", password_key="word", version="7")
    args = DatabaseReferenceArgs(NAMESPACE, replace(provisioned(), credentials=credentials))
    found = deploy(lambda: DatabaseReference("db", args) and None, preview=preview)

    env = env_of(job(found, "db")["spec"]["template"])
    assert env["ROLE_USERNAME"]["secretKeyRef"] == {"name": "login", "key": "user"}
    assert env["ROLE_PASSWORD"]["secretKeyRef"] == {"name": "login", "key": "word"}
    annotations = job(found, "db")["spec"]["template"]["metadata"]["annotations"]
    assert annotations["checksum/credentials"] == "7"


def test_the_kubelet_does_not_expand_names() -> None:
    found = alone(administrator=replace(PROVISIONED.administrator, database="$(DATABASE) $$ $x"))

    assert env_of(template(found))["ADMIN_DATABASE"] == "$$(DATABASE) $$$$ $$x"


def test_tls_is_set_as_libpq_takes_it() -> None:
    found = alone(tls=TLS)
    env, pod = env_of(template(found)), template(found)["spec"]

    assert (env["PGSSLMODE"], env["PGSSLROOTCERT"]) == ("verify-full", "/tls/ca.crt")
    assert pod["volumes"][1]["secret"] == {
        "secretName": "postgres-ca",
        "items": [{"key": "ca.crt", "path": "ca.crt"}],
    }
    assert env_of(template(alone()))["PGSSLMODE"] == "prefer"
    assert "PGSSLROOTCERT" not in env_of(template(alone()))


@pytest.mark.parametrize(
    "changes",
    [
        {"repair": True},
        {"tls": TLS},
        {"image": replace(PROVISIONED.image, tag="16")},
        {"administrator": replace(PROVISIONED.administrator, database="defaultdb")},
        {"labels": {"team": "data"}},
    ],
    ids=lambda each: next(iter(each)),
)
def test_a_changed_setting_makes_a_new_job(changes: dict[str, Any], preview: bool) -> None:
    before, after = job(alone(preview)), job(alone(preview, **changes))

    assert before["metadata"]["name"] != after["metadata"]["name"]
    assert job(alone(preview)) == before


def test_a_late_value_does_not_change_the_name() -> None:
    def with_host(host: Any) -> str:
        database = replace(provisioned(), endpoint=Endpoint(host(), 5432))
        args = DatabaseReferenceArgs(NAMESPACE, database, job_name=SERVER_DB)
        return job(deploy(lambda: DatabaseReference("db", args) and None))["metadata"]["name"]

    late = [with_host(lambda name=name: pulumi.Output.from_input(name)) for name in ("one", "other")]
    assert late[0] == late[1] != with_host(lambda: "one")


def test_the_longest_sid_fits_into_the_job_name_label() -> None:
    tenant = Tenant(TENANT.id, "x" * MAX_SID_LENGTH)
    found = made(tenant=tenant, database=provisioned())

    (name,) = [each["metadata"]["name"] for each in found.manifests if each["kind"] == "Job"]
    assert len(name) == 63


def test_a_failed_job_runs_again_and_the_engine_waits_for_all_attempts() -> None:
    made_job = job(alone())
    annotations, spec = made_job["metadata"]["annotations"], made_job["spec"]

    assert annotations["pulumi.com/replaceUnready"] == "true"
    assert int(annotations["pulumi.com/timeoutSeconds"]) > spec["activeDeadlineSeconds"]
    assert spec["backoffLimit"] == 2


def kind_and_name(urn: str) -> tuple[str, str]:
    *_, types, name = urn.split("::")
    return types.rpartition(":")[2], name


def test_the_workload_waits_for_its_job_and_the_job_for_its_policy(
    preview: bool, registrations: Registrations
) -> None:
    both(preview)

    def waits(token: str, name: str) -> set[tuple[str, str]]:
        return {kind_and_name(urn) for urn in registrations.one(token, name).dependencies}

    jobs = {("Job", "east-server-db-job"), ("Job", "east-node-db-job")}
    assert waits("kubernetes:apps/v1:StatefulSet", "east-server") & jobs == {("Job", "east-server-db-job")}
    assert waits("kubernetes:apps/v1:Deployment", "east-node") & jobs == {("Job", "east-node-db-job")}
    assert waits("kubernetes:apps/v1:Deployment", "east-vqnode") & jobs == set()
    needed = waits("kubernetes:batch/v1:Job", "east-server-db-job")
    assert ("ConfigMap", "east-server-db-scripts") in needed
    assert any(kind == "NetworkPolicy" and name.startswith("east-server-db-") for kind, name in needed)


def test_the_previous_job_is_deleted_first(preview: bool, registrations: Registrations) -> None:
    """Otherwise, restored settings create the Job that an update which failed has left to be deleted."""
    both(preview)

    assert registrations.one("kubernetes:batch/v1:Job", "east-server-db-job").delete_before_replace


def test_no_property_of_a_workload_depends_on_the_job(preview: bool, registrations: Registrations) -> None:
    """A Job that is deleted before it is replaced would take such a workload with it."""
    both(preview)

    server = registrations.one("kubernetes:apps/v1:StatefulSet", "east-server")
    assert not [
        urn for urns in server.property_dependencies.values() for urn in urns if kind_and_name(urn)[0] == "Job"
    ]


@pytest.mark.parametrize(
    ("name", "username", "what"), [("ixn", "other", "database 'ixn'"), ("other", "ixn", "role 'ixn'")]
)
def test_two_components_may_not_provision_the_same_name(name: str, username: str, what: str) -> None:
    def program() -> None:
        for each, database in (("one", provisioned()), ("two", provisioned(name, username))):
            DatabaseReference(each, DatabaseReferenceArgs(NAMESPACE, database))

    with pytest.raises(InvalidInputs, match=f"{what} on postgres.infra.svc:5432 is also created by"):
        deploy(program)


def test_a_database_by_dns_name_needs_cilium() -> None:
    database = replace(provisioned(), locations=(DnsNames(("postgres.example.com",)),))

    with pytest.raises(InvalidInputs, match=r"database\.locations"):
        deploy(lambda: DatabaseReference("db", DatabaseReferenceArgs(NAMESPACE, database)) and None)


@pytest.mark.parametrize("job_name", ["Upper", "x" * 56, ""])
def test_the_name_of_a_job_leaves_room_for_its_digest(job_name: str) -> None:
    args = DatabaseReferenceArgs(NAMESPACE, provisioned(), job_name=job_name)

    with pytest.raises(InvalidInputs, match="job_name"):
        deploy(lambda: DatabaseReference("db", args) and None)
