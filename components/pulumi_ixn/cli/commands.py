"""The commands of `ixn`, each in a module of its own."""

import typer

from pulumi_ixn.cli.recover import recover

app: typer.Typer = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def operations() -> None:
    """Check, recover and inspect the stacks of this project that are deployed to a cluster."""


app.command()(recover)
