"""The table of connections that ends `make up`."""

import json
import sys
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, cast

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tools.errors import UserError
from tools.process import capture

COLUMNS = (
    "number", "source", "destination", "protocol", "port", "classification", "parameter", "endpoints",
)  # fmt: skip
WIDTH_IN_FILES = 200


def query(stack: str) -> list[str]:
    """Return the `pulumi` arguments that ask for the connections of `stack`."""
    return ["stack", "output", "connections", "--json", "--stack", stack]


def fetch(command: Sequence[str | Path], environ: Mapping[str, str]) -> list[dict[str, Any]]:
    """Run `command` and read the connections that it prints. Raises UserError where it fails."""
    answer = capture(command, environ)
    if answer.returncode:
        raise UserError(answer.stderr.strip().removeprefix("error: "))
    return cast("list[dict[str, Any]]", json.loads(answer.stdout))


def show(rows: Sequence[Mapping[str, Any]], console: Console | None = None) -> None:
    """Print a table per tenant; of rows that have a verdict, with that."""
    # A file has no width of its own; 80 columns would break every endpoint.
    console = console or Console(width=None if sys.stdout.isatty() else WIDTH_IN_FILES)
    for tenant, own in groupby(rows, key=lambda row: str(row["tenant"])):
        own = list(own)
        columns = (*COLUMNS, "verdict") if all("verdict" in row for row in own) else COLUMNS
        table = Table(*columns, title=Text(f"Connections of {tenant}"), title_justify="left", box=box.SIMPLE_HEAD)
        for row in own:
            cells = {**row, "endpoints": "\n".join(row["endpoints"]), "port": row["port"] or ""}
            # Not plain strings: rich would read brackets in them as markup.
            table.add_row(*(Text(str(cells[name] or "")) for name in columns))
        console.print(table)
