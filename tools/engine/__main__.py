"""`python -m tools.engine PROGRAM ARGUMENTS...`: what tools/pulumi and tools/ixn run."""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.engine.checkout import Checkout
from tools.engine.invoke import prepare
from tools.errors import command

CHECKOUT = Checkout(Path(__file__).resolve().parents[2])


def main(name: str, given: Sequence[str]) -> None:
    """Become `pulumi GIVEN...` or `ixn GIVEN...`."""
    os.chdir(CHECKOUT.root)
    pulumi, environ = prepare(CHECKOUT, given, os.environ)
    program = pulumi if name == "pulumi" else CHECKOUT.root / ".venv" / "bin" / name
    # Python ignores this signal, and an ignored signal stays ignored in the program that replaces it.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.execve(program, [name, *given], environ)


with command():
    main(sys.argv[1], sys.argv[2:])
