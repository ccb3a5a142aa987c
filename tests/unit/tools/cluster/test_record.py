"""Which clusters there are, and whether they run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.cluster import record
from tools.cluster.network import Network
from tools.cluster.record import Record, directory_of, read_record
from tools.errors import UserError


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "CHECKOUT", tmp_path)


def test_a_record_is_read_as_it_was_written() -> None:
    directory_of("local").mkdir(parents=True)
    written = Record("local", Network("ixn-local", 7), 4242)
    written.write()
    assert read_record("local") == written
    assert read_record("other") is None


def test_a_process_that_reuses_the_pid_is_not_the_cluster() -> None:
    assert not Record("local", pid=os.getpid()).running()


def test_a_process_with_the_working_directory_is_the_cluster() -> None:
    sleeper = [
        sys.executable,
        "-c",
        "import time; print('up', flush=True); time.sleep(60)",
        str(directory_of("local")),
    ]
    process = subprocess.Popen(sleeper, stdout=subprocess.PIPE)
    try:
        assert process.stdout
        process.stdout.readline()
        assert Record("local", pid=process.pid).running()
    finally:
        process.kill()
        process.communicate()
    assert not Record("local", pid=process.pid).running()


@pytest.mark.parametrize("name", ["", "Local", "a/b", "..", "a-name-too-long", "1st"])
def test_a_name_that_is_invalid_for_an_interface_is_rejected(name: str) -> None:
    with pytest.raises(UserError, match="cluster name"):
        directory_of(name)
