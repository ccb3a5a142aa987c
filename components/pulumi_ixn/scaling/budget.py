"""How many pods of a workload may be evicted at a time."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DisruptionBudget:
    """The PodDisruptionBudget of a workload: what a drain or an upgrade of nodes leaves running.

    `max_unavailable` and `min_available` are numbers of pods or percentages ("50%"), at most one of them; without
    either, one pod at a time is evicted. `max_unavailable=0` blocks every drain, until somebody deletes the pod.
    Pods that are not ready are always evicted, unless `unhealthy_pod_eviction_policy` is "IfHealthyBudget": a
    workload that cannot start would otherwise block the drain that might repair it. `enabled=False` creates no
    budget.
    """

    enabled: bool = True
    max_unavailable: int | str | None = None
    min_available: int | str | None = None
    unhealthy_pod_eviction_policy: str = "AlwaysAllow"


def never_evicts(budget: DisruptionBudget, pods: int) -> bool:
    """Return whether a minimum of available pods forbids every eviction while there are no more than `pods`.

    Kubernetes rounds percentages up. A maximum of zero does not count: it has no other meaning.
    """
    least = budget.min_available
    if isinstance(least, str):
        return -(-int(least.removesuffix("%")) * pods // 100) >= pods
    return least is not None and least >= pods
