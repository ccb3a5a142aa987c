"""The pods of the three workloads."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from pulumi_ixn import OPENSHIFT, Absent, Credentials, LogStorage, Party
from pulumi_ixn.contract import (
    NODE_CONTRACT,
    SERVER_CONTRACT,
    VQ_NODE_CONTRACT,
    Assumed,
    Constant,
    Contract,
    Credential,
    FromVendor,
    Key,
)
from pulumi_ixn.testing import Deployment, deploy
from pulumi_ixn.validation import InvalidInputs

from tests.unit.deployed import made
from tests.unit.samples import PEERS, TENANT, database, ixn, pod

WORKLOADS = {"server": "StatefulSet", "node": "Deployment", "vqnode": "Deployment"}
CONTRACTS = {"server": SERVER_CONTRACT, "node": NODE_CONTRACT, "vqnode": VQ_NODE_CONTRACT}
SERVER_HOST = f"ixn-server-{TENANT.id}.ixn.svc"


def template(found: Deployment[Any], workload: str) -> Mapping[str, Any]:
    return found.manifest(WORKLOADS[workload], f"ixn-{workload}-100")["spec"]["template"]


def container(found: Deployment[Any], workload: str) -> Mapping[str, Any]:
    (only,) = template(found, workload)["spec"]["containers"]
    return only


def env(found: Deployment[Any], workload: str) -> dict[str, Any]:
    return {each["name"]: each.get("value", each.get("valueFrom")) for each in container(found, workload)["env"]}


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


def test_the_settings_file_is_mounted_at_its_configured_path() -> None:
    found = made()
    mounts = {each["name"]: each for each in container(found, "node")["volumeMounts"]}
    volumes = {each["name"]: each for each in template(found, "node")["spec"]["volumes"]}

    assert env(found, "node")["SETTINGS_PATH"] == f"{mounts['settings']['mountPath']}/settings.json"
    assert volumes["settings"]["configMap"]["name"] == "ixn-node-100-settings"


def test_secrets_are_mounted_at_the_vendor_paths() -> None:
    found = made()
    for workload, name, path in (
        ("server", "kafka-shared-secret", "/mnt/env-secrets/kafka-secrets"),
        ("node", "redis-ors-secret", "/mnt/env-secrets/redis-secrets"),
        ("vqnode", "kafka-shared-secret", "/mnt/env-secrets/kafka-secrets"),
    ):
        volumes = {
            each["secret"]["secretName"]: each["name"]
            for each in template(found, workload)["spec"]["volumes"]
            if "secret" in each
        }
        mounts = {each["name"]: each for each in container(found, workload)["volumeMounts"]}
        assert mounts[volumes[name]] == {"name": volumes[name], "mountPath": path, "readOnly": True}


def test_pods_roll_only_when_the_settings_file_changes() -> None:
    def checksum(**changes: Any) -> str:
        return template(made(**changes), "node")["metadata"]["annotations"]["checksum/settings"]

    assert checksum() == checksum(node=pod("ixn/node"))
    assert checksum() != checksum(redis=Absent())


def test_configuration_of_an_absent_peer_is_omitted(preview: bool) -> None:
    absent = {
        "kafka": Absent(),
        "redis": Absent(),
        "database": Absent(),
        "node_database": Absent(),
        "peers": dict.fromkeys(PEERS, Absent()),
    }
    found = made(preview, **absent)

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


def test_a_custom_contract_replaces_the_default() -> None:
    mine = replace(
        VQ_NODE_CONTRACT,
        env={"BROKERS": VQ_NODE_CONTRACT.env["KAFKA_BOOTSTRAP_SERVERS"]},
        command=("/bin/vq",),
        args=("--quiet",),
    )
    only = container(made(vq_node=pod(contract=mine)), "vqnode")

    assert only["env"] == [{"name": "BROKERS", "value": "kafka.infra.svc:9092"}]
    assert (only["command"], only["args"]) == (["/bin/vq"], ["--quiet"])


@pytest.mark.parametrize("workload", WORKLOADS)
def test_every_contract_key_has_a_provenance(workload: str) -> None:
    contract: Contract = CONTRACTS[workload]
    probes = (contract.startup, contract.readiness, contract.liveness)
    keys = [*contract.env.values(), *contract.settings.values(), *contract.mounts.values(), *probes]

    for key in keys:
        assert isinstance(key.provenance, FromVendor | Assumed)
        assert key.provenance.path if isinstance(key.provenance, FromVendor) else key.provenance.why


def test_a_credential_in_the_settings_file_is_rejected() -> None:
    leaky = replace(NODE_CONTRACT, settings={"db.password": Key(Credential(17, "password"), Assumed("a mistake"))})

    with pytest.raises(InvalidInputs, match="has a credential in the settings file"):
        made(node=pod(contract=leaky))


def test_a_contract_with_a_peer_of_another_workload_is_rejected() -> None:
    stray = replace(VQ_NODE_CONTRACT, env={"X": SERVER_CONTRACT.env["CONF_SERVER_HOST"]})

    with pytest.raises(InvalidInputs, match="connection 5"):
        made(vq_node=pod(contract=stray))


@pytest.mark.parametrize("workload", WORKLOADS)
def test_pods_meet_the_restricted_standard(workload: str, preview: bool) -> None:
    found = made(preview)
    spec, only = template(found, workload)["spec"], container(found, workload)

    assert spec["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": 500,
        "runAsGroup": 500,
        "fsGroup": 500,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert only["securityContext"] == {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    assert spec["automountServiceAccountToken"] is False


@pytest.mark.parametrize("workload", WORKLOADS)
def test_openshift_assigns_the_user_id(workload: str) -> None:
    security = pod(security=OPENSHIFT)
    spec = template(made(server=security, node=security, vq_node=security), workload)["spec"]

    assert spec["securityContext"] == {
        "runAsNonRoot": True,
        "runAsGroup": 0,
        "seccompProfile": {"type": "RuntimeDefault"},
    }


@pytest.mark.parametrize("workload", WORKLOADS)
def test_pods_have_their_own_service_account_without_a_mounted_token(workload: str, preview: bool) -> None:
    found = made(preview)
    name = template(found, workload)["spec"]["serviceAccountName"]

    assert found.manifest("ServiceAccount", name)["automountServiceAccountToken"] is False


@pytest.mark.parametrize("workload", WORKLOADS)
def test_probes_use_ports_of_the_container(workload: str) -> None:
    only = container(made(), workload)
    names = {port["name"] for port in only["ports"]}

    for kind in ("startupProbe", "readinessProbe", "livenessProbe"):
        asked = only[kind].get("httpGet") or only[kind]["tcpSocket"]
        assert asked["port"] in names


@pytest.mark.parametrize("workload", WORKLOADS)
def test_custom_labels_are_on_the_pods_and_in_no_selector(workload: str) -> None:
    labelled = pod(labels={"team": "x"}, annotations={"note": "y"})
    found = made(server=labelled, node=labelled, vq_node=labelled)
    metadata = template(found, workload)["metadata"]

    assert metadata["labels"]["team"] == "x"
    assert metadata["labels"]["app.kubernetes.io/name"] == f"ixn-{workload}"
    assert metadata["annotations"]["note"] == "y"
    assert "team" not in str(found.manifest(WORKLOADS[workload], f"ixn-{workload}-100")["spec"]["selector"])


def test_log_storage_with_size_and_class_uses_a_volume_claim(preview: bool) -> None:
    stateful_set = made(preview, log_storage=LogStorage("5Gi", "fast")).manifest("StatefulSet", "ixn-server-100")
    (claim,) = stateful_set["spec"]["volumeClaimTemplates"]

    assert claim["spec"]["storageClassName"] == "fast"
    assert claim["spec"]["resources"]["requests"]["storage"] == "5Gi"
    assert "logs" not in [each["name"] for each in stateful_set["spec"]["template"]["spec"]["volumes"]]
    assert claim["metadata"]["name"] in [
        each["name"] for each in stateful_set["spec"]["template"]["spec"]["containers"][0]["volumeMounts"]
    ]


@pytest.mark.parametrize("storage", [LogStorage(), LogStorage("5Gi")])
def test_logs_use_an_empty_dir_without_a_size_and_a_class(storage: LogStorage) -> None:
    stateful_set = made(log_storage=storage).manifest("StatefulSet", "ixn-server-100")

    assert "volumeClaimTemplates" not in stateful_set["spec"]
    assert {"name": "logs", "emptyDir": {}} in stateful_set["spec"]["template"]["spec"]["volumes"]


def test_the_server_is_a_single_replica_stateful_set_with_a_headless_service(preview: bool) -> None:
    found = made(preview)
    spec = found.manifest("StatefulSet", "ixn-server-100")["spec"]

    assert spec["replicas"] == 1
    assert found.manifest("Service", spec["serviceName"])["spec"]["clusterIP"] == "None"


def test_a_second_replica_of_the_server_is_rejected() -> None:
    with pytest.raises(InvalidInputs, match=r"server\.replicas: 2"):
        made(server=pod(replicas=2))


def test_replicas_managed_by_an_autoscaler_are_omitted(preview: bool) -> None:
    found = made(preview, node=pod(replicas=None), vq_node=pod(replicas=3))

    assert "replicas" not in found.manifest("Deployment", "ixn-node-100")["spec"]
    assert found.manifest("Deployment", "ixn-vqnode-100")["spec"]["replicas"] == 3


@pytest.mark.parametrize("given", [-1, 0, True, 1.5, "2"])
def test_an_invalid_number_of_replicas_is_rejected(given: Any) -> None:
    with pytest.raises(InvalidInputs, match=rf"node\.replicas: {given!r}"):
        made(node=pod(replicas=given))


def test_images_use_the_configured_pull_policy_and_secrets() -> None:
    found = made(node=pod("ixn/node", image_pull_policy="Always", image_pull_secrets=("pullsecret",)))

    assert container(found, "node")["image"] == "registry.example.com/ixn/node:1.0"
    assert container(found, "node")["imagePullPolicy"] == "Always"
    assert template(found, "node")["spec"]["imagePullSecrets"] == [{"name": "pullsecret"}]


def test_resources_are_as_configured() -> None:
    assert container(made(), "server")["resources"] == {
        "requests": {"cpu": "100m", "memory": "128Mi"},
        "limits": {"cpu": "200m", "memory": "256Mi"},
    }


def test_a_missing_reference_is_reported_with_its_row() -> None:
    from pulumi_ixn import SERVER, IxnServer, IxnServerArgs, resolve, workload_peers

    from tests.unit.samples import host

    def program() -> None:
        theirs = {
            **PEERS,
            **dict.fromkeys((Party.KAFKA, Party.IXN_DB, Party.IXN_NODE_DB), host("x", 1)),
            Party.ORS_REDIS_STREAM: Absent(),
        }
        links = resolve(workload_peers(TENANT, "ixn"), theirs)
        IxnServer("server", IxnServerArgs(TENANT, "ixn", links[SERVER], pod()))

    with pytest.raises(InvalidInputs, match="connection 16; IXN DB"):
        deploy(program)


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


def empty_parts(value: Any, path: str = "") -> list[str]:
    """Return the paths of empty lists and mappings; an empty emptyDir is valid."""
    if value in ([], {}):
        return [] if path.endswith(".emptyDir") else [path]
    if isinstance(value, dict):
        return [found for key, each in value.items() for found in empty_parts(each, f"{path}.{key}")]
    if isinstance(value, list):
        return [found for index, each in enumerate(value) for found in empty_parts(each, f"{path}[{index}]")]
    return []


@pytest.mark.parametrize("workload", WORKLOADS)
def test_empty_pod_fields_are_omitted(workload: str) -> None:
    without: dict[str, Any] = dict.fromkeys(("kafka", "redis", "database", "node_database"), Absent())
    bare = replace(CONTRACTS[workload], env={}, mounts={}, settings={})
    argument = {"server": "server", "node": "node", "vqnode": "vq_node"}[workload]

    for changes in ({}, without, {**without, argument: pod(contract=bare)}):
        assert empty_parts(template(made(**changes), workload)) == []
