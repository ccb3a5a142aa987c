"""The commands of `ixn`, each in a module of its own."""

import typer

from pulumi_ixn.cli.adopt import adopt
from pulumi_ixn.cli.connections import connections
from pulumi_ixn.cli.drift import drift
from pulumi_ixn.cli.images import images
from pulumi_ixn.cli.preflight import preflight, role
from pulumi_ixn.cli.recover import recover
from pulumi_ixn.cli.status import status
from pulumi_ixn.cli.up import up
from pulumi_ixn.cli.without_program import destroy, refresh

app: typer.Typer = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def operations() -> None:
    """Check, recover and inspect the stacks of this project that are deployed to a cluster."""


PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True}
"""Settings of commands that pass further arguments on to `pulumi`."""

app.command()(preflight)
app.command()(role)
app.command()(adopt)
app.command(context_settings=PASSED_ON)(destroy)
app.command(context_settings=PASSED_ON)(refresh)
app.command(context_settings=PASSED_ON)(up)
app.command()(connections)
app.command()(drift)
app.command()(images)
app.command()(status)
app.command()(recover)
