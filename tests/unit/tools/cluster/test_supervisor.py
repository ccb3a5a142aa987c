"""The supervisor of a cluster's programs."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.cluster.record import CHECKOUT
from tools.cluster.supervisor import Commands, write_programs

COUNTING = ["sh", "-c", "echo started; exit 1"]
LASTING = ["sh", "-c", "echo $$; exec sleep 60"]


def supervised(directory: Path, commands: Commands, *flags: str) -> subprocess.Popen[bytes]:
    write_programs(directory, commands)
    command = [sys.executable, "-m", "tools.cluster.supervisor", str(directory), *flags]
    return subprocess.Popen(command, cwd=CHECKOUT, stdin=subprocess.PIPE)


def lines(directory: Path, name: str) -> list[str]:
    log = directory / "logs" / name
    return log.read_text().splitlines() if log.exists() else []


def eventually(done: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not done() and time.monotonic() < deadline:
        time.sleep(0.05)
    return done()


def test_a_program_that_exits_is_restarted(tmp_path: Path) -> None:
    supervisor = supervised(tmp_path, {"failing": COUNTING})
    try:
        assert eventually(lambda: len(lines(tmp_path, "failing")) >= 3)
    finally:
        supervisor.terminate()
        supervisor.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_all_programs_end_with_the_supervisor(tmp_path: Path, number: signal.Signals) -> None:
    supervisor = supervised(tmp_path, {"one": LASTING, "two": LASTING})
    assert eventually(lambda: bool(lines(tmp_path, "one") and lines(tmp_path, "two")))
    processes = [Path("/proc", lines(tmp_path, name)[-1]) for name in ("one", "two")]
    assert all(each.exists() for each in processes)
    supervisor.send_signal(number)
    supervisor.communicate()
    assert eventually(lambda: not any(each.exists() for each in processes))


def test_an_attached_supervisor_ends_and_cleans_up_when_its_input_closes(tmp_path: Path) -> None:
    directory = tmp_path / "cluster"
    directory.mkdir()
    supervisor = supervised(directory, {"one": LASTING}, "--attached")
    assert eventually(lambda: bool(lines(directory, "one")))
    supervisor.communicate()
    assert not directory.exists()
