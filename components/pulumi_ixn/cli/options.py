"""Options and errors that the commands of `ixn` share."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeAlias

import typer
from pulumi import automation

from pulumi_ixn.cli.project import CommandError
from pulumi_ixn.config import ConfigurationError
from pulumi_ixn.live.cluster import ClusterError

StackName: TypeAlias = Annotated[
    str, typer.Option("--stack", "-s", envvar="PULUMI_STACK", help="The stack, such as `prod`.")
]
ProjectDirectory: TypeAlias = Annotated[
    Path, typer.Option("--cwd", "-C", help="The directory of the project, which has Pulumi.yaml.")
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@contextmanager
def failing_with(status: int) -> Generator[None]:
    """Print an error that the block raises, and exit with a status."""
    try:
        yield
    except (CommandError, ConfigurationError, ClusterError, automation.CommandError) as error:
        print(f"error: {error}", file=sys.stderr)
        raise typer.Exit(status) from None
