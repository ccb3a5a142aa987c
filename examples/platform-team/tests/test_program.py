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

TENANTS = (("ixn", 100), ("ixn", 200), ("contact-centre", 300))
"""The namespace and the short id of each tenant."""

NAMESPACES = {"ixn": "ours", "contact-centre": "theirs"}

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


def mounts(found: Deployment[Any], kind: str, name: str) -> dict[str, set[str]]:
    """Return the names of the Secrets in each mounted directory, by the last part of its path."""
    spec = pod(found, kind, name)["spec"]
    (container,) = spec["containers"]
    at = {each["name"]: each["mountPath"].rpartition("/")[2] for each in container["volumeMounts"]}
    return {at[each["name"]]: secrets for each in spec["volumes"] if (secrets := _secrets(each))}


def _secrets(volume: dict[str, Any]) -> set[str]:
    sources = [each["secret"] for each in volume.get("projected", {}).get("sources", ()) if "secret" in each]
    names = {each["name"] for each in sources}
    return names | ({volume["secret"]["secretName"]} if "secret" in volume else set())


def test_a_preview_plans_every_resource_of_the_update() -> None:
    update, preview = run(), run(preview=True)

    assert sorted((made.type, made.name) for made in update.resources) == sorted(
        (made.type, made.name) for made in preview.resources
    )
    assert len(update.of_type("ixn:index:Ixn")) == 3


def test_names_ports_and_selectors_are_known_in_a_preview_and_addresses_are_not(preview: bool) -> None:
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


def test_connections_are_unknown_until_the_managed_services_exist() -> None:
    assert run(preview=True).result is None
    assert len(rows()) == 3 * 19


def test_tenants_in_one_namespace_share_kafka_and_redis(preview: bool) -> None:
    found = run(preview)

    assert len(found.of_type("ixn:index:KafkaReference")) == len(found.of_type("ixn:index:RedisReference")) == 2
    east, west = (pod(found, "Deployment", f"ixn-vqnode-{sid}")["spec"]["volumes"] for sid in (100, 200))
    assert east == west


def test_every_broker_of_the_managed_service_is_an_endpoint_on_the_port_of_its_listener() -> None:
    for tenant, port in (("east", 9096), ("north", 9094)):
        endpoints = rows()[tenant, 6]["endpoints"]
        assert [at.partition(".")[0] for at in endpoints] == ["b-1", "b-2", "b-3"]
        assert {int(at.rpartition(":")[2]) for at in endpoints} == {port}


def test_the_kafka_secret_lists_every_broker() -> None:
    secret = named(run(), "Secret")["contact-centre/kafka-shared-secret"]

    brokers = json.loads(secret["stringData"]["kafka-secrets"])["bootstrap"].split(",")
    assert brokers == rows()["north", 6]["endpoints"]


def test_the_kafka_secret_is_existing_in_one_namespace_and_written_in_the_other(preview: bool) -> None:
    found = run(preview)

    names = [mounts(found, "Deployment", f"ixn-vqnode-{sid}")["kafka-secrets"] for sid in (100, 300)]
    assert names == [{UNKNOWN if preview else "kafka-client-generated-kafka-id"}, {"kafka-shared-secret"}]
    assert {name for name in named(found, "Secret") if name.endswith("kafka-shared-secret")} == {
        "contact-centre/kafka-shared-secret"
    }


def test_clients_of_kafka_and_redis_verify_the_servers(preview: bool) -> None:
    found = run(preview)

    assert "ssl.ca.location" in str(named(found, "Secret")["contact-centre/kafka-shared-secret"]) or preview
    for namespace, sid, name in (("ixn", 100, "ours"), ("contact-centre", 300, "theirs")):
        for kind, workload, service in (
            ("StatefulSet", "ixn-server", "kafka"),
            ("Deployment", "ixn-vqnode", "kafka"),
            ("Deployment", "ixn-node", "redis"),
        ):
            secrets = mounts(found, kind, f"{workload}-{sid}")[f"{service}-certificates"]
            assert f"{service}-{name}-ca" in secrets
            assert f"{namespace}/{service}-{name}-ca" in named(found, "Secret")


def test_one_namespace_logs_in_to_kafka_with_a_certificate() -> None:
    found = run()

    assert set(named(found, "Certificate")) == {"contact-centre/kafka-client-certificate"}
    assert "kafka-client-certificate" in mounts(found, "Deployment", "ixn-vqnode-300")["kafka-certificates"]
    assert "kafka-client-certificate" not in mounts(found, "Deployment", "ixn-vqnode-100")["kafka-certificates"]


def test_kafka_is_allowed_by_cidr_and_redis_by_pod_labels() -> None:
    found = run()

    for sid, port in ((100, 9096), (200, 9096), (300, 9094)):
        assert {
            "ports": [{"port": port, "protocol": "TCP"}],
            "to": [{"ipBlock": {"cidr": "10.20.1.0/24"}}],
        } in found.policy(f"ixn-vqnode-{sid}")["spec"]["egress"]
        redis = [each for each in found.policy(f"ixn-node-{sid}")["spec"]["egress"] if "redis-" in str(each)]
        assert [rule["to"][0]["podSelector"]["matchLabels"] for rule in redis] == [
            {"app.kubernetes.io/instance": "generated-redis-id"}
        ]


def test_no_output_was_converted_to_a_string() -> None:
    # What str() makes of an Output begins so.
    assert "Calling __str__" not in str([made.inputs for made in run().resources])


