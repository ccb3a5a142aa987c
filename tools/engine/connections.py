"""The table of connections that ends `make up`: the output `connections`, read from stdin as JSON."""

import json
import sys
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

COLUMNS = (
    "number", "source", "destination", "protocol", "port", "classification", "parameter", "endpoints",
)  # fmt: skip
WIDTH_IN_FILES = 200


def show(rows: Sequence[Mapping[str, Any]], console: Console | None = None) -> None:
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


if __name__ == "__main__":
    show(json.load(sys.stdin))
