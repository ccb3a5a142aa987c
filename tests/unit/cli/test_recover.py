"""`ixn recover` up to its first change, with an engine that knows one stack; tests/cluster has the real one."""

import json
import os
from pathlib import Path

import pytest
from pulumi_ixn.cli.commands import app
from typer.testing import CliRunner, Result

from tests.unit.cli.test_locks import write_lock

ENGINE = """#!/bin/sh
case "$*" in
*whoami*) printf '{"url": "file://%s"}' "$STATE" ;;
*--show-name*|*select*|version*) echo v3.274.1 ;;
*) echo "error: passphrase must be set" >&2; exit 1 ;;
esac
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's directory, with the engine and its state beside it."""
    programs, directory = tmp_path / "bin", tmp_path / "project"
    programs.mkdir()
    directory.mkdir()
    (programs / "pulumi").write_text(ENGINE)
    (programs / "pulumi").chmod(0o755)
    (directory / "Pulumi.yaml").write_text(json.dumps({"name": "ixn", "runtime": "python"}))
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("STATE", str(tmp_path))
    return directory


def recover(project: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["recover", "--stack", "dev", "--cwd", str(project), "--yes", *options])


def test_a_lock_from_another_host_is_refused_unless_it_is_confirmed(project: Path) -> None:
    lock = write_lock(project.parent, hostname="elsewhere")

    refused = recover(project)
    assert refused.exit_code == 1
    assert "elsewhere" in refused.stderr
    assert "--unlock" in refused.stderr

    assert "passphrase" in recover(project, "--unlock").stderr
    assert lock.exists()  # nothing changes before everything is known


def test_an_error_of_the_engine_is_printed_without_a_traceback(project: Path) -> None:
    failed = recover(project)

    assert failed.exit_code == 1
    assert failed.stderr.startswith("error: ")
    assert "passphrase must be set" in failed.stderr
    assert isinstance(failed.exception, SystemExit)
