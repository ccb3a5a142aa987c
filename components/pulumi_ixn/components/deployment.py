"""The objects of a workload that a Deployment runs."""

from typing import NamedTuple

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn.components.claims import claimed
from pulumi_ixn.components.resources import (
    Policy,
    deployment_opts,
    isolation,
    rolled_out,
    service,
    service_account,
    service_monitor,
    settings_file,
    with_depends_on,
)
from pulumi_ixn.components.scaling import Autoscaler, autoscaler, disruption_budget
from pulumi_ixn.manifests.controllers import controller_metadata, deployment_spec
from pulumi_ixn.manifests.workload import Workload


class DeploymentObjects(NamedTuple):
    """A Deployment and the objects around its pods; None for an object that the arguments disable."""

    service_account: k8s.core.v1.ServiceAccount
    isolation: Policy | None
    service: k8s.core.v1.Service
    settings: k8s.core.v1.ConfigMap | None
    deployment: k8s.apps.v1.Deployment
    rolled_out: pulumi.Output[k8s.apps.v1.Deployment]
    service_monitor: k8s.apiextensions.CustomResource | None
    disruption_budget: k8s.policy.v1.PodDisruptionBudget | None
    autoscaler: Autoscaler | None


def deployment_objects(owner: pulumi.ComponentResource, name: str, workload: Workload) -> DeploymentObjects:
    """Register the objects of `workload` as children of `owner`.

    Raises InvalidInputs if another component of the program creates an object of the same name.
    """
    child = pulumi.ResourceOptions(parent=owner)
    workload = claimed(owner, workload)
    account = service_account(name, workload, child)
    policy = isolation(name, workload, child)
    service_ = service(name, workload, child)
    settings = settings_file(name, workload, child)
    deployment = k8s.apps.v1.Deployment(
        name,
        metadata=controller_metadata(workload),
        spec=deployment_spec(workload),
        opts=deployment_opts(child, workload, account, policy, settings),
    )
    monitor = service_monitor(name, workload, child)
    done = rolled_out(deployment, "Deployment", workload)
    budget = disruption_budget(name, workload, child)
    scaler = autoscaler(name, workload, with_depends_on(child, deployment))
    return DeploymentObjects(account, policy, service_, settings, deployment, done, monitor, budget, scaler)
