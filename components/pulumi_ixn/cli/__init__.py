"""The command `ixn`: day-two operations on the stacks of a project. Needs the extra `cli`."""

import sys


def main() -> None:
    """Run the command line."""
    try:
        from pulumi_ixn.cli.commands import app
    except ModuleNotFoundError as error:
        if error.name not in ("typer", "rich"):
            raise
        sys.exit("ixn: not installed completely: pip install 'ixn-pulumi[cli]'")
    app()
