"""PodDisruptionBudgets: which workloads have one, whose pods it selects and what it lets a drain evict."""

from typing import Any

import pytest
from pulumi_ixn import DisruptionBudget, PodArgs
from pulumi_ixn.validation import InvalidInputs

from tests.unit.deployed import made, template
from tests.unit.samples import pod


def budgets(preview: bool = False, **changes: Any) -> dict[str, Any]:
    """Return the specs of the budgets by name."""
    kind = "PodDisruptionBudget"
    return {
        each["metadata"]["name"]: each["spec"]
        for each in made(preview, **changes).manifests
        if each["kind"] == kind
    }


def test_a_workload_of_one_pod_has_no_budget(preview: bool) -> None:
    assert budgets(preview) == {}


@pytest.mark.parametrize("replicas", [2, None], ids=["two pods", "an autoscaler elsewhere"])
def test_a_workload_that_may_have_several_pods_loses_one_at_a_time(preview: bool, replicas: int | None) -> None:
    found = made(preview, node=pod(replicas=replicas))

    spec = found.manifest("PodDisruptionBudget", "ixn-node-100")["spec"]
    assert spec["maxUnavailable"] == 1
    assert "minAvailable" not in spec
    assert found.manifest("Deployment", "ixn-node-100")["spec"]["selector"] == spec["selector"]
    assert spec["selector"]["matchLabels"].items() <= template(found, "node")["metadata"]["labels"].items()


def test_pods_that_are_not_ready_do_not_block_a_drain() -> None:
    (spec,) = budgets(node=pod(replicas=2)).values()

    assert spec["unhealthyPodEvictionPolicy"] == "AlwaysAllow"


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        (DisruptionBudget(max_unavailable=2), {"maxUnavailable": 2}),
        (DisruptionBudget(max_unavailable="50%"), {"maxUnavailable": "50%"}),
        (DisruptionBudget(max_unavailable=0), {"maxUnavailable": 0}),
        (DisruptionBudget(min_available=1), {"minAvailable": 1}),
        (DisruptionBudget(min_available="60%"), {"minAvailable": "60%"}),
    ],
)
def test_a_budget_is_passed_on(budget: DisruptionBudget, expected: dict[str, Any]) -> None:
    spec = budgets(node=pod(replicas=4, disruption_budget=budget))["ixn-node-100"]

    assert {name: spec[name] for name in ("maxUnavailable", "minAvailable") if name in spec} == expected


def test_a_budget_can_be_left_to_others() -> None:
    assert budgets(node=pod(replicas=4, disruption_budget=DisruptionBudget(enabled=False))) == {}


def test_the_server_has_a_budget_only_on_request_and_it_may_block_every_drain() -> None:
    assert {*budgets(server=pod(disruption_budget=DisruptionBudget(max_unavailable=0)))} == {"ixn-server-100"}


@pytest.mark.parametrize(
    ("pods", "field"),
    [
        (PodArgs(replicas=3, disruption_budget=DisruptionBudget(min_available=3)), "node"),
        (PodArgs(replicas=3, disruption_budget=DisruptionBudget(min_available="67%")), "node"),
        (PodArgs(replicas=1, disruption_budget=DisruptionBudget(min_available="1%")), "node"),
        (PodArgs(disruption_budget=DisruptionBudget(min_available=1)), "server"),
    ],
)
def test_a_minimum_that_no_drain_can_keep_is_rejected(pods: PodArgs, field: str) -> None:
    with pytest.raises(InvalidInputs, match=rf"{field}\.disruption_budget: "):
        made(False, **{field: pods})


def test_a_minimum_below_the_number_of_pods_is_accepted() -> None:
    assert budgets(node=pod(replicas=3, disruption_budget=DisruptionBudget(min_available="66%")))


def test_no_two_budgets_select_the_same_pods() -> None:
    both: dict[str, Any] = {"node": pod(replicas=2), "vq_node": pod(replicas=2)}
    selectors = [str(each["selector"]) for each in budgets(False, **both).values()]

    assert len(selectors) == len(set(selectors)) == 2
