"""The connectivity check: tests before go-live whether each peer is reachable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn.args import ConnectivityCheckOptions
from pulumi_ixn.check.job import check_job
from pulumi_ixn.components.node import IxnNode
from pulumi_ixn.components.resources import with_depends_on
from pulumi_ixn.components.server import IxnServer
from pulumi_ixn.components.vq_node import IxnVqNode
from pulumi_ixn.links import Links, outgoing
from pulumi_ixn.naming import Tenant, WorkloadId
from pulumi_ixn.policies import Isolation
from pulumi_ixn.rules import validate

TenantWorkload: TypeAlias = IxnServer | IxnNode | IxnVqNode


@dataclass(frozen=True)
class ConnectivityCheckArgs:
    """The links of a tenant, from `resolve`, and how they are checked.

    `workloads` are the tenant's own, if the program creates them: each Job then waits for the service account and
    the policy of its workload, and until the workloads to which it connects are rolled out. It does not wait for
    its own workload, which may never become ready if a connection fails. The service accounts must exist in any
    case. The Jobs also run again when `isolation`, the kind of policy, changes.
    """

    tenant: Tenant
    namespace: pulumi.Input[str]
    links: Mapping[WorkloadId, Links]
    options: ConnectivityCheckOptions
    workloads: Mapping[WorkloadId, TenantWorkload] = field(default_factory=dict[WorkloadId, TenantWorkload])
    isolation: Isolation | None = None


class ConnectivityCheck(pulumi.ComponentResource):
    """Try each outgoing connection of the three workloads, from a Job under that workload's policy.

    A Job prints a line for each address of each row: ok, refused, timed out, or name unknown. If one is not ok,
    the Job and `up` fail. The Job runs once, again when a link of its workload, the isolation or an option
    changes, and again at the next `up` after a failure. A workload whose destinations are all absent has no Job.
    """

    # A string annotation, so that the SDK does not import `batch` unless a check is created.
    jobs: "Mapping[WorkloadId, k8s.batch.v1.Job]"

    def __init__(self, name: str, args: ConnectivityCheckArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        options = validate(args.options, "options")
        # The type token of 0.1.0: a different one would replace the Jobs.
        super().__init__("ixn:index:ConnectionCheck", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        links_out = {workload: outgoing(links) for workload, links in args.links.items()}

        def job(workload: WorkloadId, links: Links) -> k8s.batch.v1.Job:
            metadata, spec = check_job(workload, args.tenant, args.namespace, links, options, args.isolation)
            opts = pulumi.ResourceOptions.merge(child, _after(workload, links, args.workloads))
            return k8s.batch.v1.Job(f"{name}-{workload.component}", metadata=metadata, spec=spec, opts=opts)

        self.jobs = {workload: job(workload, links) for workload, links in links_out.items() if links}
        self.register_outputs({"jobs": [job.metadata.name for job in self.jobs.values()]})


def _after(
    workload: WorkloadId, links: Links, workloads: Mapping[WorkloadId, TenantWorkload]
) -> pulumi.ResourceOptions:
    own = workloads.get(workload)
    prerequisites = () if own is None else (own.service_account, own.isolation)
    parties = {link.row.destination for link in links}
    destinations = [other for each, other in workloads.items() if each.party in parties]
    opts = with_depends_on(pulumi.ResourceOptions(), *prerequisites, *destinations)
    rolled_out = [other.rolled_out for other in destinations]
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=rolled_out))
