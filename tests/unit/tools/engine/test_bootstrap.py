import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.engine import bootstrap


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "dev.txt").write_text("rich==1\n")
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    bootstrap.python(tmp_path).symlink_to(sys.executable)
    return tmp_path


def finish(root: Path) -> None:
    bootstrap.stamp(root).write_text(bootstrap.fingerprint(root))


def test_a_finished_environment_is_whole(root: Path) -> None:
    finish(root)

    assert bootstrap.is_whole(root)


def test_a_half_made_environment_is_not_whole(root: Path) -> None:
    assert not bootstrap.is_whole(root)


def test_an_environment_made_from_other_requirements_is_not_whole(root: Path) -> None:
    finish(root)
    bootstrap.requirements(root).write_text("rich==2\n")

    assert not bootstrap.is_whole(root)


def test_a_change_of_the_project_installs_it_again_and_leaves_the_environment_alone(root: Path) -> None:
    finish(root)
    bootstrap.project_stamp(root).write_text(bootstrap.digest(root / "pyproject.toml"))
    assert bootstrap.is_installed(root)

    (root / "pyproject.toml").write_text("changed")

    assert bootstrap.is_whole(root)
    assert not bootstrap.is_installed(root)


def test_an_environment_whose_interpreter_is_gone_is_not_whole(root: Path) -> None:
    finish(root)
    bootstrap.python(root).unlink()
    bootstrap.python(root).symlink_to(root / "gone")

    assert not bootstrap.is_whole(root)


def test_an_environment_that_was_moved_is_not_whole(root: Path) -> None:
    finish(root)
    moved = root / "moved"
    moved.mkdir()
    for part in (".venv", "requirements", "pyproject.toml"):
        shutil.move(root / part, moved / part)

    assert not bootstrap.is_whole(moved)


def test_an_old_python_is_told_what_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        bootstrap.check_interpreter((3, 9))

    assert left.value.code == 1
    assert "error: Python 3.11 or later is needed" in capsys.readouterr().err


def test_a_python_without_venv_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "runs", lambda command: False)  # pyright: ignore

    with pytest.raises(SystemExit):
        bootstrap.check_interpreter((3, 12))

    assert "lacks venv" in capsys.readouterr().err


def test_what_fails_is_shown_with_its_last_lines(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bootstrap.run([sys.executable, "-c", "print('no such package'); raise SystemExit(1)"], root)

    assert "no such package" in capsys.readouterr().err


def test_it_needs_nothing_but_the_standard_library() -> None:
    file = Path(bootstrap.__file__)
    code = f"import runpy; runpy.run_path({str(file)!r}, run_name='imported')"

    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True)
