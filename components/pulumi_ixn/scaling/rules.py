"""The rules of disruption budgets and autoscalers."""

from collections.abc import Mapping

from pulumi_ixn import values
from pulumi_ixn.peer_rules import Issues
from pulumi_ixn.scaling.budget import DisruptionBudget, never_evicts
from pulumi_ixn.scaling.values import eviction_policy, pods_or_percentage
from pulumi_ixn.validation import FieldRule, Plain, RecordRule

SCALING_FIELDS: Mapping[type, Mapping[str, FieldRule]] = {
    DisruptionBudget: {
        "enabled": Plain(values.boolean),
        "max_unavailable": Plain(pods_or_percentage),
        "min_available": Plain(pods_or_percentage),
        "unhealthy_pod_eviction_policy": eviction_policy,
    },
}


def _one_limit(record: DisruptionBudget) -> Issues:
    if record.max_unavailable is not None and record.min_available is not None:
        yield "", "has a maximum of unavailable and a minimum of available pods: Kubernetes allows one of them"


SCALING_RECORDS: Mapping[type, RecordRule] = {
    DisruptionBudget: _one_limit,
}


def scaling_issues(replicas: int | None, budget: DisruptionBudget | None) -> Issues:
    """Yield the violations between the number of a workload's pods, its autoscaler and its budget."""
    if budget and replicas and never_evicts(budget, replicas):
        pods = "pods" if replicas > 1 else "pod"
        message = (
            f"never lets a node be drained: of {replicas} {pods}, {budget.min_available} must stay available. If "
            "that is intended, allow a maximum of 0 unavailable pods instead"
        )
        yield "disruption_budget", message
