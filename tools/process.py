"""Running a helper process that must not outlive us or its time."""

import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Finished:
    """How a process ended: its exit status, its last lines, and whether its time was up."""

    code: int
    tail: tuple[str, ...]
    timed_out: bool

    def reason(self, seconds: float) -> str:
        """Why it failed, in one line; `seconds` is the time that it had."""
        if self.timed_out:
            return f"no success within {seconds:.0f} s"
        return next((line for line in reversed(self.tail) if line.strip()), f"exit status {self.code}")


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    environ: Mapping[str, str],
    seconds: float | None = None,
    on_line: Callable[[str], None] = lambda _: None,
) -> Finished:
    """Run `command` to its end, at most `seconds`, handing each line of its output (both streams) to `on_line`.

    Whatever ends us early ends the process too, with all its children. Raises OSError if it cannot be started.
    """
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,  # a process group of its own, which can be ended as one
    )
    overdue = threading.Event()

    def expire() -> None:
        overdue.set()
        _end(process)

    clock = threading.Timer(seconds, expire) if seconds is not None else None
    tail: deque[str] = deque(maxlen=20)
    try:
        if clock:
            clock.start()
        assert process.stdout is not None
        for line in process.stdout:
            tail.append(line.rstrip())
            on_line(line.rstrip())
        return Finished(process.wait(), tuple(tail), overdue.is_set())
    except BaseException:
        _end(process)
        raise
    finally:
        if clock:
            clock.cancel()


@contextmanager
def interruptible() -> Generator[None]:
    """Turn SIGTERM into SystemExit, so that what is under way is ended and cleaned up."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread can handle signals
        return
    previous = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)


def _end(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
