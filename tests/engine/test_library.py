"""The package as a library: a program whose namespace, addresses, ports and Secrets are unknown at preview."""

import json
import shutil
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from tests.engine.project import Manifests, Project, Run, project_at

PROGRAM = Path(__file__).parent / "library"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""The engine's marker for an unknown value."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A platform team's project in its own directory."""
    root = tmp_path_factory.mktemp("library") / "project"
    shutil.copytree(PROGRAM, root)
    return project_at(root, passphrase="")


@pytest.fixture(scope="module")
def preview(library: Project) -> Run:
    """The first preview, in which nothing exists yet."""
    run = library.pulumi("preview")
    assert not library.rendered.exists()
    return run


@pytest.fixture(scope="module")
def values(library: Project, preview: Run) -> dict[str, str]:
    """The resolved values after the `up`."""
    library.up()
    return library.outputs()["values"]


@pytest.fixture(scope="module")
def manifests(library: Project, values: dict[str, str]) -> Manifests:
    return library.manifests()


def test_a_preview_of_unknown_inputs_succeeds_and_plans_every_object(preview: Run, manifests: Manifests) -> None:
    for kind in {name.split("/")[0] for name in manifests}:
        planned = [line for line in preview.stdout.splitlines() if f":{kind} " in line and " create" in line]
        rendered = [name for name in manifests if name.startswith(f"{kind}/")]
        assert len(planned) == len(rendered), kind


def test_no_manifest_contains_an_unknown_marker_or_an_output(library: Project, manifests: Manifests) -> None:
    for name, text in library.files().items():
        assert UNKNOWN.encode() not in text, name
        assert b"Output[T]" not in text, name
        assert b"pulumi.output" not in text, name


def test_every_object_is_in_the_resolved_namespace(manifests: Manifests, values: dict[str, str]) -> None:
    assert {each["metadata"]["namespace"] for each in manifests.values()} == {values["namespace"]}


def test_the_workloads_use_the_resolved_ports_and_hosts(manifests: Manifests, values: dict[str, str]) -> None:
    server, vq_node = (_container(manifests, name) for name in ("ixn-server", "ixn-vqnode"))
    kafka = ",".join(f"{values[f'{name}-host']}:{values[f'{name}-port']}" for name in ("kafka-0", "kafka-1"))

    assert _ports(server) == [values["ixnService.ixnServer.port"], values["ixnService.ixnServer.ports"]]
    assert _ports(vq_node) == [values["ixnVQNode.ports.default"], values["ixnVQNode.ports.health"]]
    assert _ports(_container(manifests, "ixn-node")) == [values["ixnService.ixnNode.ports"]]
    assert (
        _env(server).items()
        >= {
            "IXN_SERVER_PORT": values["ixnService.ixnServer.port"],
            "CONF_SERVER_HOST": values["config-host"],
            "CONF_SERVER_PORT": values["ixnService.ixnServer.config"],
            "KAFKA_BOOTSTRAP_SERVERS": kafka,
            "DB_HOST": values["db-host"],
            "DB_PORT": values["db-port"],
            "DB_NAME": values["db-name"],
            "TEAM": values["server-team"],
        }.items()
    )
    assert _env(vq_node)["KAFKA_BOOTSTRAP_SERVERS"] == kafka


def test_the_policies_allow_the_resolved_peers_and_ports(manifests: Manifests, values: dict[str, str]) -> None:
    server = manifests["NetworkPolicy/ixn-server-100"]["spec"]
    config, kafka, database, _ = server["egress"]
    brokers = [int(values[f"kafka-{n}-port"]) for n in range(3)]

    assert kafka["to"] == [{"ipBlock": {"cidr": values["kafka-cidr"]}}]
    assert sorted(port["port"] for port in kafka["ports"]) == sorted(set(brokers))
    assert [port["port"] for port in database["ports"]] == [int(values["db-target-port"])], (
        "its pods', not its Service's"
    )
    assert config["to"] == [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": values["config-namespace"]}},
            "podSelector": {"matchLabels": {"app": values["config-app"]}},
        }
    ]
    assert [str(port["port"]) for rule in server["ingress"] for port in rule["ports"]] == [
        *[values["ixnService.ixnServer.port"]] * 3,
        values["ixnService.ixnServer.ports"],
    ]


def test_the_settings_file_of_the_node_has_the_resolved_values(
    manifests: Manifests, values: dict[str, str]
) -> None:
    settings = json.loads(manifests["ConfigMap/ixn-node-100-settings"]["data"]["settings.json"])

    assert settings["ixnServer"] == {
        "host": f"ixn-server-9350e2fc-a1dd-4c65-8d40-1f75a2e080dd.{values['namespace']}.svc",
        "port": int(values["ixnService.ixnServer.port"]),
    }
    assert settings["rq"] == [{"host": values["rq-host"], "port": int(values["rq-port"])}]
    assert settings["consul"]["port"] == int(values["ixnService.ixnNode.consul"])
    assert settings["configNode"]["host"] == values["voice-config-host"]
    assert (settings["redis"][0]["host"], settings["redis"][0]["port"]) == (
        values["redis-host"],
        int(values["redis-port"]),
    )
    assert settings["db"]["name"] == values["node-db-name"]


def test_the_pods_read_the_resolved_secrets(manifests: Manifests, values: dict[str, str]) -> None:
    for name, workload in (("db", "ixn-server"), ("node-db", "ixn-node")):
        env = _container(manifests, workload)["env"]
        refs = [each["valueFrom"]["secretKeyRef"]["name"] for each in env if "secretKeyRef" in str(each)]
        assert set(refs) == {values[f"{name}-secret"]}
    template = manifests["StatefulSet/ixn-server-100"]["spec"]["template"]
    assert template["metadata"]["annotations"]["checksum/ixn-db"] == values["db-version"]
    volumes = manifests["Deployment/ixn-node-100"]["spec"]["template"]["spec"]["volumes"]
    names = {each["secret"]["secretName"] for each in volumes if "secret" in each}
    assert values["redis-secret"] in names


def test_the_secret_of_kafka_has_the_resolved_brokers(manifests: Manifests, values: dict[str, str]) -> None:
    kafka = json.loads(b64decode(manifests["Secret/kafka-shared-secret"]["data"]["kafka-secrets"]))

    hosts = [f"{values[f'{name}-host']}:{values[f'{name}-port']}" for name in ("kafka-0", "kafka-1")]
    assert kafka == {"bootstrap": ",".join(hosts)}


def test_the_connections_have_the_resolved_addresses(library: Project, values: dict[str, str]) -> None:
    rows = {row["number"]: row for row in library.connections()}

    assert len(rows) == 19
    assert rows[16]["endpoints"] == [f"{values['db-host']}:{values['db-port']}"]
    assert rows[1]["endpoints"] == [f"status.hostIP:{values['ixnService.ixnNode.consul']}"]
    assert rows[12]["port"] == int(values["ixnService.ixnServer.ports"])
    assert rows[6]["port"] is None, "its two endpoints have different ports"
    assert [row["number"] for row in rows.values() if row["absent"]] == [18, 19]


def test_a_second_up_has_nothing_to_change(library: Project, manifests: Manifests) -> None:
    library.up("--expect-no-changes")

    assert library.manifests() == manifests


def _container(manifests: Manifests, workload: str) -> dict[str, Any]:
    kind = "StatefulSet" if workload == "ixn-server" else "Deployment"
    return manifests[f"{kind}/{workload}-100"]["spec"]["template"]["spec"]["containers"][0]


def _ports(container: dict[str, Any]) -> list[str]:
    return [str(port["containerPort"]) for port in container["ports"]]


def _env(container: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["value"] for each in container["env"] if "value" in each}
