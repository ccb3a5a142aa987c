"""`ixn drift`: what other clients changed in the objects of a stack."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import typer
from pulumi.automation.events import EngineEvent

from pulumi_ixn.cli.checked import checked_cluster
from pulumi_ixn.cli.options import AsJson, ProjectDirectory, StackName, failing_with
from pulumi_ixn.cli.project import Project
from pulumi_ixn.conflicts import WAY_OUT
from pulumi_ixn.live.drift import Drift, Specified, find_drift, without_replicas
from pulumi_ixn.live.pods import left_to_autoscalers

_NOT_PLANNED = ("delete", "discard", "read", "refresh")
"""Operations on what the program does not specify; also prefixes of others, such as `delete-replaced`."""

SHARED = "(shared)"
"""In place of a tenant's key: the objects that tenants share."""


def drift(stack: StackName, directory: ProjectDirectory = Path(), as_json: AsJson = False) -> None:
    """Report what other clients deleted or changed on the cluster: a line for each tenant.

    Exits with 0 if there is nothing, 1 if there is, 2 if it could not be found out.
    """
    with failing_with(2):
        project = Project(directory, stack)
        found = drift_of(project)
        tenants = list(project.settings.tenants)
    if as_json:
        print(json.dumps(as_data(found), indent=2))
    else:
        for line in lines(tenants, found):
            print(line)
        if any(not each.missing for each in found):
            print(WAY_OUT, file=sys.stderr)
    raise typer.Exit(1 if found else 0)


def drift_of(project: Project) -> Sequence[Drift]:
    """Return the drift of a stack. Raises CommandError, ClusterError."""
    cluster = checked_cluster(project)
    return find_drift(specified(project), cluster)


def specified(project: Project) -> list[Specified]:
    """Return the Kubernetes objects that the stack's program specifies, from a preview. Raises CommandError."""
    found: dict[str, Specified] = {}
    autoscaled = left_to_autoscalers(project.settings)

    def collect(event: EngineEvent) -> None:
        step = event.resource_pre_event.metadata if event.resource_pre_event else None
        if step and step.type.startswith("kubernetes:") and step.new and not step.op.startswith(_NOT_PLANNED):
            old = step.old
            manager = (old.outputs or {}).get("__fieldManager", "") if old else ""
            inputs = without_replicas(step.new.inputs or {}, autoscaled)
            found[step.urn] = Specified(inputs, old.inputs if old else None, manager)

    project.preview(collect)
    return list(found.values())


def lines(tenants: Sequence[str], found: Sequence[Drift]) -> list[str]:
    """Return a line for each tenant, followed by an indented one for each of its objects that drifted."""
    by_tenant: dict[str, list[Drift]] = {tenant: [] for tenant in tenants}
    for each in found:
        by_tenant.setdefault(each.tenant or SHARED, []).append(each)
    return [
        line
        for tenant, own in by_tenant.items()
        for line in (_summary(tenant, own), *(f"  {each}" for each in own))
    ]


def as_data(found: Sequence[Drift]) -> list[Mapping[str, object]]:
    """Return the drift as plain data."""
    return [each.data for each in found]


def _summary(tenant: str, own: Sequence[Drift]) -> str:
    missing = sum(each.missing for each in own)
    parts = [f"{count} {what}" for count, what in ((len(own) - missing, "changed"), (missing, "missing")) if count]
    return f"{tenant}: {', '.join(parts) or 'no drift'}"
