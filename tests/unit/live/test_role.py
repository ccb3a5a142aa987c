"""The Role that the package ships."""

from importlib.resources import files
from typing import Any

import pytest
from pulumi_ixn.config import load
from pulumi_ixn.live.permissions import roles
from pulumi_ixn.live.subject import Subject

from tests.unit.config.stacks import CHECKOUT, change, stack_config

KEDA = {"maxReplicas": 4, "serverAddress": "http://prometheus:9090", "threshold": 100}
EXTERNAL = {"external": {"store": {"name": "vault"}, "keys": {"json": {"key": "kafka"}}}}
BY_HPA = {"replicas": None, "autoscaling": {"hpa": {"maxReplicas": 4}}}
BY_KEDA = {"replicas": None, "autoscaling": {"keda": KEDA}}


def rules(changes: dict[str, Any]) -> dict[str, set[str]]:
    """Return the resources of each Role of the stack prod with changes, by kind and namespace."""
    found = roles(Subject("organization/ixn/prod", load(change(stack_config("prod"), changes))))
    return {
        f"{role['kind']} {role['metadata'].get('namespace')}": {
            resource for rule in role["rules"] for resource in rule["resources"]
        }
        for role in found
    }


def test_the_guide_shows_the_file() -> None:
    text = files("pulumi_ixn").joinpath("live", "role.yaml").read_text("utf-8")

    assert f"```yaml\n{text}```" in (CHECKOUT / "docs" / "operations.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "used", "unused"),
    [
        ({}, "ciliumnetworkpolicies", "networkpolicies"),
        ({"isolation": "none"}, "services", "ciliumnetworkpolicies"),
        ({"monitoring.enabled": False}, "pods", "servicemonitors"),
        ({}, "poddisruptionbudgets", "horizontalpodautoscalers"),
        ({"tenants.west.ixnVQNode": BY_HPA}, "horizontalpodautoscalers", "scaledobjects"),
        ({"tenants.west.ixnVQNode": BY_KEDA}, "scaledobjects", "horizontalpodautoscalers"),
        ({"monitoring.enabled": False}, "pods", "prometheusrules"),
        ({"monitoring.alerts": {"enabled": False}}, "servicemonitors", "prometheusrules"),
        ({}, "ciliumnetworkpolicies", "externalsecrets"),
        ({"peers.kafka.secret": EXTERNAL}, "externalsecrets", "scaledobjects"),
        ({"connectivityCheck": {"image": {"repository": "b", "tag": "1"}}}, "jobs", "networkpolicies"),
    ],
)
def test_a_stack_s_role_has_what_its_settings_use(changes: dict[str, Any], used: str, unused: str) -> None:
    (resources,) = [found for name, found in rules(changes).items() if name == "Role ixn-prod"]

    assert used in resources
    assert unused not in resources


@pytest.mark.parametrize("create", [True, False])
def test_only_a_stack_that_creates_its_namespace_has_a_cluster_role(create: bool) -> None:
    found = rules({"namespace.create": create})

    assert "Role kube-system" in found
    assert ("ClusterRole None" in found) is create
