"""The program as a whole, on mocks: in an update, and in a preview, to which the managed services are unknown."""

import json
import runpy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pulumi_ixn import Connection
from pulumi_ixn.testing import UNKNOWN, Deployment, deploy

PROGRAM = Path(__file__).parents[1]
CONFIG = {
    "platform-team:registry": "registry.example.com",
    "platform-team:theirNamespace": "contact-centre",
    "platform-team:westPort": "7121",
}
EAST, WEST, NORTH = (
    "9350e2fc-a1dd-4c65-8d40-1f75a2e080dd",
    "7d0c1d38-2c1b-4bd5-a3ea-4b44f5ef9d6a",
    "f2c6a1f0-5b0a-4c11-8a39-64ab6e6f7e11",
)

Rows = dict[tuple[str, int], Connection]


@pytest.fixture(params=[False, True], ids=["update", "preview"])
def preview(request: pytest.FixtureRequest) -> bool:
    return request.param


@cache
def run(preview: bool = False) -> Deployment[list[Connection]]:
    def program() -> Any:
        return runpy.run_path(str(PROGRAM))["connections"]

    return deploy(program, preview=preview, project="platform-team", stack="dev", config=CONFIG)


def rows() -> Rows:
    return {(row["tenant"], row["number"]): row for row in run().result}


def named(found: Deployment[Any], kind: str) -> dict[str, Any]:
    """Return the objects of a kind by `namespace/name`."""
    meta = [(each["metadata"], each) for each in found.manifests if each["kind"] == kind]
    return {f"{each.get('namespace')}/{each['name']}": manifest for each, manifest in meta}


def pod(found: Deployment[Any], kind: str, name: str) -> Any:
    return found.manifest(kind, name)["spec"]["template"]


def test_a_preview_shows_every_resource_that_the_update_makes() -> None:
    update, preview = run(), run(preview=True)

    assert sorted((made.type, made.name) for made in update.resources) == sorted(
        (made.type, made.name) for made in preview.resources
    )
    assert len(update.of_type("ixn:index:Ixn")) == 3


def test_a_preview_knows_every_name_port_and_selector_and_no_address(preview: bool) -> None:
    found = run(preview)

    services = named(found, "Service")
    assert set(services) == {
        f"{namespace}/{name}"
        for namespace, id, sid in (("ixn", EAST, 100), ("ixn", WEST, 200), ("contact-centre", NORTH, 300))
        for name in (f"ixn-server-{id}", f"ixn-node-{id}", f"ixn-vqnode-{id}", f"ixn-server-{sid}-headless")
    }
    assert UNKNOWN not in str(services)
    settings = named(found, "ConfigMap")["ixn/ixn-node-100-settings"]["data"]
    assert (settings == {"settings.json": UNKNOWN}) is preview


def test_the_connections_are_unknown_until_the_managed_services_are_there() -> None:
    assert run(preview=True).result is None
    assert len(rows()) == 3 * 19


def test_tenants_of_a_namespace_share_kafka_and_redis(preview: bool) -> None:
    found = run(preview)

    assert len(found.of_type("ixn:index:KafkaReference")) == len(found.of_type("ixn:index:RedisReference")) == 2
    east, west = (pod(found, "Deployment", f"ixn-vqnode-{sid}")["spec"]["volumes"] for sid in (100, 200))
    assert east == west


def test_kafka_is_every_broker_of_the_managed_service() -> None:
    for tenant in ("east", "north"):
        endpoints = rows()[tenant, 6]["endpoints"]
        assert [at.partition(".")[0] for at in endpoints] == ["b-1", "b-2", "b-3"]
        assert {at.rpartition(":")[2] for at in endpoints} == {"9094"}


def test_kafka_is_every_broker_in_the_secret_too() -> None:
    secret = named(run(), "Secret")["contact-centre/kafka-shared-secret"]

    brokers = json.loads(secret["stringData"]["kafka-secrets"])["bootstrap"].split(",")
    assert brokers == rows()["north", 6]["endpoints"]


def test_the_secret_of_kafka_is_the_operators_in_our_namespace_and_ours_in_theirs(preview: bool) -> None:
    found = run(preview)

    mounted = [pod(found, "Deployment", name)["spec"]["volumes"] for name in ("ixn-vqnode-100", "ixn-vqnode-300")]
    (operators,), (own,) = mounted
    assert operators["secret"]["secretName"] == (UNKNOWN if preview else "kafka-client-generated-kafka-id")
    assert own["secret"]["secretName"] == "kafka-shared-secret"
    assert {name for name in named(found, "Secret") if "kafka" in name} == {"contact-centre/kafka-shared-secret"}


