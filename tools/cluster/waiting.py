"""Wait for a cluster; on a timeout, report the last lines of its programs' logs."""

import time
from collections.abc import Callable
from pathlib import Path

from tools.errors import UserError

SHOWN_LINES = 5


def wait_until(what: str, done: Callable[[], bool], directory: Path, *, seconds: float = 90) -> None:
    """Wait until `done()`; raises UserError with what the programs in `directory` last logged."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            raise UserError(f"{what}: not within {seconds:.0f} s\n{last_lines(directory)}")
        time.sleep(0.1)


def last_lines(directory: Path) -> str:
    """Return the last lines of each log, under its path."""
    ends: list[str] = []
    for log in sorted((directory / "logs").glob("*")):
        lines = log.read_text("utf-8", errors="replace").splitlines()[-SHOWN_LINES:]
        ends += [f"--- {log}", *lines]
    return "\n".join(ends)
