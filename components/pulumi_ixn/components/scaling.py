"""The objects that limit and set the number of a workload's pods."""

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn.manifests.disruption import budget_of, disruption_budget_spec
from pulumi_ixn.manifests.workload import Workload


def disruption_budget(
    name: str, workload: Workload, opts: pulumi.ResourceOptions
) -> k8s.policy.v1.PodDisruptionBudget | None:
    """Register the PodDisruptionBudget; nothing if the workload gets none.

    Its name is fixed, so that the provider, which replaces a budget when its spec changes, deletes the old one
    first: the API server evicts no pod that two budgets select.
    """
    budget = budget_of(workload.args.pod)
    if budget is None:
        return None
    return k8s.policy.v1.PodDisruptionBudget(
        name,
        metadata=workload.metadata(workload.identity.name),
        spec=disruption_budget_spec(workload.identity, budget),
        opts=opts,
    )
