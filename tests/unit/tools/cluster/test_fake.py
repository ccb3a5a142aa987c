"""Clusters of simulated nodes that stay up: started, interrupted, started at once."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Generator

import pytest

from tools.cluster import node
from tools.cluster.record import CHECKOUT, directory_of, read_record


@pytest.fixture
def name() -> Generator[str]:
    """Return the name of a cluster that ends with the test."""
    name = f"k{os.getpid()}"
    yield name
    node.stop(name)
    directory_of(name).with_name(f"{name}.lock").unlink()
    shutil.rmtree(directory_of(name).with_name(f"{name}-logs"), ignore_errors=True)


def start(name: str, count: int = 1) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tools.cluster", "up", "--name", name, "--fake-nodes", str(count)]
    return subprocess.Popen(command, cwd=CHECKOUT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str]) -> str:
    return process.communicate(timeout=180)[1]


def test_a_cluster_whose_start_was_killed_is_started_again(name: str):
    interrupted = start(name)
    deadline = time.monotonic() + 60
    while not ((record := read_record(name)) and record.running()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    interrupted.kill()
    interrupted.communicate()
    assert "is up after" in said(start(name))
    assert "is up already" in said(start(name))


def test_two_starts_at_once_make_one_cluster(name: str):
    both = [start(name), start(name)]
    outcomes = [said(each) for each in both]
    assert [each.returncode for each in both] == [0, 0], outcomes
    assert sorted("waiting for another run" in each for each in outcomes) == [False, True]
