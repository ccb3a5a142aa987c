"""Reachability before go-live."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn.args import ConnectionCheckOptions
from pulumi_ixn.identity import Tenant, component
from pulumi_ixn.isolation import Isolation, outgoing
from pulumi_ixn.manifests.check_job import check_job
from pulumi_ixn.node import IxnNode
from pulumi_ixn.objects import after
from pulumi_ixn.server import IxnServer
from pulumi_ixn.spec import OURS, Party
from pulumi_ixn.topology import Links
from pulumi_ixn.vq_node import IxnVqNode

OwnWorkload: TypeAlias = IxnServer | IxnNode | IxnVqNode


@dataclass(frozen=True)
class ConnectionCheckArgs:
    """What is checked: a tenant's links, from `resolve`.

    `workloads` are the tenant's own, where the program has them: each Job then waits for its workload's account
    and policy, and for those workloads that it dials to be ready. It does not wait for its own workload, which
    may never be ready where a connection fails. The accounts have to be there in any case. `isolation` is how the
    traffic of the workloads is restricted: the Jobs run again when it changes.
    """

    tenant: Tenant
    namespace: pulumi.Input[str]
    links: Mapping[Party, Links]
    options: ConnectionCheckOptions
    workloads: Mapping[Party, OwnWorkload] = field(default_factory=dict[Party, OwnWorkload])
    isolation: Isolation | None = None


class ConnectionCheck(pulumi.ComponentResource):
    """Tries each outgoing connection of the three workloads, from a Job under that workload's policy.

    A Job prints a line for each address of each row: ok, refused, timed out, or name unknown. It fails where
    one fails, and `up` with it. It runs once, again when a link of its workload, the isolation or an option
    changes, and again at the next `up` after it failed. A workload whose destinations are all absent has none.
    ValueError for an address that is neither a host's name nor an IP address.
    """

    jobs: "Mapping[Party, k8s.batch.v1.Job]"  # as text: the SDK would import its batch part, used nowhere else

    def __init__(self, name: str, args: ConnectionCheckArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ixn:index:ConnectionCheck", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        tried = {party: outgoing(args.links.get(party, ())) for party in OURS}

        def job(party: Party, links: Links) -> k8s.batch.v1.Job:
            metadata, spec = check_job(party, args.tenant, args.namespace, links, args.options, args.isolation)
            opts = after(child, *_first(party, links, args.workloads))
            return k8s.batch.v1.Job(f"{name}-{component(party)}", metadata=metadata, spec=spec, opts=opts)

        self.jobs = {party: job(party, links) for party, links in tried.items() if links}
        self.register_outputs({"jobs": [job.metadata.name for job in self.jobs.values()]})


def _first(party: Party, tried: Links, workloads: Mapping[Party, OwnWorkload]) -> Sequence[pulumi.Resource | None]:
    own = workloads.get(party)
    around = () if own is None else (own.service_account, own.isolation)
    dialled = {link.row.destination for link in tried}
    return (*around, *(workload for other, workload in workloads.items() if other in dialled))
