"""IXN Server."""

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn import values
from pulumi_ixn.args import IxnServerArgs
from pulumi_ixn.components.claims import claimed
from pulumi_ixn.components.resources import (
    Policy,
    headless_service,
    isolation,
    peer_prerequisites,
    rolled_out,
    service,
    service_account,
    service_monitor,
    settings_file,
    with_depends_on,
    with_protect,
)
from pulumi_ixn.components.scaling import disruption_budget
from pulumi_ixn.contract import SERVER_CONTRACT
from pulumi_ixn.manifests.controllers import controller_metadata, stateful_set_spec
from pulumi_ixn.manifests.workload import Workload
from pulumi_ixn.naming import SERVER
from pulumi_ixn.validation import InvalidInputs, Issue


class IxnServer(pulumi.ComponentResource):
    """IXN Server: manages interactions and their queues (connections 2 to 6, 12, 16, 18 and 19).

    A StatefulSet of one replica: the primary/backup pair is not supported yet.
    """

    service_account: k8s.core.v1.ServiceAccount
    isolation: Policy | None
    service: k8s.core.v1.Service
    headless_service: k8s.core.v1.Service
    settings: k8s.core.v1.ConfigMap | None
    stateful_set: k8s.apps.v1.StatefulSet
    rolled_out: pulumi.Output[k8s.apps.v1.StatefulSet]
    """The StatefulSet, once its rollout is done."""

    service_monitor: k8s.apiextensions.CustomResource | None
    disruption_budget: k8s.policy.v1.PodDisruptionBudget | None

    def __init__(self, name: str, args: IxnServerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        workload = _one_replica(Workload.of(SERVER, args, SERVER_CONTRACT))
        super().__init__("ixn:index:IxnServer", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        workload = claimed(self, workload)

        self.service_account = service_account(name, workload, child)
        self.isolation = isolation(name, workload, child)
        self.service = service(name, workload, child)
        self.headless_service = headless_service(f"{name}-headless", workload, child)
        self.settings = settings_file(name, workload, child)
        self.stateful_set = k8s.apps.v1.StatefulSet(
            name,
            metadata=controller_metadata(workload),
            spec=stateful_set_spec(workload, args.log_storage),
            opts=_stateful_set_opts(
                child, args, self.service_account, self.isolation, self.settings, *peer_prerequisites(workload)
            ),
        )
        self.rolled_out = rolled_out(self.stateful_set, "StatefulSet", workload)
        self.service_monitor = service_monitor(name, workload, child)
        self.disruption_budget = disruption_budget(name, workload, child)
        self.register_outputs({"service": self.service.metadata.name})


def _stateful_set_opts(
    child: pulumi.ResourceOptions, args: IxnServerArgs, *needed: pulumi.Resource | None
) -> pulumi.ResourceOptions:
    opts = with_protect(with_depends_on(child, *needed), protect=args.protect)
    # A new name or namespace would otherwise create the new StatefulSet first: two IXN Servers of one tenant.
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(delete_before_replace=True))


def _one_replica(workload: Workload) -> Workload:
    replicas = workload.args.pod.replicas
    if replicas != 1:
        raise InvalidInputs([Issue("pod.replicas", f"is not {values.one_replica.expected}", replicas)])
    return workload
