"""The analyser, an independent judge of what our policies allow."""

import os
from pathlib import Path

import pytest

from tools.builder import built


@pytest.fixture(scope="session")
def netpolicy() -> Path:
    """Return the analyser's program; the first use of a machine builds it."""
    return built(["netpolicy"], os.environ)["netpolicy"]
