"""Plain Pulumi in a fresh clone, without make and tools/pulumi, as README.md has it."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.engine.wheels import CHECKOUT, NOT_SOURCES
from tools.engine.acquire import LANGUAGE_HOST, Engine, acquire
from tools.engine.plugins import plugins

SECONDS = 300
"""For the package's requirements, from the registry: under a minute."""


@dataclass(frozen=True)
class Clone:
    """A clone of the project and the shell of an operator who has Pulumi on PATH."""

    root: Path
    environ: Mapping[str, str]

    def run(self, *command: str) -> str:
        """Run a command in the clone; fail the test if it fails."""
        answer = subprocess.run(
            command,
            cwd=self.root,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert answer.returncode == 0, f"{command}: {answer.stdout}\n{answer.stderr}"
        return answer.stdout


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    root = tmp_path / "ixn"
    shutil.copytree(CHECKOUT, root, ignore=NOT_SOURCES)
    shutil.copyfile(CHECKOUT / ".gitignore", root / ".gitignore")
    engine = acquire(CHECKOUT, os.environ)
    programs = [engine.pulumi.parent, _host(engine, tmp_path / "host"), *_plugins(engine)]
    clone = Clone(
        root,
        {
            **{name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")},
            "PATH": os.pathsep.join([*map(str, programs), os.environ["PATH"]]),
            "PULUMI_HOME": str(tmp_path / "home"),
            "PULUMI_BACKEND_URL": (tmp_path / "state").as_uri(),  # as `pulumi login` chooses
            "PULUMI_CONFIG_PASSPHRASE": "",
        },
    )
    (tmp_path / "state").mkdir()
    clone.run("git", "init", "--quiet")
    clone.run("git", "add", "--all")
    author = ("-c", "user.name=operator", "-c", "user.email=operator@example.com")
    clone.run("git", *author, "commit", "--quiet", "--message", "Clone")
    return clone


def test_install_init_and_up_change_no_tracked_file(clone: Clone) -> None:
    # The plugins are on PATH already: not every machine can download them.
    clone.run("pulumi", "install", "--no-plugins")
    clone.run("pulumi", "stack", "init", "dev", "--secrets-provider", "passphrase")
    clone.run("pulumi", "up", "--yes")

    rows = clone.run("pulumi", "stack", "output", "connections", "--json")
    assert rows.count('"tenant"') == 19
    assert (clone.root / ".venv" / "bin" / "python").exists()
    assert clone.run("git", "status", "--porcelain") == ""


def _host(engine: Engine, directory: Path) -> Path:
    """Return the directory of the language host; one built from source takes the virtual environment as a flag."""
    if not engine.origin.startswith("built"):
        return engine.host.parent
    directory.mkdir()
    script = directory / LANGUAGE_HOST
    script.write_text(f'#!/bin/sh\nexec "{engine.host}" -virtualenv .venv "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return directory


def _plugins(engine: Engine) -> list[Path]:
    return [plugin.directory for plugin in plugins(engine, os.environ) if plugin.directory]
