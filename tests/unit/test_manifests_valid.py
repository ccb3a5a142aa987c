"""Every manifest of every stack file is valid for each supported version of Kubernetes."""

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pulumi_ixn.testing import Deployment, deploy

from tests.unit.config.stacks import STACKS, program, stack_file
from tests.unit.kubernetes_schemas import (
    CILIUM_POLICY,
    PROMETHEUS_RULE,
    SCALED_OBJECT,
    SERVICE_MONITOR,
    VERSIONS,
    validation_errors,
)
from tests.unit.provisioning.jobs import SETTINGS

BY_CILIUM = "dev, closed by Cilium"
CHECKED = "prod, its connections checked"
SCALED = "dev, scaled"
PROVISIONED = "dev, its databases provisioned"
CHECK = {"image": {"repository": "tools/busybox", "tag": "1.37"}, "podLabels": {"team": "voice"}}
KEDA = {"maxReplicas": 4, "serverAddress": "http://prometheus.monitoring.svc:9090", "threshold": 100}


def scaled(config: dict[str, Any]) -> dict[str, Any]:
    """Return the keys of a stack with both kinds of autoscalers."""
    service, vq_node = config["ixn:ixnService"], config["ixn:ixnVQNode"]
    node = {**service["ixnNode"], "autoscaling": {"hpa": {"maxReplicas": 4}}}
    return {
        "ixn:ixnService": {**service, "ixnNode": node},
        "ixn:ixnVQNode": {**vq_node, "autoscaling": {"keda": KEDA}},
    }


def provisioned(config: dict[str, Any]) -> dict[str, Any]:
    """Return the keys of a stack whose databases are provisioned."""
    tls = {"mode": "verify-full", "ca": {"name": "postgres-ca"}}
    options = {"tls": tls, "repair": True, "podLabels": {"team": "data"}}
    peers = config["ixn:peers"]
    return {
        "ixn:peers": {
            **peers,
            "ixnDB": {**peers["ixnDB"], "provisioned": {**SETTINGS, **options}},
            "ixnNodeDB": {**peers["ixnNodeDB"], "provisioned": SETTINGS},
        }
    }


CHANGED = {
    SCALED: ("dev", scaled(stack_file("dev")["config"])),
    BY_CILIUM: ("dev", {"ixn:isolation": "cilium"}),
    PROVISIONED: ("dev", provisioned(stack_file("dev")["config"])),
    CHECKED: ("prod", {"ixn:connectivityCheck": CHECK}),
}
"""Variants of the stack files: the name of a stack, and changed keys."""

RUNS = (*STACKS, *CHANGED)


def run(named: str, kubeconfig: Path) -> Deployment[Any]:
    stack, changes = CHANGED.get(named, (named, {}))

    contexts = "\n".join(f"- name: ixn-{each}" for each in STACKS)
    kubeconfig.write_text(f"contexts:\n{contexts}\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KUBECONFIG", str(kubeconfig))
        return deploy(program, stack=stack, config=stack_file(stack)["config"] | changes)


def by_name(found: Deployment[Any]) -> dict[tuple[str, str], Any]:
    return {(each["kind"], each["metadata"]["name"]): each for each in found.manifests if "kind" in each}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Deployment[Any]]:
    kubeconfig = tmp_path_factory.mktemp("kube") / "config"
    return {each: run(each, kubeconfig) for each in RUNS}


def test_five_kubernetes_versions_are_validated() -> None:
    assert [version.rsplit(".", 1)[0] for version in VERSIONS] == ["1.33", "1.34", "1.35", "1.36", "1.37"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("stack", RUNS)
def test_every_manifest_of_a_stack_is_valid(stack: str, version: str, made: Mapping[str, Deployment[Any]]) -> None:
    manifests = [each for each in made[stack].manifests if "kind" in each]

    assert len(manifests) > 10
    wrong = {each["metadata"]["name"]: validation_errors(each, version) for each in manifests}
    assert {name: found for name, found in wrong.items() if found} == {}


def test_a_connectivity_check_adds_only_its_jobs(
    made: Mapping[str, Deployment[Any]],
) -> None:
    with_check, without = by_name(made[CHECKED]), by_name(made["prod"])

    added = {name: each for name, each in with_check.items() if name not in without}
    assert {kind for kind, _ in added} == {"Job"}
    assert len(added) == 9
    assert {name: each for name, each in with_check.items() if name not in added} == without


def test_provisioned_databases_add_only_the_objects_of_their_jobs(made: Mapping[str, Deployment[Any]]) -> None:
    provisioned, without = by_name(made[PROVISIONED]), by_name(made["dev"])

    added = sorted(kind for kind, name in provisioned if (kind, name) not in without)
    assert added == ["ConfigMap", "ConfigMap", "Job", "Job", "NetworkPolicy", "NetworkPolicy"]
    assert {name: each for name, each in provisioned.items() if name in without} == without


def test_manifest_names_are_unique(made: Mapping[str, Deployment[Any]]) -> None:
    for stack in STACKS:
        names = [(each["kind"], each["metadata"]["name"]) for each in made[stack].manifests if "kind" in each]
        assert len(names) == len(set(names))


def test_production_has_three_tenants_with_their_own_values(made: Mapping[str, Deployment[Any]]) -> None:
    replicas = {
        sid: made["prod"].manifest("Deployment", f"ixn-node-{sid}")["spec"]["replicas"]
        for sid in ("310", "320", "training")
    }
    assert replicas == {"310": 3, "320": 5, "training": 1}
    assert "Namespace" not in {each["kind"] for each in made["prod"].manifests if "kind" in each}


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_file_contains_no_password(stack: str) -> None:
    file = stack_file(stack)

    assert "ixn:secrets" not in file["config"]
    assert "secure" not in str(file)


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("Service", ("spec", "prots"), []),
        ("Service", ("spec", "ports", 0, "port"), "http"),
        ("Deployment", ("spec", "template", "spec", "containers", 0, "imagePullPolice"), "Always"),
        ("ServiceMonitor", ("spec", "endpoints", 0, "interval"), "30 seconds"),
        ("ServiceMonitor", ("spec", "endpoint"), []),
        ("PrometheusRule", ("spec", "groups", 0, "rules", 0, "for"), "5 minutes"),
        ("PrometheusRule", ("spec", "groups", 0, "rules", 0, "expression"), "up"),
    ],
)
def test_an_invalid_manifest_fails_validation(
    kind: str, path: tuple[str | int, ...], value: object, made: Mapping[str, Deployment[Any]]
) -> None:
    manifest: Any = copy.deepcopy(next(each for each in made["dev"].manifests if each.get("kind") == kind))
    target = manifest
    for part in path[:-1]:
        target = target[part]
    target[path[-1]] = value

    assert validation_errors(manifest, VERSIONS[-1])


@pytest.mark.parametrize(
    ("stack", "resource", "count"),
    [
        ("dev", SERVICE_MONITOR, 3),
        (SCALED, SCALED_OBJECT, 1),
        ("prod", PROMETHEUS_RULE, 3),
        (BY_CILIUM, CILIUM_POLICY, 3),
        ("prod", CILIUM_POLICY, 9),
    ],
)
def test_custom_resources_are_validated(
    stack: str, resource: tuple[str, str], count: int, made: Mapping[str, Deployment[Any]]
) -> None:
    found = [each for each in made[stack].manifests if (each.get("apiVersion"), each.get("kind")) == resource]

    assert len(found) == count
