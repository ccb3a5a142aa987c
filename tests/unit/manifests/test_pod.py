"""The pods of the three workloads: security, accounts, probes, labels, images."""

from dataclasses import replace
from typing import Any

import pytest
from pulumi_ixn import OPENSHIFT
from pulumi_ixn.contract import (
    NODE_CONTRACT,
    SERVER_CONTRACT,
    VQ_NODE_CONTRACT,
)
from pulumi_ixn.testing import Deployment

from tests.unit.deployed import WORKLOADS, container, made, template
from tests.unit.samples import NO_SERVICES, pod

CONTRACTS = {"server": SERVER_CONTRACT, "node": NODE_CONTRACT, "vqnode": VQ_NODE_CONTRACT}


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


@pytest.fixture(scope="module")
def on_openshift() -> Deployment[Any]:
    security = pod(security=OPENSHIFT)
    return made(server=security, node=security, vq_node=security)


@pytest.mark.parametrize("workload", WORKLOADS)
def test_openshift_assigns_the_user_id(workload: str, on_openshift: Deployment[Any]) -> None:
    assert template(on_openshift, workload)["spec"]["securityContext"] == {
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


@pytest.fixture(scope="module")
def labelled() -> Deployment[Any]:
    custom = pod(labels={"team": "x"}, annotations={"note": "y"})
    return made(server=custom, node=custom, vq_node=custom)


@pytest.mark.parametrize("workload", WORKLOADS)
def test_custom_labels_are_on_the_pods_and_in_no_selector(workload: str, labelled: Deployment[Any]) -> None:
    metadata = template(labelled, workload)["metadata"]

    assert metadata["labels"]["team"] == "x"
    assert metadata["labels"]["app.kubernetes.io/name"] == f"ixn-{workload}"
    assert metadata["annotations"]["note"] == "y"
    assert "team" not in str(labelled.manifest(WORKLOADS[workload], f"ixn-{workload}-100")["spec"]["selector"])


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
    bare = replace(CONTRACTS[workload], env={}, mounts={}, settings={})
    argument = {"server": "server", "node": "node", "vqnode": "vq_node"}[workload]

    for changes in ({}, NO_SERVICES, {**NO_SERVICES, argument: pod(contract=bare)}):
        assert empty_parts(template(made(**changes), workload)) == []
