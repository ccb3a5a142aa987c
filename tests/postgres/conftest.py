"""A server of each version for all tests of a process; each test has databases and roles of its own."""

import itertools
from collections.abc import Iterator

import pytest

from tests.postgres.installations import INSTALLATIONS
from tests.postgres.runs import Workload
from tests.postgres.server import Server, server

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session", params=list(INSTALLATIONS))
def postgres(request: pytest.FixtureRequest) -> Iterator[Server]:
    with server(request.param) as started:
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
