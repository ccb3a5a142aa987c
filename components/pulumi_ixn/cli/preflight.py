"""`ixn preflight` and `ixn role`: the checks of `up` alone, and the permissions that they look for."""

from pathlib import Path

import typer
import yaml

from pulumi_ixn.cli.checked import subject_of
from pulumi_ixn.cli.options import ProjectDirectory, StackName, failing_with
from pulumi_ixn.cli.project import Project
from pulumi_ixn.live import preflight as checks
from pulumi_ixn.live.permissions import roles


def preflight(stack: StackName, directory: ProjectDirectory = Path()) -> None:
    """Check the cluster and the settings as `pulumi up` does, and change nothing.

    Exits with 0 if there is no problem, 1 if there is, 2 if it could not be found out.
    """
    project = Project(directory, stack)
    with failing_with(2):
        cluster, subject = project.cluster(), subject_of(project)
    try:
        passed = checks.preflight(cluster, subject)
    except checks.PreflightError as error:
        for each in error.problems:
            print(each)
        raise typer.Exit(1) from None
    for each in passed.unchecked:
        print(f"not checked: {each}")
    for each in passed.warnings:
        print(f"warning: {each}")
    print(f"{stack}: no problem found on the cluster {passed.cluster} ({subject.context!r})")


def role(stack: StackName, directory: ProjectDirectory = Path()) -> None:
    """Print the Roles that suffice to deploy and destroy the stack, for `kubectl apply`."""
    with failing_with(2):
        print(yaml.safe_dump_all(roles(subject_of(Project(directory, stack))), sort_keys=False), end="")
