"""A policy is named by a digest of its rules, so that a changed one is created before the old one is deleted."""

from dataclasses import replace
from typing import Any

import pulumi
import pytest
from pulumi_ixn import CiliumPolicies, Isolation, Parameter
from pulumi_ixn.policies import NetworkPolicies
from pulumi_ixn.testing import deploy

from tests.unit.deployed import made
from tests.unit.samples import TENANT, ixn, pod

WORKLOADS = ("server", "node", "vqnode")
ISOLATIONS = [NetworkPolicies(), CiliumPolicies()]


def policy_names(preview: bool = False, **changes: Any) -> dict[str, str]:
    """Return the object name of each workload's policy; Pulumi's name ends with the same digest."""
    found = made(preview, **changes)
    names = {each: found.policy(f"ixn-{each}-100")["metadata"]["name"] for each in WORKLOADS}
    pulumi_names = {each.name for each in found.resources if "NetworkPolicy" in each.type}
    assert pulumi_names == {f"east-{each}-{name.rpartition('-')[2]}" for each, name in names.items()}
    return names


@pytest.mark.parametrize("isolation", ISOLATIONS)
def test_a_policy_is_named_by_its_rules_so_that_the_new_one_is_created_first(isolation: Isolation) -> None:
    before = policy_names(isolation=isolation)
    after = policy_names(isolation=isolation, ports={Parameter.VQ_NODE_DEFAULT: 7199})

    assert {each for each in WORKLOADS if before[each] != after[each]} == {"vqnode"}
    assert all(name.startswith(f"ixn-{each}-100-") for each, name in after.items())


@pytest.mark.parametrize("isolation", ISOLATIONS)
def test_a_policy_keeps_its_name_while_its_rules_stay_the_same(isolation: Isolation) -> None:
    other_pods: dict[str, Any] = {
        "vq_node": pod("ixn/vq", replicas=3),
        "node": pod("ixn/node", annotations={"team": "x"}),
    }

    assert policy_names(isolation=isolation) == policy_names(False, isolation=isolation, **other_pods)
    assert policy_names(isolation=isolation) == policy_names(True, isolation=isolation)


def test_the_name_of_a_policy_does_not_depend_on_outputs(preview: bool) -> None:
    def names(port: int) -> set[str]:
        def program() -> pulumi.Output[Any]:
            ports = {Parameter.VQ_NODE_DEFAULT: pulumi.Output.from_input(port)}
            return ixn(ports=ports).connections

        found = deploy(program, preview=preview)
        return {each["metadata"]["name"] for each in found.manifests if each["kind"] == "NetworkPolicy"}

    assert names(7198) == names(7199)


def test_the_longest_policy_name_is_that_of_a_label() -> None:
    name = deploy(lambda: ixn(tenant=replace(TENANT, sid="1" * 41)).connections).policy(f"ixn-server-{'1' * 41}")

    assert len(name["metadata"]["name"]) <= 63
