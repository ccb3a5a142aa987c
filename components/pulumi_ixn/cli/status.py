"""`ixn status`: what runs on a stack's cluster, tenant by tenant."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from pulumi_ixn.cli.bundle import write_bundle
from pulumi_ixn.cli.checked import checked_cluster
from pulumi_ixn.cli.connections import WIDTH_IN_FILES
from pulumi_ixn.cli.drift import drift_of, lines
from pulumi_ixn.cli.options import AsJson, ProjectDirectory, StackName, failing_with
from pulumi_ixn.cli.project import Project
from pulumi_ixn.live.cluster import Object
from pulumi_ixn.live.drift import Drift
from pulumi_ixn.live.status import (
    CertificateStatus,
    PolicyStatus,
    SecretStatus,
    TenantStatus,
    tenant_statuses,
)
from pulumi_ixn.naming import WORKLOADS

WithDrift = Annotated[bool, typer.Option("--drift", help="Compare the objects with the last update, too.")]
Bundle = Annotated[
    Path | None,
    typer.Option(metavar="FILE.tar.gz", help="Write a support bundle, without secrets."),
]


def status(
    stack: StackName,
    directory: ProjectDirectory = Path(),
    as_json: AsJson = False,
    with_drift: WithDrift = False,
    bundle: Bundle = None,
) -> None:
    """Show each tenant's rollouts, verdicts of the connectivity check, policies, Secrets and certificates.

    Exits with 2 if the cluster cannot be read, else with 0.
    """
    with failing_with(2):
        project = Project(directory, stack)
        cluster = checked_cluster(project)
        connections: Sequence[Object] = project.outputs().get("connections") or []
        tenants = tenant_statuses(project.settings, connections, cluster)
        found = drift_of(project) if with_drift or bundle else None
        data = _data(tenants, found)
        if bundle:
            write_bundle(bundle, project, cluster, data)
    if as_json:
        print(json.dumps(data, indent=2))
        return
    _show(tenants, connections, found if with_drift else None)
    if bundle:
        print(f"written: {bundle}")


def _data(tenants: Sequence[TenantStatus], found: Sequence[Drift] | None) -> Mapping[str, object]:
    drift = {} if found is None else {"drift": [each.data for each in found]}
    return {"tenants": [asdict(each) for each in tenants], **drift}


def _show(tenants: Sequence[TenantStatus], connections: Sequence[Object], found: Sequence[Drift] | None) -> None:
    # A file has no width of its own.
    console = Console(soft_wrap=True, width=None if sys.stdout.isatty() else WIDTH_IN_FILES)
    for each in tenants:
        console.rule(Text(each.tenant), align="left")
        console.print(_workloads(each))
        for line in _lines(each, [row for row in connections if row["tenant"] == each.tenant]):
            console.print(Text(line))
    for line in lines([each.tenant for each in tenants], found) if found is not None else ():
        console.print(Text(line))


def _workloads(tenant: TenantStatus) -> Table:
    images = Column("image", overflow="fold")  # its end is the version
    fixed = (Column(name, no_wrap=True) for name in ("workload", "rollout", "ready", "updated", "restarts"))
    table = Table(*fixed, images, box=box.SIMPLE_HEAD)
    for each in tenant.workloads:
        counts = (f"{each.ready}/{each.wanted}", f"{each.updated}/{each.wanted}", str(each.restarts))
        names = "\n".join(image.rpartition("/")[2] for image in each.images)
        table.add_row(*map(Text, (each.name, each.state, *counts, names)))
    return table


def _lines(tenant: TenantStatus, connections: Sequence[Object]) -> Iterator[str]:
    for workload in tenant.workloads:
        yield from (f"  {trouble}" for trouble in workload.troubles)
    yield "connections"
    for row in connections:
        number: int = row["number"]
        yield f"  {number:>2} {row['source']} -> {row['destination']}: {tenant.connections[number]}"
    yield "policies"
    yield from map(_policy, tenant.policies)
    covered = {name for policy in tenant.policies for name in policy.workloads}
    for workload in WORKLOADS:
        if workload.name not in covered:
            yield f"  none selects {workload.name}{'' if tenant.unread else ': all its traffic is allowed'}"
    yield "Secrets"
    yield from map(_secret, tenant.secrets)
    yield from map(_certificate, tenant.certificates)
    if tenant.unread:
        yield f"not read, since the credentials may not list them: {', '.join(tenant.unread)}"


def _certificate(each: CertificateStatus) -> str:
    issued = [] if each.revision is None else [f"revision {each.revision}"]
    expiring = [] if each.expires is None else [f"expires {each.expires}"]
    state = [*issued, *expiring, *([] if each.ready else ["not ready"])]
    return f"  certificate {each.name} in {each.secret}: {', '.join(state)}"


def _policy(policy: PolicyStatus) -> str:
    owner = f"of {policy.stack}" if policy.stack else "not of a stack"
    return f"  {policy.kind} {policy.name}: {', '.join(policy.workloads)} ({owner})"


def _secret(secret: SecretStatus) -> str:
    if not secret.exists:
        return f"  {secret.name}: does not exist"
    restart = f"; older pods: {', '.join(secret.restart)}" if secret.restart else ""
    return (
        f"  {secret.name} ({', '.join(secret.keys)}): version {secret.version}, changed {secret.changed}{restart}"
    )
