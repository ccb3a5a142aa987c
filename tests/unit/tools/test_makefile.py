"""What `make` would run, in a checkout of a few files."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).parents[3] / "Makefile"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a checkout."""
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "dev.txt").touch()
    (tmp_path / "pyproject.toml").touch()
    shutil.copy(MAKEFILE, tmp_path)
    return tmp_path


def make(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(["make", *arguments], cwd=root, env=environ, capture_output=True, text=True, check=False)


def test_the_stack_local_is_deployed_to_the_named_cluster(root: Path) -> None:
    assert "--name 'other'" in make(root, "--dry-run", "up", "STACK=local", "NAME=other").stdout
    assert "--name 'local'" in make(root, "--dry-run", "up", "STACK=local").stdout
