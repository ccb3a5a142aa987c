"""The table of connections that ends `make up`."""

import json
import subprocess
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

Row = Mapping[str, Any]

NAMES = ("number", "source", "destination", "protocol", "port", "classification", "parameter")
WIDTH_IN_FILES = 200


def query(stack: str) -> list[str]:
    """Return the `pulumi` arguments that ask for the connections of `stack`."""
    return ["stack", "output", "connections", "--json", "--stack", stack]


def fetch(command: Sequence[str | Path], directory: Path, environ: Mapping[str, str]) -> list[Row]:
    """Run `command` and read the connections that it prints. Raises UserError if there are none."""
    answer = subprocess.run(
        command, cwd=directory, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )  # fmt: skip
    if answer.returncode:
        raise UserError(answer.stderr.strip().removeprefix("error: "))
    return parse(answer.stdout)


def parse(text: str) -> list[Row]:
    """Read the rows in the output's JSON. Raises UserError if it is not a list of objects."""
    try:
        rows: Any = json.loads(text)
    except ValueError:
        rows = None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in cast("list[Any]", rows)):
        raise UserError("the output `connections` is not a list of connections")
    return cast("list[Row]", rows)


def show(rows: Sequence[Row], console: Console | None = None) -> None:
    """Print a table per tenant."""
    if console is None:
        # A file has no width of its own; 80 columns would break every endpoint.
        console = Console(width=None if sys.stdout.isatty() else WIDTH_IN_FILES)
    for tenant, own in groupby(rows, key=lambda row: str(row.get("tenant", ""))):
        console.print(table(f"Connections of {tenant}", list(own)))


def table(title: str, rows: Sequence[Row]) -> Table:
    """Lay out the connections of one tenant."""
    result = Table(title=Text(title), title_justify="left", box=box.SIMPLE_HEAD)
    for name in NAMES:
        number = name in ("number", "port")
        result.add_column(name, justify="right" if number else "left", no_wrap=number)
    result.add_column("endpoints", overflow="fold")
    for row in rows:
        endpoints = "\n".join(map(str, cast("Sequence[Any]", row.get("endpoints") or ())))
        result.add_row(*(_text(row.get(name)) for name in NAMES), _text(endpoints))
    return result


def _text(value: object) -> Text:
    # Not a plain string: rich would read brackets in it as markup.
    return Text("" if value is None else str(value))
