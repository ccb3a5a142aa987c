"""The analyzer, which evaluates policies independently of this package."""

import os
from pathlib import Path

import pytest

from tools.builder import built


@pytest.fixture(scope="session")
def netpolicy() -> Path:
    """Return the analyzer's program, which is built on first use."""
    return built(["netpolicy"], os.environ)["netpolicy"]
