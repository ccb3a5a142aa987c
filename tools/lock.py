"""A lock between processes."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tools.report import say


@contextmanager
def held(file: Path, waiting: str) -> Generator[None]:
    """Hold the lock `file` exclusively; report `waiting` while another process holds it.

    The holder may remove the file.
    """
    while True:
        with file.open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say(waiting)
                fcntl.flock(lock, fcntl.LOCK_EX)
            if _is_at(lock, file):
                yield
                return


def _is_at(lock: IO[str], file: Path) -> bool:
    """Return whether the file has not been removed or replaced meanwhile."""
    try:
        return os.path.samestat(os.fstat(lock.fileno()), file.stat())
    except FileNotFoundError:
        return False
