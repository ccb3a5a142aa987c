"""The spec of a PodDisruptionBudget."""

from typing import TYPE_CHECKING

from pulumi_ixn.args import PodArgs
from pulumi_ixn.naming import Identity
from pulumi_ixn.scaling.budget import DisruptionBudget

if TYPE_CHECKING:
    from pulumi_kubernetes.policy.v1 import PodDisruptionBudgetSpecArgsDict

API_VERSION, KIND = "policy/v1", "PodDisruptionBudget"


def budget_of(pod: PodArgs) -> DisruptionBudget | None:
    """Return the budget of a workload's pods; None if it gets none.

    By default, one pod that is known to stay alone has none: a budget for it would either block every drain or
    have no effect. An autoscaler's workload has one even if a single pod runs now, since it then evicts that pod.
    """
    given = pod.disruption_budget
    if given is not None:
        return given if given.enabled else None
    return None if pod.replicas == 1 else DisruptionBudget()


def disruption_budget_spec(identity: Identity, budget: DisruptionBudget) -> "PodDisruptionBudgetSpecArgsDict":
    """Return the spec, with the workload's own selector: a pod must not match two budgets."""
    spec: PodDisruptionBudgetSpecArgsDict = {
        "selector": {"match_labels": identity.selector},
        "unhealthy_pod_eviction_policy": budget.unhealthy_pod_eviction_policy,
    }
    if budget.min_available is not None:
        spec["min_available"] = budget.min_available
    else:
        spec["max_unavailable"] = 1 if budget.max_unavailable is None else budget.max_unavailable
    return spec
