"""The settings of disruption budgets and autoscalers."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from pulumi_ixn.config.fields import Model, Replicas, StrictBool
from pulumi_ixn.config.kubernetes_objects import KubernetesObject, Object
from pulumi_ixn.config.peer_models import OneOf
from pulumi_ixn.config.validators import Parsed, check_record
from pulumi_ixn.scaling import objects
from pulumi_ixn.scaling.autoscalers import Autoscaling, Hpa, Keda
from pulumi_ixn.scaling.budget import DisruptionBudget
from pulumi_ixn.scaling.triggers import FALLBACK, TRIGGERS, server_address, threshold
from pulumi_ixn.scaling.values import eviction_policy, pods_or_percentage

_HPA = "https://kubernetes.io/docs/reference/kubernetes-api/autoscaling/horizontal-pod-autoscaler-v2"
_KEDA = "https://keda.sh/docs/latest/reference/scaledobject-spec"

PodsOrPercentage = Annotated[int | str, Parsed(pods_or_percentage, "pods")]
EvictionPolicy = Annotated[str, Parsed(eviction_policy)]
ServerAddress = Annotated[str, Parsed(server_address)]
Threshold = Annotated[float | int, Parsed(threshold)]
Metrics = Annotated[
    list[Object],
    KubernetesObject(objects.metrics(objects.CAMEL), "HorizontalPodAutoscalerSpec", _HPA, several=True),
]
Behavior = Annotated[
    Object, KubernetesObject(objects.behavior(objects.CAMEL), "HorizontalPodAutoscalerSpec", _HPA)
]
Triggers = Annotated[list[Object], KubernetesObject(TRIGGERS, "triggers", _KEDA, several=True, of="KEDA")]
Fallback = Annotated[Object, KubernetesObject(FALLBACK, "fallback", _KEDA, of="KEDA")]


class DisruptionBudgetSettings(Model):
    """A PodDisruptionBudget."""

    enabled: StrictBool = Field(default=True, description="false creates no budget")
    max_unavailable: PodsOrPercentage | None = Field(
        default=None,
        description="how many pods may be evicted at a time: 1 if neither key is set; 0 blocks every drain",
    )
    min_available: PodsOrPercentage | None = Field(
        default=None, description="in its place, how many pods must stay available"
    )
    unhealthy_pod_eviction_policy: EvictionPolicy = Field(
        default="AlwaysAllow", description="whether pods that are not ready count: 'IfHealthyBudget' protects them"
    )

    @model_validator(mode="after")
    def _rules(self) -> Self:
        check_record(self.args())
        return self

    def args(self) -> DisruptionBudget:
        """Return the library's values."""
        return DisruptionBudget(**self.model_dump())


class _Limits(Model):
    min_replicas: Replicas = Field(default=1, description="the least number of pods")
    max_replicas: Replicas = Field(description="the largest number of pods")
    behavior: Behavior | None = Field(default=None, description="how fast the number may change")


class HpaSettings(_Limits):
    """A HorizontalPodAutoscaler."""

    metrics: Metrics = Field(
        default_factory=list[Object],
        description="what it scales by; if omitted, the CPU of the container, at 70 % of its request",
    )

    @model_validator(mode="after")
    def _rules(self) -> Self:
        check_record(self.args())
        return self

    def args(self) -> Hpa:
        """Return the library's values."""
        return Hpa(**self.model_dump())


class KedaSettings(_Limits):
    """A ScaledObject of KEDA."""

    server_address: ServerAddress | None = Field(
        default=None,
        description="the URL of Prometheus, to scale IXN Node by the use of its instruction queue, and IXN VQ "
        "Node by the events that it receives",
    )
    threshold: Threshold | None = Field(
        default=None,
        description="the value for one replica: the share of its queue (0.7 by default), or events per second",
    )
    triggers: Triggers = Field(
        default_factory=list[Object],
        description="further triggers; $tenant and $namespace in a query are the tenant's",
    )
    fallback: Fallback | None = Field(default=None, description="the number of pods while a trigger fails")

    @model_validator(mode="after")
    def _rules(self) -> Self:
        check_record(self.args())
        return self

    def args(self) -> Keda:
        """Return the library's values."""
        return Keda(**self.model_dump())


class AutoscalingSettings(OneOf):
    """An autoscaler: exactly one of the keys."""

    hpa: HpaSettings | None = Field(default=None, description="a HorizontalPodAutoscaler")
    keda: KedaSettings | None = Field(default=None, description="a ScaledObject, where KEDA is installed")

    def args(self) -> Autoscaling:
        """Return the library's values."""
        chosen = self.hpa or self.keda
        assert chosen is not None, "the model has one of the keys"  # noqa: S101
        return chosen.args()
