"""What containers are configured with: environment variables and the settings file."""

import json
from dataclasses import replace
from typing import Any

import pytest
from pulumi_ixn import SERVER, Credentials, IxnServer, IxnServerArgs, Party, resolve, workload_peers
from pulumi_ixn.contract import (
    NODE_CONTRACT,
    SERVER_CONTRACT,
    VQ_NODE_CONTRACT,
    Assumed,
    Constant,
    Credential,
    Key,
)
from pulumi_ixn.testing import Deployment, deploy
from pulumi_ixn.validation import InvalidInputs

from tests.unit.deployed import container, env, made, template
from tests.unit.samples import ALL_PEERS, NO_PEERS, TENANT, database, host, ixn, pod

SERVER_HOST = f"ixn-server-{TENANT.id}.ixn.svc"


def settings(found: Deployment[Any]) -> dict[str, Any]:
    return json.loads(found.manifest("ConfigMap", "ixn-node-100-settings")["data"]["settings.json"])


def test_the_server_gets_its_destination_endpoints() -> None:
    said = env(made(), "server")

    assert (said["CONF_SERVER_HOST"], said["CONF_SERVER_PORT"]) == ("conf.voice.svc", "8888")
    assert said["KAFKA_BOOTSTRAP_SERVERS"] == "kafka.infra.svc:9092"
    assert (said["DB_HOST"], said["DB_PORT"], said["DB_NAME"]) == ("postgres.infra.svc", "5432", "ixn")
    assert said["PULSE_STAT_SERVERS"] == "pulse.pulse.svc:2060"
    assert said["DB_PASSWORD"] == {"secretKeyRef": {"name": "ixn-db-secret-100", "key": "password"}}
    assert said["DB_USERNAME"] == {"secretKeyRef": {"name": "ixn-db-secret-100", "key": "username"}}
    assert (said["IXN_SERVER_PORT"], said["IXN_METRICS_PORT"]) == ("7120", "13131")
    assert said["DB_INIT_ENABLED"] == "true"


def test_the_node_gets_its_destination_endpoints() -> None:
    found = made()
    said, file = env(found, "node"), settings(found)

    assert said["CONSUL_HOST"] == {"fieldRef": {"fieldPath": "status.hostIP"}}
    assert said["CONSUL_PORT"] == "8500"
    assert said["DB_PASSWORD"] == {"secretKeyRef": {"name": "ixn-node-db-secret-100", "key": "password"}}
    assert file["consul"] == {"port": 8500, "sslMode": False}
    assert file["ixnServer"] == {"host": SERVER_HOST, "port": 7120}
    assert file["rq"] == [{"host": "rq.voice.svc", "port": 11000}]
    assert file["configNode"] == {"host": "voice-config.voice.svc", "port": 8888}
    assert file["redis"] == [{"host": "redis.infra.svc", "port": 6379, "is_redis_cluster": "true"}]
    assert file["db"] == {
        "host": "postgres.infra.svc",
        "port": 5432,
        "name": "ixn",
        "options": {"keepAlive": True, "keepAliveInitialDelayMillis": 300000},
    }
    assert file["ports"] == {"health": 13133}
    assert file["redisOptions"] == {"tls": {"enabled": False, "rejectUnauthorized": False}}


def test_the_vq_node_gets_its_destination_endpoint() -> None:
    said = env(made(), "vqnode")

    assert said == {
        "TENANT_ID": TENANT.id,
        "TENANT_SID": "100",
        "VQ_NODE_PORT": "7122",
        "VQ_NODE_METRICS_PORT": "13139",
        "KAFKA_BOOTSTRAP_SERVERS": "kafka.infra.svc:9092",
    }


def test_configuration_of_an_absent_peer_is_omitted(preview: bool) -> None:
    found = made(preview, **NO_PEERS)

    assert set(env(found, "vqnode")) == {"TENANT_ID", "TENANT_SID", "VQ_NODE_PORT", "VQ_NODE_METRICS_PORT"}
    assert not [
        name
        for name in env(found, "server")
        if name.startswith(("DB_HOST", "DB_PASS", "KAFKA", "CONF_SERVER_H", "PULSE"))
    ]
    assert not [name for name in env(found, "node") if name.startswith(("DB_", "CONSUL_"))]
    assert [each["name"] for each in template(found, "server")["spec"]["volumes"]] == ["logs"]
    if not preview:
        assert set(settings(found)) == {
            "tenant",
            "ports",
            "consul",
            "ixnServer",
            "db",
            "dbinit",
            "storingSessions",
        }


def test_variables_can_be_added_changed_and_removed() -> None:
    server = pod(env={"EXTRA": "1", "CONF_SERVER_APP_NAME": "Mine", "LOG_PATH": None})
    said = env(made(server=server), "server")

    assert (said["EXTRA"], said["CONF_SERVER_APP_NAME"]) == ("1", "Mine")
    assert "LOG_PATH" not in said
    assert len(container(made(server=server), "server")["env"]) == len(SERVER_CONTRACT.env)


def test_constants_are_written_as_strings() -> None:
    flag = replace(
        VQ_NODE_CONTRACT, env={"A": Key(Constant(True), Assumed("x")), "B": Key(Constant(5), Assumed("x"))}
    )

    assert env(made(vq_node=pod(contract=flag)), "vqnode") == {"A": "true", "B": "5"}


def test_databases_pass_on_their_secret_keys() -> None:
    found = deploy(
        lambda: ixn(
            database=database(
                credentials=Credentials.existing("mine", username_key="user", password_key="pass", version="v2")
            )
        )
    )

    assert env(found, "server")["DB_PASSWORD"] == {"secretKeyRef": {"name": "mine", "key": "pass"}}
    assert template(found, "server")["metadata"]["annotations"] == {"checksum/ixn-db": "v2"}


def test_a_credential_in_the_settings_file_is_rejected() -> None:
    leaky = replace(NODE_CONTRACT, settings={"db.password": Key(Credential(17, "password"), Assumed("a mistake"))})

    with pytest.raises(InvalidInputs, match="has a credential in the settings file"):
        made(node=pod(contract=leaky))


def test_a_contract_with_a_peer_of_another_workload_is_rejected() -> None:
    stray = replace(VQ_NODE_CONTRACT, env={"X": SERVER_CONTRACT.env["CONF_SERVER_HOST"]})

    with pytest.raises(InvalidInputs, match="connection 5"):
        made(vq_node=pod(contract=stray))


def test_a_missing_reference_is_reported_with_its_row() -> None:
    def program() -> None:
        links = resolve(workload_peers(TENANT, "ixn"), {**ALL_PEERS, Party.IXN_DB: host("x", 1)})
        IxnServer("server", IxnServerArgs(TENANT, "ixn", links[SERVER], pod()))

    with pytest.raises(InvalidInputs, match="connection 16; IXN DB"):
        deploy(program)
