"""The specs of a HorizontalPodAutoscaler and of KEDA's ScaledObject."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, cast

import pulumi

from pulumi_ixn.inputs import apply_all
from pulumi_ixn.manifests.workload import Workload
from pulumi_ixn.naming import NODE
from pulumi_ixn.scaling.autoscalers import Autoscaling, Hpa, Keda, KedaFallback, KedaTrigger
from pulumi_ixn.scaling.triggers import NAMESPACE, TENANT

if TYPE_CHECKING:
    from pulumi_kubernetes.autoscaling.v2 import HorizontalPodAutoscalerSpecArgsDict, MetricSpecArgsDict

HPA_API_VERSION, HPA_KIND = "autoscaling/v2", "HorizontalPodAutoscaler"
KEDA_API_VERSION, KEDA_KIND = "keda.sh/v1alpha1", "ScaledObject"

OWN_NAME = "scaledobject.keda.sh/name"
"""A label that KEDA adds to a ScaledObject that lacks it, which would be drift."""

_CPU_UTILIZATION = 70
"""Percent of the container's CPU request."""

_QUEUE_IN_USE = 0.7
"""The share of the instruction queue of IXN Node at which another replica is wanted."""

_SELECTED = f'{{tenant="{TENANT}", namespace="{NAMESPACE}"}}'
_QUEUE = (
    f"sum(ixnnode_instructions_processing_queue_size{_SELECTED})"
    f" / avg(ixnnode_instructions_processing_queue_concurrency_limit{_SELECTED})"
)
"""How many queues the waiting instructions of all replicas fill. (A queue that is full is read no more.)"""

_EVENTS = f"sum(rate(ixn_vq_node_received_total{_SELECTED}[2m]))"
"""The events per second that all replicas receive."""


class ScaleTarget(TypedDict):
    """The workload to scale."""

    apiVersion: str
    kind: str
    name: str


class ScaledObjectSpec(TypedDict):
    """The fields of the custom resource that this package sets."""

    scaleTargetRef: ScaleTarget
    minReplicaCount: int
    maxReplicaCount: int
    triggers: Sequence[Mapping[str, Any]]
    advanced: NotRequired[Mapping[str, Any]]
    fallback: NotRequired[KedaFallback]


def kind_of(autoscaling: Autoscaling) -> str:
    """Return the kind of the object."""
    return HPA_KIND if isinstance(autoscaling, Hpa) else KEDA_KIND


def hpa_spec(workload: Workload, hpa: Hpa) -> "HorizontalPodAutoscalerSpecArgsDict":
    """Return the spec of a HorizontalPodAutoscaler."""
    spec: HorizontalPodAutoscalerSpecArgsDict = {
        "scale_target_ref": {"api_version": "apps/v1", "kind": "Deployment", "name": workload.identity.name},
        "min_replicas": hpa.min_replicas,
        "max_replicas": hpa.max_replicas,
        "metrics": list(hpa.metrics) or [_cpu(workload)],
    }
    if hpa.behavior is not None:
        spec["behavior"] = hpa.behavior
    return spec


def scaled_object_spec(workload: Workload, keda: Keda) -> ScaledObjectSpec:
    """Return the spec of a ScaledObject. KEDA would scale to zero without a minimum."""
    triggers = [*([_own_trigger(workload, keda)] if keda.server_address is not None else []), *keda.triggers]
    spec: ScaledObjectSpec = {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": workload.identity.name},
        "minReplicaCount": keda.min_replicas,
        "maxReplicaCount": keda.max_replicas,
        "triggers": [_of_tenant(each, workload) for each in triggers],
    }
    if keda.behavior is not None:
        behavior = {"behavior": _camel(keda.behavior)}
        spec["advanced"] = {"horizontalPodAutoscalerConfig": behavior}
    if keda.fallback is not None:
        spec["fallback"] = keda.fallback
    return spec


def _cpu(workload: Workload) -> "MetricSpecArgsDict":
    """Return the default metric: that of the container, since a sidecar may request no CPU."""
    return {
        "type": "ContainerResource",
        "container_resource": {
            "container": workload.identity.base_name,
            "name": "cpu",
            "target": {"type": "Utilization", "average_utilization": _CPU_UTILIZATION},
        },
    }


def _own_trigger(workload: Workload, keda: Keda) -> KedaTrigger:
    is_node = workload.identity.workload is NODE
    threshold = _QUEUE_IN_USE if keda.threshold is None else keda.threshold
    return {
        "type": "prometheus",
        "name": "queue" if is_node else "events",
        "metricType": "AverageValue",
        "metadata": {
            "serverAddress": cast("pulumi.Input[str]", keda.server_address),
            "query": _QUEUE if is_node else _EVENTS,
            "threshold": f"{threshold:g}",
            "ignoreNullValues": "false",
        },
    }


def _of_tenant(trigger: KedaTrigger, workload: Workload) -> Mapping[str, Any]:
    """Return the trigger with the tenant's values in its query."""
    if "query" not in trigger["metadata"]:
        return trigger
    given = [trigger["metadata"]["query"], workload.args.namespace]

    def filled(known: list[str]) -> str:
        query, namespace = known
        return query.replace(TENANT, workload.identity.tenant.sid).replace(NAMESPACE, namespace)

    return {**trigger, "metadata": {**trigger["metadata"], "query": apply_all(given, filled)}}


def _camel(value: object) -> object:
    """Return a part of a Kubernetes object with keys in camel case."""
    if isinstance(value, Mapping):
        entries = cast("Mapping[str, object]", value).items()
        return {re.sub(r"_(.)", lambda found: found[1].upper(), key): _camel(each) for key, each in entries}
    if isinstance(value, list | tuple):
        return [_camel(each) for each in cast("Sequence[object]", value)]
    return value
