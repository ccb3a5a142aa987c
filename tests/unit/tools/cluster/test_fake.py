"""Clusters of simulated nodes that stay up: started, interrupted, started at once."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator

import pytest

from tools.cluster import node
from tools.cluster.network import Network
from tools.cluster.record import CHECKOUT, Record, directory_of, read_record


@pytest.fixture
def name() -> Generator[str]:
    """Return the name of a cluster that ends with the test."""
    name = f"k{os.getpid()}"
    yield name
    node.stop(name)
    shutil.rmtree(directory_of(name).with_name(f"{name}-logs"), ignore_errors=True)
    assert not directory_of(name).exists()


def start(name: str, count: int = 1) -> subprocess.Popen[str]:
    # The background jobs of a shell without a terminal, such as CI, ignore interrupts, and so would this.
    interruptible = ["env", "--default-signal=INT"]
    command = [
        *interruptible,
        sys.executable,
        "-m",
        "tools.cluster",
        "up",
        "--name",
        name,
        "--fake-nodes",
        str(count),
    ]
    return subprocess.Popen(command, cwd=CHECKOUT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str]) -> str:
    return process.communicate(timeout=180)[1]


def test_a_cluster_can_start_after_a_killed_start(name: str) -> None:
    interrupted = start(name)
    deadline = time.monotonic() + 60
    while not ((record := read_record(name)) and record.running()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    interrupted.kill()
    interrupted.communicate()
    assert "is up after" in said(start(name))
    assert "is up already" in said(start(name))


def test_two_simultaneous_starts_give_one_cluster(name: str) -> None:
    both = [start(name), start(name)]
    outcomes = [said(each) for each in both]
    assert [each.returncode for each in both] == [0, 0], outcomes
    assert sorted("waiting for another run" in each for each in outcomes) == [False, True]


def test_an_interrupt_prints_no_traceback(name: str) -> None:
    process = start(name)
    deadline = time.monotonic() + 60
    while not directory_of(name).exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    assert said(process) == ""
    assert process.returncode == 128 + signal.SIGINT
    assert not directory_of(name).exists()


def test_simulated_nodes_are_rejected_next_to_a_real_one(name: str) -> None:
    directory_of(name).mkdir(parents=True)
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)", str(directory_of(name))]
    # A substitute for a node's first process, which needs root.
    process = subprocess.Popen(sleeper)
    try:
        Record(name, Network("ixn-none", 0), process.pid, ready=True).write()
        assert "real node" in said(start(name))
    finally:
        process.kill()
        process.communicate()
        Record(name).write()


def test_a_negative_number_of_nodes_is_rejected(name: str) -> None:
    assert "FAKE_NODES=-1" in said(start(name, -1))
