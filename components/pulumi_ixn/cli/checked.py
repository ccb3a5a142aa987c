"""The checks before a command that relies on the cluster of a stack."""

from collections.abc import Sequence

from pulumi_ixn.cli.project import CommandError, Project
from pulumi_ixn.live.cluster import Cluster
from pulumi_ixn.live.objects import recorded
from pulumi_ixn.live.preflight import Check, PreflightError, preflight
from pulumi_ixn.live.subject import Subject


def checked_cluster(project: Project, checks: Sequence[Check] = ()) -> Cluster:
    """Return the stack's cluster, after checks.

    Raises CommandError with their problems, and if it is not the cluster of the last update: there, every object
    of the stack would look deleted, and a refresh would empty the state.
    """
    cluster = project.cluster()
    try:
        preflight(cluster, subject_of(project), checks)
    except PreflightError as error:
        raise CommandError(str(error)) from None
    return cluster


def subject_of(project: Project) -> Subject:
    """Return what the checks look at. Raises ConfigurationError, CommandError."""
    resources = project.resources
    outputs = [each.get("outputs") for each in resources if each["type"] == "pulumi:pulumi:Stack"]
    cluster: str | None = outputs[0].get("cluster") if outputs and outputs[0] else None
    return Subject(project.name, project.settings, recorded(resources), cluster)
