"""The suite notices: bugs are seeded into a copy of the library, one at a time."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.seeded.bugs import BUGS, Bug

CHECKOUT = Path(__file__).parents[2]
SECONDS = 300
TESTS_FAILED = 1
"""pytest's exit status where tests ran and some failed; others mean that it could not run them."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the library to break."""
    shutil.copytree(CHECKOUT / "components", tmp_path / "components", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "components"


def suite(copy: Path, tests: str) -> subprocess.CompletedProcess[str]:
    """Run tests of the suite against the copy."""
    environ = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", tests]
    return subprocess.run(
        command, cwd=CHECKOUT, env=environ, capture_output=True, text=True, timeout=SECONDS, check=False
    )


@pytest.mark.parametrize("name", BUGS)
def test_the_suite_notices_that(name: str, copy: Path) -> None:
    bug: Bug = BUGS[name]
    file = copy / "pulumi_ixn" / bug.file
    text = file.read_text(encoding="utf-8")
    assert text.count(bug.right) >= 1, "the bug is out of date: what it changes is no longer there"
    file.write_text(text.replace(bug.right, bug.wrong, 1), encoding="utf-8")

    run = suite(copy, bug.tests)

    assert run.returncode == TESTS_FAILED, run.stdout + run.stderr


def test_the_suite_runs_against_the_copy_and_passes_where_nothing_is_broken(copy: Path) -> None:
    (copy / "pulumi_ixn" / "spec.py").open("a", encoding="utf-8").write("\nCOPIED = True\n")
    look = "import pulumi_ixn.spec; assert pulumi_ixn.spec.COPIED"
    environ = {**os.environ, "PYTHONPATH": str(copy)}
    subprocess.run([sys.executable, "-c", look], cwd=CHECKOUT, env=environ, check=True, timeout=SECONDS)

    run = suite(copy, "tests/unit/test_isolation.py")

    assert run.returncode == 0, run.stdout + run.stderr