def test_pods_reach_kafka_in_its_network_and_redis_by_its_labels() -> None:
    policies = named(run(), "NetworkPolicy")

    for namespace, sid in (("ixn", 100), ("ixn", 200), ("contact-centre", 300)):
        assert {
            "ports": [{"port": 9094, "protocol": "TCP"}],
            "to": [{"ipBlock": {"cidr": "10.20.1.0/24"}}],
        } in policies[f"{namespace}/ixn-vqnode-{sid}"]["spec"]["egress"]
        redis = [
            each for each in policies[f"{namespace}/ixn-node-{sid}"]["spec"]["egress"] if "redis-" in str(each)
        ]
        assert [rule["to"][0]["podSelector"]["matchLabels"] for rule in redis] == [
            {"app.kubernetes.io/instance": "generated-redis-id"}
        ]


def test_no_output_was_made_a_text() -> None:
    # What str() makes of an Output begins so.
    assert "Calling __str__" not in str([made.inputs for made in run().resources])


def test_pods_roll_with_the_certificate_of_kafka() -> None:
    annotations = pod(run(), "Deployment", "ixn-vqnode-100")["metadata"]["annotations"]

    assert len(annotations["checksum/kafka"]) == 64


def test_the_password_of_redis_is_written_into_both_namespaces() -> None:
    found = named(run(), "Secret")

    texts = [
        found[f"{at}/redis-ors-secret"]["stringData"]["voice-redis-ors-stream"] for at in ("ixn", "contact-centre")
    ]
    assert texts[0] == texts[1]
    assert json.loads(texts[0])["password"] == "generated-redis-password"


def test_passwords_are_in_secrets_alone() -> None:
    found = run()

    holders = {made.type for made in found.resources if "-password" in str(made.inputs)}
    assert holders == {"kubernetes:core/v1:Secret"}


def test_each_tenant_has_databases_of_its_own_on_the_one_server() -> None:
    found = rows()
    secrets = {name for name in named(run(), "Secret") if "db-secret" in name}

    addresses = {row["endpoints"][0] for (_, number), row in found.items() if number in (16, 17)}
    assert addresses == {"postgres-generated-postgres-id.db.example.com:5432"}
    assert len(secrets) == 6


def test_a_port_of_west_moves_nobody_elses(preview: bool) -> None:
    found = run(preview)

    ports = {
        id: {port["name"]: port["port"] for port in found.manifest("Service", f"ixn-server-{id}")["spec"]["ports"]}
        for id in (EAST, WEST, NORTH)
    }
    assert [ports[id]["server-default"] for id in (EAST, WEST, NORTH)] == [7120, 7121, 7120]


def test_the_port_of_west_is_the_port_of_its_four_connections() -> None:
    moved = {key for key, row in rows().items() if row["port"] == 7121}

    assert moved == {("west", number) for number in (2, 3, 4, 18)}


def test_north_alone_is_without_pulse() -> None:
    assert {key for key, row in rows().items() if row["absent"]} == {("north", 18), ("north", 19)}


def test_easts_contract_differs_from_the_others_in_one_entry() -> None:
    found = run()
    settings = {
        sid: json.loads(found.manifest("ConfigMap", f"ixn-node-{sid}-settings")["data"]["settings.json"])
        for sid in (100, 200)
    }

    assert settings[100]["db"]["options"].pop("keepAlive") is False
    assert settings[200]["db"]["options"].pop("keepAlive") is True
    assert settings[100].keys() == settings[200].keys()
    assert settings[100]["db"]["options"] == settings[200]["db"]["options"]


def test_the_certificate_of_the_database_is_told_to_its_two_clients(preview: bool) -> None:
    found = run(preview)

    for kind, name in (("StatefulSet", "ixn-server-100"), ("Deployment", "ixn-node-100")):
        (container,) = pod(found, kind, name)["spec"]["containers"]
        told = {each["name"]: each.get("value") for each in container["env"]}["DB_CERTIFICATE"]
        assert told == UNKNOWN if preview else "BEGIN CERTIFICATE" in told
