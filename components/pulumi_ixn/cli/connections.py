"""`ixn connections`: the table of connections, from the output of the last update."""

import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pulumi_ixn.cli.options import ProjectDirectory, StackName, failing_with
from pulumi_ixn.cli.project import Project
from pulumi_ixn.live.cluster import Object

COLUMNS = (
    "number", "source", "destination", "protocol", "port", "classification", "parameter", "endpoints",
)  # fmt: skip
WIDTH_IN_FILES = 200


def show(rows: Sequence[Object], console: Console | None = None) -> None:
    """Print a table per tenant, with verdicts if the rows have any."""
    # A file has no width of its own; 80 columns would break every endpoint.
    console = console or Console(width=None if sys.stdout.isatty() else WIDTH_IN_FILES)
    for tenant, group in groupby(rows, key=lambda row: str(row["tenant"])):
        own = list(group)
        columns = (*COLUMNS, "verdict") if all("verdict" in row for row in own) else COLUMNS
        table = Table(*columns, title=Text(f"Connections of {tenant}"), title_justify="left", box=box.SIMPLE_HEAD)
        for row in own:
            cells = {**row, "endpoints": "\n".join(row["endpoints"]), "port": row["port"] or ""}
            # Not plain strings: rich would read brackets in them as markup.
            table.add_row(*(Text(str(cells[name] or "")) for name in columns))
        console.print(table)


def connections(stack: StackName, directory: ProjectDirectory = Path()) -> None:
    """Show the connections of each tenant as of the last update: ports, parameters, endpoints."""
    with failing_with(2):
        show(Project(directory, stack).outputs().get("connections") or [])
