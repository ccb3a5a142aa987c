import json
import os
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pulumi_ixn.cli.locks import Lock, locks

STACK = "organization/ixn/dev"


def write_lock(state: Path, stack: str = STACK, **content: Any) -> Path:
    """Write a lock file as the engine does."""
    directory = state / ".pulumi" / "locks" / stack
    directory.mkdir(parents=True, exist_ok=True)
    known = {"pid": os.getpid(), "username": "operator", "hostname": socket.gethostname(), "timestamp": "now"}
    file = directory / f"{len([*directory.iterdir()])}.json"
    file.write_text(json.dumps({**known, **content}))
    return file


def lock_of(state: Path, pid: int) -> Lock:
    write_lock(state, pid=pid)
    (lock,) = locks(state.as_uri(), STACK)
    return lock


def test_the_locks_of_a_stack_are_found_in_its_state_directory(tmp_path: Path) -> None:
    file = write_lock(tmp_path, hostname="elsewhere", pid=7)
    write_lock(tmp_path, stack="organization/ixn/other")

    (lock,) = locks(tmp_path.as_uri(), STACK)

    assert (lock.file, lock.pid, lock.local) == (file, 7, False)
    assert "process 7 of operator on elsewhere" in str(lock)


def test_the_backend_may_be_the_home_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    write_lock(tmp_path)
    assert len(locks("file://~", STACK)) == 1


@pytest.mark.parametrize("backend", ["s3://bucket", "https://api.pulumi.com", "file:///nowhere"])
def test_other_backends_have_no_locks_that_can_be_read(backend: str) -> None:
    assert not locks(backend, STACK)


def test_a_lock_is_held_while_its_engine_runs(tmp_path: Path) -> None:
    engine = tmp_path / "pulumi"
    shutil.copyfile("/bin/sleep", engine)
    engine.chmod(0o755)
    with subprocess.Popen([engine, "60"]) as process:
        lock = lock_of(tmp_path, process.pid)
        assert lock.local
        assert lock.held
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert not lock.held  # although its parent has not noticed yet
    assert not lock.held


def test_another_program_with_the_number_of_the_engine_holds_no_lock(tmp_path: Path) -> None:
    assert not lock_of(tmp_path, os.getpid()).held
