"""A lock between processes."""

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tools.report import say


@contextmanager
def held(file: Path, waiting: str) -> Generator[None]:
    """Hold the lock `file` exclusively; report `waiting` while another process holds it. The file stays."""
    with file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(waiting)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
