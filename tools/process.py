"""Run helper processes that must not outlive this process or their time limit."""

import os
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

Command: TypeAlias = Sequence[str | Path]

TAIL = 20


def run(
    command: Command,
    *,
    cwd: Path,
    environ: Mapping[str, str],
    seconds: float | None = None,
    on_line: Callable[[str], None] = lambda _: None,
) -> str:
    """Run `command`, at most `seconds`, handing each line of its output (both streams) to `on_line`.

    Return an empty string if it succeeds, else its last lines of output. Raises OSError if it cannot be started.
    """
    tail: deque[str] = deque(maxlen=TAIL)
    with _group(command, cwd, environ, seconds, stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT) as process:
        for line in process.stdout or ():
            tail.append(line.rstrip())
            on_line(line.rstrip())
        code = process.wait()
    if code == -signal.SIGKILL and seconds:
        return f"no success within {seconds:.0f} s"
    return "\n".join(filter(None, tail)) or f"exit status {code}" if code else ""


def capture(
    command: Command,
    environ: Mapping[str, str],
    cwd: Path | None = None,
    *,
    stdin: str = "",
    seconds: float | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run `command`, at most `seconds`, and return both streams apart. Raises OSError if it cannot be started.

    The return code is -SIGKILL if the time is up.
    """
    with _group(command, cwd, environ, seconds, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        stdout, stderr = process.communicate(stdin)
    return subprocess.CompletedProcess(command, process.returncode, stdout, stderr)


@contextmanager
def _group(
    command: Command, cwd: Path | None, environ: Mapping[str, str], seconds: float | None, stdin: int, stderr: int
) -> Generator[subprocess.Popen[str]]:
    """Start `command`; end it and all its children after `seconds`, or if the block ends early."""
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=environ,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        errors="replace",
        start_new_session=True,  # which can be ended as one
    )
    timer = threading.Timer(seconds or threading.TIMEOUT_MAX, _end, [process])
    timer.daemon = True
    try:
        timer.start()
        yield process
    except BaseException:
        _end(process)
        raise
    finally:
        timer.cancel()


def _end(process: subprocess.Popen[str]) -> None:
    """End all processes of the session: the engine gives each of its plugins a process group of its own."""
    for group in {process.pid, *_groups(process.pid)}:
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


def _groups(session: int) -> Generator[int]:
    """Yield the process group of each process in the session; none where there is no /proc."""
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended
            # After the name, which may contain anything: state, parent, process group, session.
            _, _, group, its_session = file.read_text(errors="replace").rpartition(")")[2].split()[:4]
            if int(its_session) == session:
                yield int(group)
