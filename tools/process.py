"""Run helper processes that must not outlive this process or their time limit."""

import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

TAIL = 20


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    environ: Mapping[str, str],
    seconds: float | None = None,
    on_line: Callable[[str], None] = lambda _: None,
) -> str:
    """Run `command`, at most `seconds`, handing each line of its output (both streams) to `on_line`.

    Return None if it succeeds, else its last lines of output. If this process ends early, `command` and all
    its children end too. Raises OSError if it cannot be started.
    """
    process = _start(command, cwd, environ)
    timer = threading.Timer(seconds or threading.TIMEOUT_MAX, _end, [process])
    timer.daemon = True
    tail: deque[str] = deque(maxlen=TAIL)
    try:
        timer.start()
        assert process.stdout is not None
        for line in process.stdout:
            tail.append(line.rstrip())
            on_line(line.rstrip())
        code = process.wait()
    except BaseException:
        _end(process)
        raise
    finally:
        timer.cancel()
    if code == -signal.SIGKILL and seconds:
        return f"no success within {seconds:.0f} s"
    return "\n".join(filter(None, tail)) or f"exit status {code}" if code else ""


def capture(
    command: Sequence[str | Path], environ: Mapping[str, str], cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a quick command without input, to its end, and return both streams apart."""
    return subprocess.run(
        command, cwd=cwd, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def exit_on_sigterm() -> None:
    """Turn SIGTERM into SystemExit from now on, so that cleanup code runs."""
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))


def _start(command: Sequence[str | Path], cwd: Path, environ: Mapping[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
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


def _end(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
