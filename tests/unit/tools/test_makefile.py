"""The commands of `make`, in a checkout of a few files."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tools.cluster.environment import of_clients

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


def test_the_local_stack_is_deployed_to_the_named_cluster(root: Path) -> None:
    assert "--name 'other'" in make(root, "--dry-run", "up", "STACK=local", "NAME=other").stdout
    assert "--name 'local'" in make(root, "--dry-run", "up", "STACK=local").stdout


def test_the_local_stack_bypasses_a_proxy(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "example.com")
    show = ("show", "--eval=show:; @echo $$NO_PROXY")
    assert make(root, *show, "STACK=dev").stdout.split() == ["example.com"]
    assert of_clients({"NO_PROXY": "example.com"})["NO_PROXY"] == make(root, *show, "STACK=local").stdout.strip()


def test_a_comparison_without_a_commit_explains_its_usage(root: Path) -> None:
    ended = make(root, "compare", "--assume-old=environment", "BASE=")
    assert ended.returncode
    assert "BASE=<commit>" in ended.stderr
    assert "Traceback" not in ended.stderr
