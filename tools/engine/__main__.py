"""`python -m tools.engine ARGUMENTS...`: what tools/pulumi runs."""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.engine.checkout import Checkout
from tools.engine.invoke import prepare
from tools.errors import UserError
from tools.process import exit_on_sigterm
from tools.report import say

CHECKOUT = Checkout(Path(__file__).resolve().parents[2])


def main(given: Sequence[str]) -> None:
    """Become `pulumi GIVEN...`."""
    os.chdir(CHECKOUT.root)
    program, environ = prepare(CHECKOUT, given, os.environ)
    # Python ignores this signal, and an ignored signal stays ignored in the program that replaces it.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.execve(program, ["pulumi", *given], environ)


exit_on_sigterm()
try:
    main(sys.argv[1:])
except UserError as error:
    say(f"error: {error}")
    sys.exit(1)
except KeyboardInterrupt:
    sys.exit(128 + signal.SIGINT)
