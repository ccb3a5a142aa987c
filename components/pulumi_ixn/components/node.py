"""IXN Node."""

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn.args import WorkloadArgs
from pulumi_ixn.components.deployment import deployment_objects
from pulumi_ixn.components.resources import Policy
from pulumi_ixn.components.scaling import Autoscaler
from pulumi_ixn.contract import NODE_CONTRACT
from pulumi_ixn.manifests.workload import Workload
from pulumi_ixn.naming import NODE


class IxnNode(pulumi.ComponentResource):
    """IXN Node: hands interactions to ORS for routing (connections 1, 2, 11, 13 to 15 and 17)."""

    service_account: k8s.core.v1.ServiceAccount
    isolation: Policy | None
    service: k8s.core.v1.Service
    settings: k8s.core.v1.ConfigMap | None
    deployment: k8s.apps.v1.Deployment
    rolled_out: pulumi.Output[k8s.apps.v1.Deployment]
    """The Deployment, once its rollout is done."""

    service_monitor: k8s.apiextensions.CustomResource | None
    disruption_budget: k8s.policy.v1.PodDisruptionBudget | None
    autoscaler: Autoscaler | None

    def __init__(self, name: str, args: WorkloadArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        workload = Workload.of(NODE, args, NODE_CONTRACT)
        super().__init__("ixn:index:IxnNode", name, None, opts)

        objects = deployment_objects(self, name, workload)
        self.service_account = objects.service_account
        self.isolation = objects.isolation
        self.service = objects.service
        self.settings = objects.settings
        self.deployment = objects.deployment
        self.rolled_out = objects.rolled_out
        self.service_monitor = objects.service_monitor
        self.disruption_budget = objects.disruption_budget
        self.autoscaler = objects.autoscaler
        self.register_outputs({"service": self.service.metadata.name})
