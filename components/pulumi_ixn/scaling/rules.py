"""The rules of disruption budgets and autoscalers."""

from collections.abc import Iterator, Mapping

from pulumi_ixn import values
from pulumi_ixn.inputs import is_plain
from pulumi_ixn.naming import SERVER, VQ_NODE, WorkloadId
from pulumi_ixn.scaling import objects
from pulumi_ixn.scaling.autoscalers import Autoscaling, Hpa, Keda
from pulumi_ixn.scaling.budget import DisruptionBudget, never_evicts
from pulumi_ixn.scaling.triggers import (
    CREDENTIALS,
    FALLBACK,
    RESOURCES,
    TRIGGERS,
    has_credentials,
    server_address,
    threshold,
)
from pulumi_ixn.scaling.values import eviction_policy, pods_or_percentage
from pulumi_ixn.validation import FieldRule, Plain, RecordRule

Issues = Iterator[tuple[str, str]]

ONE_SERVER = "is not possible for IXN Server: it runs as one pod, since its backup is not supported yet; remove it"
"""Why the server has no autoscaler."""

_LIMITS: Mapping[str, FieldRule] = {
    "max_replicas": Plain(values.replicas),
    "min_replicas": Plain(values.replicas),
    "behavior": objects.behavior(objects.SNAKE),
}

SCALING_FIELDS: Mapping[type, Mapping[str, FieldRule]] = {
    DisruptionBudget: {
        "enabled": Plain(values.boolean),
        "max_unavailable": Plain(pods_or_percentage),
        "min_available": Plain(pods_or_percentage),
        "unhealthy_pod_eviction_policy": eviction_policy,
    },
    Hpa: {**_LIMITS, "metrics": objects.metrics(objects.SNAKE)},
    Keda: {
        **_LIMITS,
        "server_address": server_address,
        "threshold": Plain(threshold),
        "triggers": TRIGGERS,
        "fallback": FALLBACK,
    },
}


def _one_limit(record: DisruptionBudget) -> Issues:
    if record.max_unavailable is not None and record.min_available is not None:
        yield "", "has a maximum of unavailable and a minimum of available pods: Kubernetes allows one of them"


def _range(record: Autoscaling) -> Issues:
    if record.min_replicas > record.max_replicas:
        yield "", f"has a minimum of {record.min_replicas} replicas, and a maximum of {record.max_replicas}"


def _keda(record: Keda) -> Issues:
    yield from _range(record)
    if has_credentials(record.server_address):
        yield "server_address", CREDENTIALS
    if record.server_address is None and not record.triggers:
        yield "", "has neither the address of Prometheus nor a trigger"
    if record.server_address is None and record.threshold is not None:
        yield "threshold", "is that of the query of this package, which needs the address of Prometheus"
    names = [each["name"] for each in record.triggers if "name" in each]
    if len(names) != len(set(names)):
        yield "triggers", "has two triggers of one name"
    only_resources = record.server_address is None and all(each["type"] in RESOURCES for each in record.triggers)
    if record.fallback and only_resources:
        yield "fallback", "needs a trigger other than cpu and memory"


SCALING_RECORDS: Mapping[type, RecordRule] = {
    DisruptionBudget: _one_limit,
    Hpa: _range,
    Keda: _keda,
}


def scaling_issues(
    workload: WorkloadId,
    replicas: int | None,
    autoscaling: Autoscaling | None,
    budget: DisruptionBudget | None,
    requests: Mapping[str, str],
) -> Issues:
    """Yield the violations between a workload, its number of pods, its autoscaler and its budget."""
    yield from _budget(replicas if autoscaling is None else autoscaling.min_replicas, budget)
    if autoscaling is None:
        return
    if workload is SERVER:
        yield "autoscaling", ONE_SERVER
        return
    if replicas is not None:
        yield "replicas", f"is {replicas}, and the autoscaler sets the number of pods: set it to null (None)"
    if workload is VQ_NODE and _lacks_threshold(autoscaling):
        yield "autoscaling", "lacks a threshold: how many events per second one replica of IXN VQ Node handles"
    for name in sorted(_utilized(autoscaling) - requests.keys()):
        yield "autoscaling", f"scales by the utilization of {name}, of which the container requests none"


def _budget(pods: int | None, budget: DisruptionBudget | None) -> Issues:
    if budget and pods and never_evicts(budget, pods):
        message = (
            f"never lets a node be drained: of {pods} {'pods' if pods > 1 else 'pod'}, {budget.min_available} "
            "must stay available. If that is intended, allow a maximum of 0 unavailable pods instead"
        )
        yield "disruption_budget", message


def _lacks_threshold(autoscaling: Autoscaling) -> bool:
    if not isinstance(autoscaling, Keda) or autoscaling.server_address is None:
        return False
    return autoscaling.threshold is None


def _utilized(autoscaling: Autoscaling) -> set[str]:
    """Return the resources by whose utilization it scales."""
    if isinstance(autoscaling, Keda):
        return {
            each["type"]
            for each in autoscaling.triggers
            if each["type"] in RESOURCES and each.get("metricType") == "Utilization"
        }
    if not autoscaling.metrics:
        return {"cpu"}
    sources = [each.get(kind) for each in autoscaling.metrics for kind in ("resource", "container_resource")]
    return {str(each["name"]) for each in sources if each and is_plain(each) and _is_utilization(each["target"])}


def _is_utilization(target: object) -> bool:
    return isinstance(target, Mapping) and "average_utilization" in target
