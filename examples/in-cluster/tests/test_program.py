"""The program on mocks: who gets which password, and whom the servers admit."""

import json
import runpy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pulumi_ixn import Connection
from pulumi_ixn.testing import Deployment, deploy

PROGRAM = Path(__file__).parents[1]
CONFIG = {"in-cluster:context": "ixn-dev", "in-cluster:registry": "registry.example.com"}
SIDS = (100, 200)
SERVERS = ("kafka", "redis")


@cache
def run(preview: bool = False) -> Deployment[list[Connection]]:
    def program() -> Any:
        return runpy.run_path(str(PROGRAM))["connections"]

    return deploy(program, preview=preview, project="in-cluster", stack="dev", config=CONFIG)


def named(kind: str) -> dict[str, Any]:
    """Return the objects of a kind by `namespace/name`."""
    meta = [(each["metadata"], each) for each in run().manifests if each["kind"] == kind]
    return {f"{each.get('namespace')}/{each['name']}": manifest for each, manifest in meta}


def test_a_preview_plans_every_resource_of_the_update() -> None:
    update, preview = run(), run(preview=True)

    assert sorted((made.type, made.name) for made in update.resources) == sorted(
        (made.type, made.name) for made in preview.resources
    )


def test_every_namespace_admits_restricted_pods_only() -> None:
    found = named("Namespace")

    assert set(found) == {f"None/{name}" for name in ("ixn", "databases", "kafka", "redis")}
    for each in found.values():
        assert each["metadata"]["labels"] == {"pod-security.kubernetes.io/enforce": "restricted"}


def test_each_workload_has_a_database_whose_role_has_its_name() -> None:
    databases = {each["spec"]["name"]: each["spec"] for each in named("Database").values()}

    assert set(databases) == {f"ixn-{which}{sid}" for which in ("", "node-") for sid in SIDS}
    assert all(each["owner"] == name for name, each in databases.items())
    assert {each["spec"]["name"] for each in named("DatabaseRole").values()} == set(databases)
    # A role logs in to the database of its name only, as the Cluster's pg_hba has it.
    assert len({each["cluster"]["name"] for each in databases.values()}) == 1


def test_the_pods_and_the_operator_have_the_same_password() -> None:
    secrets = named("Secret")

    passwords = set[str]()
    for sid in SIDS:
        for workload, name in (("server", "ixn-db-secret"), ("node", "ixn-node-db-secret")):
            pods, operator = secrets[f"ixn/{name}-{sid}"], secrets[f"databases/ixn-{workload}-{sid}-db"]
            assert pods["stringData"] == operator["stringData"]
            passwords.add(pods["stringData"]["password"])
    assert len(passwords) == 4


def test_redis_and_its_clients_have_the_same_password() -> None:
    secrets = named("Secret")

    client = json.loads(secrets["ixn/redis-ors-secret"]["stringData"]["voice-redis-ors-stream"])
    lines = secrets["redis/redis"]["stringData"]["redis.conf"].splitlines()
    assert f"requirepass {client['password']}" in lines
    assert f"port {client['port']}" in lines


def test_kafka_redirects_its_clients_to_the_address_that_they_started_with() -> None:
    (bootstrap,) = json.loads(named("Secret")["ixn/kafka-shared-secret"]["stringData"]["kafka-secrets"]).values()
    properties = named("ConfigMap")["kafka/kafka"]["data"]["server.properties"].splitlines()

    assert bootstrap == "kafka.kafka.svc:9092"
    assert f"advertised.listeners=CLIENTS://{bootstrap}" in properties


@pytest.mark.parametrize(("name", "workloads"), [("kafka", {"server", "vqnode"}), ("redis", {"node"})])
def test_a_server_admits_the_workloads_that_use_it_and_reaches_nothing(name: str, workloads: set[str]) -> None:
    policy = named("NetworkPolicy")[f"{name}/{name}"]["spec"]

    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert "egress" not in policy
    (rule,) = policy["ingress"]
    admitted = [each["podSelector"]["matchLabels"]["ixn-pulumi/policy"] for each in rule["from"]]
    assert sorted(admitted) == sorted(f"ixn-{workload}-{sid}" for workload in workloads for sid in SIDS)


def test_postgres_admits_its_clients_its_operator_and_itself() -> None:
    policy = named("NetworkPolicy")["databases/pg"]["spec"]

    admitted = {
        rule["ports"][0]["port"]: {tuple(each["podSelector"]["matchLabels"].values()) for each in rule["from"]}
        for rule in policy["ingress"]
    }
    own = {("pg",), ("cloudnative-pg",)}
    clients = {(f"ixn-{workload}-{sid}",) for workload in ("server", "node") for sid in SIDS}
    assert admitted == {5432: own | clients, 8000: own}


@pytest.mark.parametrize("name", SERVERS)
def test_the_policy_of_ixn_selects_the_pods_of_a_server(name: str) -> None:
    template = named("StatefulSet")[f"{name}/{name}"]["spec"]["template"]

    (rule,) = (
        each
        for each in run().policy("ixn-node-100" if name == "redis" else "ixn-vqnode-100")["spec"]["egress"]
        if name in str(each)
    )
    (to,) = rule["to"]
    assert to["podSelector"]["matchLabels"] == template["metadata"]["labels"]
    (port,) = template["spec"]["containers"][0]["ports"]
    assert [each["port"] for each in rule["ports"]] == [port["containerPort"]]


def test_no_password_is_outside_a_secret() -> None:
    others = [each for each in run().manifests if each["kind"] != "Secret"]

    assert "generated-" not in str(others)
