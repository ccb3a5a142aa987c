import os
import time
from pathlib import Path

from tools.process import run


def test_each_line_of_both_streams_is_handed_on(tmp_path: Path) -> None:
    lines: list[str] = []

    finished = run(
        ["sh", "-c", "echo a; echo b >&2; exit 3"], cwd=tmp_path, environ=os.environ, on_line=lines.append
    )

    assert lines == ["a", "b"]
    assert (finished.code, finished.tail, finished.timed_out) == (3, ("a", "b"), False)
    assert finished.reason(1) == "b"


def test_a_process_ends_with_its_children_when_its_time_is_up(tmp_path: Path) -> None:
    started = time.monotonic()

    finished = run(["sh", "-c", "sleep 30 & sleep 30"], cwd=tmp_path, environ=os.environ, seconds=0.2)

    assert time.monotonic() - started < 10
    assert finished.timed_out
    assert finished.reason(60) == "no success within 60 s"


def test_a_silent_failure_is_told_by_its_exit_status(tmp_path: Path) -> None:
    assert run(["sh", "-c", "exit 7"], cwd=tmp_path, environ=os.environ).reason(1) == "exit status 7"
