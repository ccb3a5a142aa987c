"""`make environment`, in a checkout of a few files, with a Python that only records its calls."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).parents[3] / "Makefile"

PYTHON = """#!/bin/sh
case "$*" in
"-c "*) exit 0 ;;
"-m venv "*) step=venv; mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
*--requirement*) step=packages ;;
*--editable*) step=project ;;
esac
echo "$step" | tee -a steps
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a checkout."""
    root = tmp_path / "checkout"
    (root / "requirements").mkdir(parents=True)
    (root / "requirements" / "dev.txt").touch()
    (root / "pyproject.toml").touch()
    shutil.copy(MAKEFILE, root)
    (root / "python").write_text(PYTHON)
    (root / "python").chmod(0o755)
    return root


def start(root: Path) -> subprocess.Popen[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.Popen(
        ["make", "--silent", "environment"],
        cwd=root,
        env={**environ, "PYTHON": f"{root}/python"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def made(root: Path) -> list[str]:
    """Make the environment, and return all steps that were ever taken."""
    process = start(root)
    stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout) == (0, ""), stderr  # stdout belongs to what follows
    return (root / "steps").read_text().split()


def failure(root: Path, python: str) -> str:
    """Return the error output for a Python that cannot create the environment."""
    (root / "python").write_text(python)
    process = start(root)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode
    assert stdout == ""
    return stderr


def change_requirements(root: Path) -> None:
    later = (root / ".venv" / "made-in").stat().st_mtime + 1
    os.utime(root / "requirements" / "dev.txt", (later, later))


def remove_interpreter(root: Path) -> None:
    (root / ".venv" / "bin" / "python").unlink()


def stop_half_way(root: Path) -> None:
    (root / ".venv" / "made-in").unlink()


def test_an_environment_is_created_once(root: Path) -> None:
    made(root)

    assert made(root) == ["venv", "packages", "project"]


@pytest.mark.parametrize("damage", [change_requirements, remove_interpreter, stop_half_way])
def test_an_incomplete_or_outdated_environment_is_replaced(root: Path, damage: Callable[[Path], None]) -> None:
    made(root)
    leftover = root / ".venv" / "leftover"
    leftover.touch()
    damage(root)

    assert made(root) == ["venv", "packages", "project"] * 2
    assert not leftover.exists()


def test_a_moved_environment_is_replaced(root: Path, tmp_path: Path) -> None:
    made(root)
    moved = root.rename(tmp_path / "moved")

    assert made(moved) == ["venv", "packages", "project"] * 2


def test_a_changed_project_reinstalls_only_the_project(root: Path) -> None:
    made(root)
    later = (root / ".venv" / "installed").stat().st_mtime + 1
    os.utime(root / "pyproject.toml", (later, later))

    assert made(root) == ["venv", "packages", "project", "project"]


def test_two_simultaneous_commands_create_the_environment_once(root: Path) -> None:
    first, second = start(root), start(root)
    first.communicate(timeout=60)
    second.communicate(timeout=60)

    assert (first.returncode, second.returncode) == (0, 0)
    assert (root / "steps").read_text().split() == ["venv", "packages", "project"]


def test_an_old_python_is_rejected_with_the_required_version(root: Path) -> None:
    assert "3.11 or later" in failure(root, '#!/bin/sh\ncase "$*" in *version_info*) exit 1 ;; esac\n')


def test_without_venv_the_error_names_it(root: Path) -> None:
    assert "lacks venv" in failure(root, '#!/bin/sh\ncase "$*" in *venv*) exit 1 ;; esac\n')


def test_a_failed_step_fails_the_command_and_is_repeated(root: Path) -> None:
    broken = PYTHON.replace("step=packages", "echo no such package; exit 1")

    assert "no such package" in failure(root, broken)
    (root / "python").write_text(PYTHON)
    assert made(root)[-3:] == ["venv", "packages", "project"]
