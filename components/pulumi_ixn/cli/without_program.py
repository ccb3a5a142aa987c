"""`ixn destroy` and `ixn refresh`: Pulumi's commands that run no program, after the checks that it would make."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from pulumi_ixn.cli.checked import checked_cluster, subject_of
from pulumi_ixn.cli.engine import become
from pulumi_ixn.cli.options import ProjectDirectory, StackName, failing_with
from pulumi_ixn.cli.project import CommandError, Project
from pulumi_ixn.live.cluster import Object
from pulumi_ixn.live.identity import cluster_uid, wrong_cluster
from pulumi_ixn.live.preflight import DELETION_CHECKS, Check

_SELECTING = ("--target", "-t", "--exclude")
"""The beginnings of options that select what is deleted."""

NewCluster = Annotated[
    bool,
    typer.Option("--new-cluster", help="The cluster of the last update no longer exists: forget what was on it."),
]


def destroy(context: typer.Context, stack: StackName, directory: ProjectDirectory = Path()) -> None:
    """Check the cluster, then run `pulumi destroy`, to which further arguments are passed on.

    Without its preview, `pulumi destroy` deletes everything else before it stops at a protected object. So a stack
    with one is refused, unless the arguments select what is deleted.
    """
    project = Project(directory, stack)
    with failing_with(2):
        if not any(each.startswith(_SELECTING) for each in context.args):
            check_unprotected(project.resources)
        _check(project, DELETION_CHECKS)
    become(project, "destroy", *context.args)


def refresh(
    context: typer.Context, stack: StackName, directory: ProjectDirectory = Path(), new_cluster: NewCluster = False
) -> None:
    """Check the cluster, then run `pulumi refresh`, to which further arguments are passed on."""
    project = Project(directory, stack)
    with failing_with(2):
        if new_cluster:
            _confirm_new_cluster(project)
        else:
            _check(project, ())
    become(project, "refresh", *context.args)


def check_unprotected(resources: Sequence[Object]) -> None:
    """Raise CommandError that names the protected ones among the resources of a state."""
    protected = [each["urn"].rpartition("::")[2] for each in resources if each.get("protect")]
    if protected:
        raise CommandError(
            f"protected: {', '.join(protected)}. Nothing was deleted. To tear down the stack, set ixn:protect and "
            "the `protect` of each tenant that has it to false, and run `pulumi up` before this command"
        )


def _check(project: Project, checks: Sequence[Check]) -> None:
    """Check the cluster of a stack; a stack that renders manifests has none."""
    environment = project.settings.environment
    if environment.target.context is not None and environment.preflight:
        checked_cluster(project, checks)


def _confirm_new_cluster(project: Project) -> None:
    """Raise CommandError if the cluster is that of the last update, and ask before anything is forgotten."""
    subject, cluster = subject_of(project), project.cluster()
    if not [*wrong_cluster(cluster, cluster_uid(cluster), subject)]:
        raise CommandError(
            f"ixn:target.context: {subject.context!r} is the cluster of the last update, not a new one"
        )
    count = len(subject.recorded)
    question = f"The cluster of the last update no longer exists: remove its {count} objects from the state of"
    typer.confirm(f"{question} {project.stack!r}?", abort=True)
