"""The analyser, an independent judge of what our policies allow."""

import os
from pathlib import Path

import pytest

from tools.analyzer import acquire


@pytest.fixture(scope="session")
def netpolicy() -> Path:
    """Return the analyser's program; the first use of a machine builds it."""
    return acquire(os.environ)
