import os
import signal
import sys
import time
from pathlib import Path

from tools.process import capture, run


def test_each_line_of_both_streams_is_passed_on(tmp_path: Path) -> None:
    lines: list[str] = []

    failure = run(
        ["sh", "-c", "echo a; echo b >&2; exit 3"], cwd=tmp_path, environ=os.environ, on_line=lines.append
    )

    assert lines == ["a", "b"]
    assert failure == "a\nb"


def test_an_exit_status_of_zero_is_success_whatever_was_printed(tmp_path: Path) -> None:
    assert run(["echo", "a"], cwd=tmp_path, environ=os.environ) == ""


def test_a_timeout_ends_a_process_and_its_children(tmp_path: Path) -> None:
    started = time.monotonic()

    failure = run(["sh", "-c", "sleep 30 & sleep 30"], cwd=tmp_path, environ=os.environ, seconds=0.2)

    assert time.monotonic() - started < 10
    assert failure.startswith("no success within")


def test_a_timeout_ends_children_in_process_groups_of_their_own(tmp_path: Path) -> None:
    # As the engine starts its plugins. The output ends with the last process that may write to it.
    child = "import subprocess; subprocess.run(['sleep', '30'], process_group=0)"
    started = time.monotonic()

    assert run([sys.executable, "-c", child], cwd=tmp_path, environ=os.environ, seconds=2)

    assert time.monotonic() - started < 20


def test_a_silent_failure_is_reported_with_its_exit_status(tmp_path: Path) -> None:
    assert run(["sh", "-c", "exit 7"], cwd=tmp_path, environ=os.environ) == "exit status 7"


def test_capture_passes_stdin_on_and_keeps_the_streams_apart() -> None:
    answer = capture(["sh", "-c", "cat; echo b >&2; exit 3"], os.environ, stdin="a")

    assert (answer.stdout, answer.stderr, answer.returncode) == ("a", "b\n", 3)


def test_capture_ends_a_process_and_its_children_in_time_and_returns_their_output() -> None:
    started = time.monotonic()

    answer = capture(["sh", "-c", "echo a; sleep 30 & sleep 30"], os.environ, seconds=0.2)

    assert time.monotonic() - started < 10
    assert (answer.stdout, answer.returncode) == ("a\n", -signal.SIGKILL)
