"""The objects that limit and set the number of a workload's pods."""

from typing import TypeAlias

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn.manifests import autoscaling
from pulumi_ixn.manifests.disruption import budget_of, disruption_budget_spec
from pulumi_ixn.manifests.workload import Workload
from pulumi_ixn.scaling.autoscalers import Hpa

Autoscaler: TypeAlias = k8s.autoscaling.v2.HorizontalPodAutoscaler | k8s.apiextensions.CustomResource
"""A HorizontalPodAutoscaler, or a ScaledObject of KEDA."""


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


def autoscaler(name: str, workload: Workload, opts: pulumi.ResourceOptions) -> Autoscaler | None:
    """Register the HorizontalPodAutoscaler or the ScaledObject; nothing if the arguments have none."""
    wanted, identity = workload.args.pod.autoscaling, workload.identity
    if wanted is None:
        return None
    if isinstance(wanted, Hpa):
        metadata, spec = workload.metadata(identity.name), autoscaling.hpa_spec(workload, wanted)
        return k8s.autoscaling.v2.HorizontalPodAutoscaler(name, metadata=metadata, spec=spec, opts=opts)
    return k8s.apiextensions.CustomResource(
        name,
        api_version=autoscaling.KEDA_API_VERSION,
        kind=autoscaling.KEDA_KIND,
        metadata=workload.metadata(identity.name, {autoscaling.OWN_NAME: identity.name}),
        spec=autoscaling.scaled_object_spec(workload, wanted),
        opts=opts,
    )
