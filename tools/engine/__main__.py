"""`python -m tools.engine ARGUMENTS...`: what tools/pulumi runs."""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.engine.checkout import Checkout
from tools.engine.invoke import prepare
from tools.errors import command

CHECKOUT = Checkout(Path(__file__).resolve().parents[2])


def main(given: Sequence[str]) -> None:
    """Become `pulumi GIVEN...`."""
    os.chdir(CHECKOUT.root)
    program, environ = prepare(CHECKOUT, given, os.environ)
    # Python ignores this signal, and an ignored signal stays ignored in the program that replaces it.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.execve(program, ["pulumi", *given], environ)


with command():
    main(sys.argv[1:])
