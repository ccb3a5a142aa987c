"""The number of pods that a stack leaves to an autoscaler is not its own, whatever its state has."""

import pytest
from pulumi_ixn.config import load
from pulumi_ixn.live.drift import without_replicas
from pulumi_ixn.live.pods import left_to_autoscalers

from tests.unit.config.stacks import change, stack_config

NODE = {"kind": "Deployment", "metadata": {"name": "ixn-node-320"}, "spec": {"replicas": 3, "paused": False}}


@pytest.mark.parametrize("autoscaling", [{}, {"autoscaling": {"hpa": {"maxReplicas": 4}}}], ids=["others", "own"])
def test_deployments_without_replicas_are_left_to_an_autoscaler(autoscaling: dict[str, object]) -> None:
    changes = {"tenants.west.ixnService.ixnNode": {"replicas": None, **autoscaling}}

    assert left_to_autoscalers(load(stack_config("prod"))) == set()
    assert left_to_autoscalers(load(change(stack_config("prod"), changes))) == {"ixn-node-320"}


def test_only_the_replicas_of_these_deployments_are_not_the_stack_s() -> None:
    assert without_replicas(NODE, {"ixn-node-320"}) == {**NODE, "spec": {"paused": False}}
    assert without_replicas(NODE, {"ixn-node-310"}) == NODE
    assert without_replicas({**NODE, "kind": "StatefulSet"}, {"ixn-node-320"})["spec"] == NODE["spec"]
