"""How pods are spread over zones and nodes: presets of topology spread constraints."""

from pulumi_kubernetes.core.v1 import TopologySpreadConstraintPatchArgsDict

ZONE, HOST = "topology.kubernetes.io/zone", "kubernetes.io/hostname"


def spread(*, strict: bool = False, zones: int | None = None) -> list[TopologySpreadConstraintPatchArgsDict]:
    """Return constraints that spread a Deployment's pods over zones and nodes, for `PodArgs.pod`.

    They count the pods of one revision, so that a rollout is spread, too. With `strict`, a pod that would make
    them uneven stays pending; otherwise the scheduler does its best. `zones` is the least number of zones,
    which only strict constraints can demand. The default of IXN Node and IXN VQ Node is `spread()`.
    """
    when = "DoNotSchedule" if strict else "ScheduleAnyway"

    def constraint(key: str) -> TopologySpreadConstraintPatchArgsDict:
        return {
            "max_skew": 1,
            "topology_key": key,
            "when_unsatisfiable": when,
            "match_label_keys": ["pod-template-hash"],
        }

    zone = constraint(ZONE)
    if zones is not None:
        zone["min_domains"] = zones
    return [zone, constraint(HOST)]
