"""Run a cluster's programs: start them, restart those that exit, and stop all of them together.

Runs as a separate process, `python -m tools.cluster.supervisor DIRECTORY`, with the programs in
DIRECTORY/programs.json. Their order does not matter: each retries, or is restarted, until what it needs is there.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

Commands = Mapping[str, Sequence[str]]
"""The command lines by the names of the programs."""

RESTART_SECONDS = 0.3


def write_programs(directory: Path, commands: Commands) -> None:
    """Write what `supervise` runs in `directory`."""
    (directory / "logs").mkdir(exist_ok=True)
    (directory / "programs.json").write_text(json.dumps({name: [*words] for name, words in commands.items()}))


def supervise(directory: Path) -> None:
    """Run the programs of `directory` in it until SIGTERM, with a log file for each."""
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    os.chdir(directory)
    commands: Commands = json.loads(Path("programs.json").read_text())
    running: dict[int, tuple[str, subprocess.Popen[bytes]]] = {}

    def run(name: str) -> None:
        process = _start(name, commands[name])
        # A garbage-collected Popen waits for its process itself, and its exit would not be noticed here.
        running[process.pid] = name, process

    try:
        for name in commands:
            run(name)
        while True:
            ended, _ = os.waitpid(-1, 0)  # orphans, too, where this is process 1 of a namespace
            if found := running.pop(ended, None):
                time.sleep(RESTART_SECONDS)
                run(found[0])
    finally:
        # SIGKILL: a test cluster needs no graceful shutdown.
        for _, process in running.values():
            process.kill()
            process.wait()


def _start(name: str, command: Sequence[str]) -> subprocess.Popen[bytes]:
    with Path("logs", name).open("ab") as log:
        # The kernel ends the program if this process is killed and cannot.
        words = ["setpriv", "--pdeathsig", "KILL", "--", *command]
        return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def end_with_stdin() -> None:
    """End this process when its standard input closes: when the process at the other end of the pipe has ended."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    if "--attached" in sys.argv:
        end_with_stdin()
    try:
        supervise(Path(sys.argv[1]))
    finally:
        if "--attached" in sys.argv:
            shutil.rmtree(sys.argv[1], ignore_errors=True)
