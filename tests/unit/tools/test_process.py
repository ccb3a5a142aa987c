import os
import time
from pathlib import Path

from tools.process import run


def test_each_line_of_both_streams_is_handed_on(tmp_path: Path) -> None:
    lines: list[str] = []

    failure = run(
        ["sh", "-c", "echo a; echo b >&2; exit 3"], cwd=tmp_path, environ=os.environ, on_line=lines.append
    )

    assert lines == ["a", "b"]
    assert failure == "a\nb"


def test_success_is_no_failure_whatever_was_printed(tmp_path: Path) -> None:
    assert run(["echo", "a"], cwd=tmp_path, environ=os.environ) == ""


def test_a_process_ends_with_its_children_when_its_time_is_up(tmp_path: Path) -> None:
    started = time.monotonic()

    failure = run(["sh", "-c", "sleep 30 & sleep 30"], cwd=tmp_path, environ=os.environ, seconds=0.2)

    assert time.monotonic() - started < 10
    assert failure.startswith("no success within")


def test_a_silent_failure_is_told_by_its_exit_status(tmp_path: Path) -> None:
    assert run(["sh", "-c", "exit 7"], cwd=tmp_path, environ=os.environ) == "exit status 7"
