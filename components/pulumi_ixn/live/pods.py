"""The pods that a stack runs, with the resources that count against quotas and limits."""

from collections.abc import Iterator
from dataclasses import dataclass

from pulumi_ixn.args import ResourceRequirements
from pulumi_ixn.check.job import check_name
from pulumi_ixn.config.issues import config_path
from pulumi_ixn.config.stack import Settings
from pulumi_ixn.links import outgoing
from pulumi_ixn.live.objects import links_of
from pulumi_ixn.naming import NODE, SERVER, VQ_NODE, Tenant, workload_name


@dataclass(frozen=True)
class Pods:
    """The pods of one workload or Job, each with one container.

    `replicas` is None if an autoscaler sets the number. `setting` is the path of the resources.
    """

    name: str
    replicas: int | None
    resources: ResourceRequirements
    setting: str


def pods_of(settings: Settings) -> Iterator[Pods]:
    """Yield the pods of every workload, and those of the connectivity check."""
    check = settings.environment.connectivity_check
    for key, tenant in settings.tenants.items():
        identity, service = Tenant(tenant.id, tenant.sid), tenant.ixn_service
        workloads = {
            SERVER: (service.ixn_server, ("ixnService", "ixnServer")),
            NODE: (service.ixn_node, ("ixnService", "ixnNode")),
            VQ_NODE: (tenant.ixn_vq_node, ("ixnVQNode",)),
        }
        links = links_of(settings.environment, tenant)
        for workload, (own, path) in workloads.items():
            name, setting = workload_name(workload, identity), config_path(("tenants", key, *path, "resources"))
            yield Pods(name, own.replicas, own.resources.args(), setting)
            if check and outgoing(links[workload]):
                yield Pods(
                    check_name(workload, identity), 1, check.resources.args(), "ixn:connectivityCheck.resources"
                )
