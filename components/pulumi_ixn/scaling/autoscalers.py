"""Autoscalers of IXN Node and IXN VQ Node: their arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NotRequired, TypeAlias, TypedDict

import pulumi
from pulumi_kubernetes.autoscaling.v2 import HorizontalPodAutoscalerBehaviorArgsDict, MetricSpecArgsDict


@dataclass(frozen=True)
class Hpa:
    """A HorizontalPodAutoscaler (autoscaling/v2), which sets the number of pods.

    Without `metrics`, it keeps the CPU of the workload's container at 70 % of its request. `metrics` and
    `behavior` are the Kubernetes objects.
    """

    max_replicas: int
    min_replicas: int = 1
    metrics: Sequence[MetricSpecArgsDict] = ()
    behavior: HorizontalPodAutoscalerBehaviorArgsDict | None = None


class KedaAuthenticationRef(TypedDict):
    """The object with a trigger's credentials: a TriggerAuthentication, unless `kind` says otherwise."""

    name: str
    kind: NotRequired[Literal["TriggerAuthentication", "ClusterTriggerAuthentication"]]


class KedaTrigger(TypedDict):
    """A trigger of a ScaledObject, with the keys that it has there.

    In the query of a `prometheus` trigger, `$tenant` and `$namespace` stand for the tenant's short id and its
    namespace.
    """

    type: str
    metadata: Mapping[str, pulumi.Input[str]]
    name: NotRequired[str]
    metricType: NotRequired[Literal["AverageValue", "Value", "Utilization"]]
    useCachedMetrics: NotRequired[bool]
    authenticationRef: NotRequired[KedaAuthenticationRef]


class KedaFallback(TypedDict):
    """How many pods run once a trigger has failed more than `failureThreshold` times in a row."""

    failureThreshold: int
    replicas: int
    behavior: NotRequired[
        Literal["static", "currentReplicas", "currentReplicasIfHigher", "currentReplicasIfLower"]
    ]


@dataclass(frozen=True)
class Keda:
    """A ScaledObject, from which KEDA makes a HorizontalPodAutoscaler.

    With `server_address`, the URL of Prometheus, it scales by a figure of the workload: IXN Node by the share of
    its instruction queue that is in use (`threshold`, 0.7 by default), IXN VQ Node by the events per second that a
    replica receives (`threshold` has no default: it depends on the events). `triggers` are added to it, or are in
    its place. Without a `fallback`, a trigger that fails changes nothing: the number of pods stays.

    KEDA and Prometheus are the platform's: KEDA opens the connection, so no policy of this package concerns it.
    """

    max_replicas: int
    min_replicas: int = 1
    server_address: pulumi.Input[str] | None = None
    threshold: float | None = None
    triggers: Sequence[KedaTrigger] = ()
    behavior: HorizontalPodAutoscalerBehaviorArgsDict | None = None
    fallback: KedaFallback | None = None


Autoscaling: TypeAlias = Hpa | Keda
