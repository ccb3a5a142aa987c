"""`ixn up`: `pulumi up` after a refresh that cannot empty the state."""

from pathlib import Path

import typer

from pulumi_ixn.cli.checked import checked_cluster
from pulumi_ixn.cli.engine import become
from pulumi_ixn.cli.options import ProjectDirectory, StackName, failing_with
from pulumi_ixn.cli.project import Project


def up(context: typer.Context, stack: StackName, directory: ProjectDirectory = Path()) -> None:
    """Deploy the stack: check that its cluster is that of the last update, refresh the state, run `pulumi up`.

    Further arguments are those of `pulumi up`. A stack that renders manifests is not refreshed.
    """
    project = Project(directory, stack)
    refresh: list[str] = []
    with failing_with(2):
        if project.settings.environment.target.context is not None:
            # In this order: the engine refreshes before it runs the program with its checks.
            checked_cluster(project)
            refresh = ["--refresh"]
    become(project, "up", *refresh, *context.args)
