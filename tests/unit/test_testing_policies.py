"""`Deployment.policy` of `pulumi_ixn.testing` in a program that has policies of its own."""

import pulumi_kubernetes as k8s
import pytest
from pulumi_ixn.testing import Deployment, deploy

from tests.unit.samples import ixn


def with_own_policies() -> Deployment[None]:
    def program() -> None:
        ixn()
        k8s.networking.v1.NetworkPolicy("all", metadata={"name": "all"}, spec={"pod_selector": {}})
        labels = {"app": "kafka"}
        k8s.networking.v1.NetworkPolicy(
            "kafka", metadata={"name": "kafka"}, spec={"pod_selector": {"match_labels": labels}}
        )

    return deploy(program)


def test_the_policy_of_a_workload_is_found_beside_those_of_the_program() -> None:
    found = with_own_policies()

    assert found.policy("ixn-node-100")["metadata"]["name"].startswith("ixn-node-100-")


def test_a_policy_of_the_program_is_not_listed_among_those_of_workloads() -> None:
    with pytest.raises(
        KeyError, match="no policy of 'kafka'; there are: ixn-node-100, ixn-server-100, ixn-vqnode-100"
    ):
        with_own_policies().policy("kafka")
