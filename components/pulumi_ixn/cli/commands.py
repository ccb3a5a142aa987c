"""The commands of `ixn`, each in a module of its own."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

app: typer.Typer = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

StackName: TypeAlias = Annotated[
    str, typer.Option("--stack", "-s", envvar="PULUMI_STACK", help="The stack, such as `prod`.")
]
ProjectDirectory: TypeAlias = Annotated[
    Path, typer.Option("--cwd", "-C", help="The directory of the project, which has Pulumi.yaml.")
]


@app.callback()
def operations() -> None:
    """Check, recover and inspect the stacks of this project that are deployed to a cluster."""
