"""How a command ends early: with one line or an exit status instead of a traceback."""

import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager


class UserError(Exception):
    """An error that the user must fix; its text is the whole message."""


@contextmanager
def command() -> Generator[None]:
    """Run the block as a whole command; its cleanup code runs even on SIGTERM."""
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        yield
    except UserError as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
