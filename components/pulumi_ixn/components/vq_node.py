"""IXN VQ Node."""

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn.args import WorkloadArgs
from pulumi_ixn.components.deployment import deployment_objects
from pulumi_ixn.components.resources import Policy
from pulumi_ixn.components.scaling import Autoscaler
from pulumi_ixn.contract import VQ_NODE_CONTRACT
from pulumi_ixn.manifests.workload import Workload
from pulumi_ixn.naming import VQ_NODE


class IxnVqNode(pulumi.ComponentResource):
    """IXN VQ Node: receives VQ events from URS and StatServer, streams them to Kafka (connections 7 to 10)."""

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
        workload = Workload.of(VQ_NODE, args, VQ_NODE_CONTRACT)
        super().__init__("ixn:index:IxnVqNode", name, None, opts)

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
