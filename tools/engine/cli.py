"""The commands behind make and tools/pulumi."""

import os
import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from tools.engine import connections, invoke
from tools.engine.checkout import Checkout
from tools.errors import UserError
from tools.report import say

CHECKOUT = Checkout(Path(__file__).resolve().parents[2])

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)


@app.command("pulumi")
def run_pulumi(arguments: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    """Become `pulumi ARGUMENTS...` for this checkout (put -- before them)."""
    with _one_line_for_mistakes():
        program, given, environ = invoke.prepare(CHECKOUT, arguments or [], os.environ)
    _become(program, given, environ)


@app.command("connections")
def show_connections(stack: Annotated[str, typer.Option(help="The stack that was deployed.")]) -> None:
    """Print the connections of a deployed stack as a table."""
    with _one_line_for_mistakes():
        program, given, environ = invoke.prepare(CHECKOUT, connections.query(stack), os.environ)
        connections.show(connections.fetch([program, *given], CHECKOUT.root, environ))


@contextmanager
def _one_line_for_mistakes() -> Generator[None]:
    # Without a handler a SIGTERM would leave a compiler behind that nobody waits for.
    signal.signal(signal.SIGTERM, _leave)
    try:
        yield
    except UserError as refusal:
        say(f"error: {refusal}")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(128 + signal.SIGINT) from None


def _leave(number: int, _: object) -> NoReturn:
    sys.exit(128 + number)


def _become(program: Path, given: list[str], environ: dict[str, str]) -> NoReturn:
    # Python ignores this signal, and an ignored signal stays ignored in what we become.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.chdir(CHECKOUT.root)
    os.execve(program, ["pulumi", *given], environ)
