import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.engine import bootstrap


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a checkout in a directory of its own."""
    root = tmp_path / "checkout"
    (root / "requirements").mkdir(parents=True)
    (root / "requirements" / "dev.txt").write_text("rich==1\n")
    (root / "pyproject.toml").write_text("")
    return root


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record what is run; a new environment is only a link to this one."""
    done: list[str] = []

    def run(command: list[str]) -> None:
        if command[1:3] == ["-m", "venv"]:
            python = Path(command[3]) / "bin" / "python"
            python.parent.mkdir(parents=True)
            python.symlink_to(sys.executable)
        done.append("venv" if command[2] == "venv" else "project" if "--editable" in command else "packages")

    monkeypatch.setattr(bootstrap, "run", run)
    return done


def test_an_environment_is_made_once(root: Path, steps: list[str]) -> None:
    bootstrap.main(root)
    bootstrap.main(root)

    assert steps == ["venv", "packages", "project"]


def change_requirements(root: Path) -> None:
    (root / "requirements" / "dev.txt").write_text("rich==2\n")


def remove_interpreter(root: Path) -> None:
    (root / ".venv" / "bin" / "python").unlink()


def stop_half_way(root: Path) -> None:
    (root / ".venv" / "made-from").unlink()


@pytest.mark.parametrize("damage", [change_requirements, remove_interpreter, stop_half_way])
def test_an_environment_that_is_not_whole_or_out_of_date_is_made_again(
    root: Path, steps: list[str], damage: Callable[[Path], None]
) -> None:
    bootstrap.main(root)
    damage(root)
    bootstrap.main(root)

    assert steps == ["venv", "packages", "project"] * 2


def test_an_environment_that_was_moved_is_made_again(root: Path, steps: list[str], tmp_path: Path) -> None:
    bootstrap.main(root)
    shutil.move(root, tmp_path / "moved")
    bootstrap.main(tmp_path / "moved")

    assert steps == ["venv", "packages", "project"] * 2


def test_a_change_of_the_project_installs_only_the_project(root: Path, steps: list[str]) -> None:
    bootstrap.main(root)
    (root / "pyproject.toml").write_text("changed")
    bootstrap.main(root)

    assert steps == ["venv", "packages", "project", "project"]


def test_an_old_python_is_rejected_with_the_version_that_is_needed() -> None:
    with pytest.raises(SystemExit, match=r"Python 3\.11 or later is needed"):
        bootstrap.check_interpreter((3, 9))


def test_without_venv_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "runs", lambda command: False)  # pyright: ignore

    with pytest.raises(SystemExit, match="lacks venv"):
        bootstrap.check_interpreter((3, 12))


def test_a_command_that_fails_ends_it() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(Path(bootstrap.__file__).parent)!r}); import bootstrap;"
        "bootstrap.run([sys.executable, '-c', \"print('no such package'); raise SystemExit(1)\"])"
    )

    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert finished.returncode == 1
    assert finished.stdout == ""
    assert "no such package" in finished.stderr


@pytest.mark.parametrize("name", ["bootstrap", "clean"])
def test_it_needs_nothing_but_the_standard_library(name: str) -> None:
    file = Path(bootstrap.__file__).with_name(f"{name}.py")
    code = f"import runpy; runpy.run_path({str(file)!r}, run_name='imported')"

    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True)
