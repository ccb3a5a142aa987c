"""The objects that provision a database: the Job, its scripts and its policy."""

from typing import TYPE_CHECKING, cast

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn.components.claims import claim, claim_on_server
from pulumi_ixn.components.resources import Policy, with_depends_on
from pulumi_ixn.database_job.job import ProvisioningJob, provisioning_job, scripts
from pulumi_ixn.database_rules import owner_of, roles_of
from pulumi_ixn.links import Link
from pulumi_ixn.ownership import STACK, current_stack
from pulumi_ixn.peers import Peer
from pulumi_ixn.policies import network_policy
from pulumi_ixn.policies.renderer import renderer
from pulumi_ixn.provisioning.args import Provisioned
from pulumi_ixn.services import DatabaseReferenceArgs
from pulumi_ixn.spec import CONNECTIONS, Party
from pulumi_ixn.validation import invalid

if TYPE_CHECKING:
    from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict
    from pulumi_kubernetes.networking.v1 import NetworkPolicySpecArgsDict


def provisioning(
    owner: pulumi.ComponentResource, name: str, args: DatabaseReferenceArgs, provisioned: Provisioned, peer: Peer
) -> "k8s.batch.v1.Job":
    """Register the Job that creates the database of `peer`, with its scripts and its policy.

    Raises InvalidInputs if another component of the program provisions the same database or role.
    """
    job_name = args.job_name or name
    if peer.secret is None:
        raise invalid("database.credentials", "are missing: the role has none")
    namespace = claim(owner, "Job", args.namespace, job_name)
    _claim_names(owner, args)
    mark = f"{STACK}={current_stack()} ixn-pulumi/database={job_name}"
    owner_role = owner_of(args.database)
    job = ProvisioningJob(job_name, namespace, args.database, provisioned, peer.secret, owner_role, mark)
    child = pulumi.ResourceOptions(parent=owner)
    files = k8s.core.v1.ConfigMap(f"{name}-scripts", metadata=job.metadata(), data=scripts(), opts=child)
    policy = _policy(name, job, args, peer, child)
    metadata, spec = provisioning_job(job)
    # Delete the previous Job first: a failed update leaves it behind, and restored settings would create another
    # of the same name.
    job_opts = pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(delete_before_replace=True))
    opts = with_depends_on(job_opts, files, policy)
    return k8s.batch.v1.Job(f"{name}-job", metadata=metadata, spec=spec, opts=opts)


def _claim_names(owner: pulumi.ComponentResource, args: DatabaseReferenceArgs) -> None:
    database = args.database
    claim_on_server(owner, "database", database.endpoint, database.name)
    for _, role in roles_of(database):
        claim_on_server(owner, "role", database.endpoint, role)


def _policy(
    name: str, job: ProvisioningJob, args: DatabaseReferenceArgs, peer: Peer, child: pulumi.ResourceOptions
) -> Policy | None:
    """Register the policy that allows the Job's pods the database and DNS; nothing for NoPolicies."""
    selected = renderer(args.isolation)
    if selected is None:
        return None
    # Any row of a database does: the peer determines the rule.
    row = next(row for row in CONNECTIONS if row.destination is Party.IXN_DB)
    link = Link(row, outgoing=True, peer=peer, endpoints=peer.endpoints)
    if reason := selected.invalid(link):
        raise invalid("database.locations", reason)
    policy = selected.policy_of(job.name, job.policy_labels, (link,))
    name, metadata = f"{name}-{policy.digest}", {**job.metadata(), "name": policy.name}
    if selected.kind == network_policy.KIND:
        return k8s.networking.v1.NetworkPolicy(
            name,
            metadata=cast("ObjectMetaArgsDict", metadata),
            spec=cast("NetworkPolicySpecArgsDict", policy.spec),
            opts=child,
        )
    return k8s.apiextensions.CustomResource(
        name,
        api_version=selected.api_version,
        kind=selected.kind,
        metadata=cast("ObjectMetaArgsDict", metadata),
        spec=policy.spec,
        opts=child,
    )
