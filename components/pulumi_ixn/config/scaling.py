"""The settings of disruption budgets and autoscalers."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from pulumi_ixn.config.fields import Model, StrictBool
from pulumi_ixn.config.validators import Parsed, check_record, invalid
from pulumi_ixn.scaling.budget import DisruptionBudget
from pulumi_ixn.scaling.rules import scaling_issues
from pulumi_ixn.scaling.values import eviction_policy, pods_or_percentage

PodsOrPercentage = Annotated[int | str, Parsed(pods_or_percentage, "pods")]
EvictionPolicy = Annotated[str, Parsed(eviction_policy)]


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


def check_scaling(replicas: int | None, budget: DisruptionBudgetSettings | None) -> None:
    """Raise an error if the settings violate the library's rules between them."""
    for _, message in scaling_issues(replicas, budget.args() if budget else None):
        raise invalid(message)
