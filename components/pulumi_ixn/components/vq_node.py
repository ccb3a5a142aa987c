"""IXN VQ Node."""

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn.args import WorkloadArgs
from pulumi_ixn.components.claims import claimed
from pulumi_ixn.components.resources import (
    Policy,
    isolation,
    rolled_out,
    service,
    service_account,
    service_monitor,
    settings_file,
    with_depends_on,
)
from pulumi_ixn.contract import VQ_NODE_CONTRACT
from pulumi_ixn.manifests.controllers import controller_metadata, deployment_spec
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

    def __init__(self, name: str, args: WorkloadArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        workload = Workload.of(VQ_NODE, args, VQ_NODE_CONTRACT)
        super().__init__("ixn:index:IxnVqNode", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        workload = claimed(self, workload)

        self.service_account = service_account(name, workload, child)
        self.isolation = isolation(name, workload, child)
        self.service = service(name, workload, child)
        self.settings = settings_file(name, workload, child)
        self.deployment = k8s.apps.v1.Deployment(
            name,
            metadata=controller_metadata(workload),
            spec=deployment_spec(workload),
            opts=with_depends_on(child, self.service_account, self.isolation, self.settings),
        )
        self.rolled_out = rolled_out(self.deployment, "Deployment", workload)
        self.service_monitor = service_monitor(name, workload, child)
        self.register_outputs({"service": self.service.metadata.name})
