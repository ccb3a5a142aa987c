"""One server for all tests of a process; its databases and roles have names of their own in each test."""

import itertools
from collections.abc import Iterator

import pytest

from tests.postgres.runs import Workload
from tests.postgres.server import Server, server

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    with server() as started:
        yield started


@pytest.fixture
def workload() -> Workload:
    """A workload whose names no other test has."""
    number = next(_NUMBERS)
    return Workload(f"ixn_{number}", f"ixn_role_{number}")


@pytest.fixture
def other() -> Workload:
    """A workload of another tenant."""
    number = next(_NUMBERS)
    return Workload(f"other_{number}", f"other_role_{number}", name="ixn-server-200-db")
