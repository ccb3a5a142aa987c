"""The isolation selects one kind of policy, and each row names the rules that allow it."""

from typing import Any

import pytest
from pulumi_ixn import (
    CiliumPolicies,
    Isolation,
    NoPolicies,
    Party,
)
from pulumi_ixn.policies import NetworkPolicies
from pulumi_ixn.spec import CONNECTIONS, WORKLOAD_PARTIES
from pulumi_ixn.testing import Deployment
from pulumi_ixn.validation import InvalidInputs

from tests.unit.deployed import made

NO_ISOLATION: list[Any] = [None, "off", NoPolicies, NetworkPolicies]


@pytest.mark.parametrize("isolation", NO_ISOLATION)
def test_an_invalid_isolation_value_is_rejected_before_any_resource(isolation: Any) -> None:
    with pytest.raises(InvalidInputs, match=r"isolation: .*NetworkPolicies\(\), CiliumPolicies\(\)"):
        made(isolation=isolation)


@pytest.mark.parametrize("isolation", [NoPolicies(), CiliumPolicies()])
def test_network_policies_exist_only_with_kubernetes_isolation(isolation: Isolation, preview: bool) -> None:
    kinds = {each["kind"] for each in made(preview, isolation=isolation).manifests}

    assert "NetworkPolicy" not in kinds
    assert ("CiliumNetworkPolicy" in kinds) == isinstance(isolation, CiliumPolicies)


WORKLOADS = {"server": Party.IXN, "node": Party.IXN_NODE, "vqnode": Party.IXN_VQ_NODE}


def own_policies(found: Deployment[Any]) -> dict[str, Party]:
    """Return the party of each policy by the policy's name."""
    return {found.policy(f"ixn-{each}-100")["metadata"]["name"]: party for each, party in WORKLOADS.items()}


@pytest.mark.parametrize("isolation", [NetworkPolicies(), CiliumPolicies()])
def test_each_row_names_the_rules_of_each_workload_that_allow_it(isolation: Isolation) -> None:
    found = made(isolation=isolation)
    kind = "NetworkPolicy" if isinstance(isolation, NetworkPolicies) else "CiliumNetworkPolicy"
    own = own_policies(found)

    named: list[tuple[str, str]] = []
    for row, said in zip(CONNECTIONS, found.result, strict=True):
        ends = {own[rule["policy"]] for rule in said["rules"]}
        assert ends == {party for party in (row.source, row.destination) if party in WORKLOAD_PARTIES}
        for rule in said["rules"]:
            direction, index = rule["rule"].rstrip("]").split("[")
            named.append((rule["policy"], rule["rule"]))
            there = found.manifest(kind, rule["policy"])["spec"][direction][int(index)]
            assert str(said["port"]) in str(there.get("ports", there.get("toPorts")))
            assert direction == ("egress" if own[rule["policy"]] is row.source else "ingress")
    assert len(named) == len(set(named))


def test_a_row_has_no_rule_without_isolation() -> None:
    assert all(said["rules"] == [] for said in made(isolation=NoPolicies()).result)


def test_every_rule_except_dns_is_named_by_a_row() -> None:
    found = made()
    own = own_policies(found)
    named = {(rule["policy"], rule["rule"]) for said in found.result for rule in said["rules"]}
    there = {
        (name, f"{direction}[{index}]")
        for name in own
        for direction in ("ingress", "egress")
        for index, _ in enumerate(found.manifest("NetworkPolicy", name)["spec"][direction])
    }

    dns = {(name, f"egress[{len(found.manifest('NetworkPolicy', name)['spec']['egress']) - 1}]") for name in own}
    assert there - named == dns