def test_a_new_certificate_authority_rolls_the_pods() -> None:
    found = run()

    for kind, name, service in (
        ("Deployment", "ixn-vqnode-100", "kafka"),
        ("Deployment", "ixn-node-300", "ors-redis-stream"),
    ):
        annotations = pod(found, kind, name)["metadata"]["annotations"]
        assert len(annotations[f"checksum/{service}-ca.crt"]) == 64


def test_logins_come_from_the_secret_store(preview: bool) -> None:
    found = named(run(preview), "ExternalSecret")

    assert set(found) == {
        *(f"{at}/ixn-{which}db-secret-{sid}" for at, sid in TENANTS for which in ("", "node-")),
        "ixn/redis-ors-secret",
        "contact-centre/redis-ors-secret",
        "contact-centre/postgres-administrator",
    }
    for at, sid in TENANTS:
        spec = found[f"{at}/ixn-db-secret-{sid}"]["spec"]
        assert spec["secretStoreRef"] == {"kind": "ClusterSecretStore", "name": "team"}
        own = "/north-ixn" if sid == 300 else ""
        keys = {(each["secretKey"], each["remoteRef"]["key"]) for each in spec["data"]}
        assert keys == {
            (name, UNKNOWN if preview else f"postgres/generated-postgres-id{own}")
            for name in ("username", "password")
        }


def test_the_file_of_redis_is_assembled_from_the_password_in_the_store() -> None:
    found = named(run(), "ExternalSecret")
    spec = found["contact-centre/redis-ors-secret"]["spec"]

    assert spec["data"] == [{"secretKey": "password", "remoteRef": {"key": "redis/generated-redis-id/password"}}]
    (text,) = spec["target"]["template"]["data"].values()
    file = json.loads(text.replace("{{ .password | toJson }}", '"p"'))
    assert (file["username"], file["password"]) == ("ixn", "p")


def test_the_only_secrets_that_are_rendered_have_addresses_and_certificates() -> None:
    found = run()

    assert set(named(found, "Secret")) == {
        "contact-centre/kafka-shared-secret",
        "contact-centre/postgres-ca",
        *(f"{at}/{service}-{whose}-ca" for at, whose in NAMESPACES.items() for service in ("kafka", "redis")),
    }
    (file,) = named(found, "Secret")["contact-centre/kafka-shared-secret"]["stringData"].values()
    assert not [name for name in json.loads(file) if "password" in name]
    generated = {made.name for made in found.resources if made.type.startswith("random:")}
    assert generated == {"postgres-id", "kafka-id", "redis-id", "kafka-theirs-digest-key"}


def test_the_databases_of_one_namespace_are_created_by_jobs(preview: bool) -> None:
    found = run(preview)

    jobs = [each for each in found.manifests if each["kind"] == "Job"]
    assert [each["metadata"]["namespace"] for each in jobs] == ["contact-centre"] * 2
    for job in jobs:
        (container,) = job["spec"]["template"]["spec"]["containers"]
        env = {each["name"]: each for each in container["env"]}
        assert env["ADMIN_PASSWORD"]["valueFrom"]["secretKeyRef"]["name"] == "postgres-administrator"
        assert env["PGSSLMODE"]["value"] == "verify-full"


def test_each_tenant_has_its_own_databases_on_the_shared_server() -> None:
    found = rows()

    addresses = {row["endpoints"][0] for (_, number), row in found.items() if number in (16, 17)}
    assert addresses == {"postgres-generated-postgres-id.db.example.com:5432"}
    assert len(run().of_type("ixn:index:Database")) == 6


def test_a_port_of_west_does_not_change_other_tenants(preview: bool) -> None:
    found = run(preview)

    ports = {
        id: {port["name"]: port["port"] for port in found.manifest("Service", f"ixn-server-{id}")["spec"]["ports"]}
        for id in (EAST, WEST, NORTH)
    }
    assert [ports[id]["server-default"] for id in (EAST, WEST, NORTH)] == [7120, 7121, 7120]


def test_the_port_of_west_is_in_its_four_connections() -> None:
    moved = {key for key, row in rows().items() if row["port"] == 7121}

    assert moved == {("west", number) for number in (2, 3, 4, 18)}


def test_only_north_has_no_pulse() -> None:
    assert {key for key, row in rows().items() if row["absent"]} == {("north", 18), ("north", 19)}


def test_the_contract_of_east_differs_in_one_entry() -> None:
    found = run()
    settings = {
        sid: json.loads(found.manifest("ConfigMap", f"ixn-node-{sid}-settings")["data"]["settings.json"])
        for sid in (100, 200)
    }

    assert settings[100]["db"]["options"].pop("keepAlive") is False
    assert settings[200]["db"]["options"].pop("keepAlive") is True
    assert settings[100].keys() == settings[200].keys()
    assert settings[100]["db"]["options"] == settings[200]["db"]["options"]


def test_both_database_clients_get_the_certificate(preview: bool) -> None:
    found = run(preview)

    for kind, name in (("StatefulSet", "ixn-server-100"), ("Deployment", "ixn-node-100")):
        (container,) = pod(found, kind, name)["spec"]["containers"]
        value = {each["name"]: each.get("value") for each in container["env"]}["DB_CERTIFICATE"]
        assert value == UNKNOWN if preview else "BEGIN CERTIFICATE" in value
