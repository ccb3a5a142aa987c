"""Commands of `ixn` that end as a command of the engine."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import pathlib
from pulumi_ixn.cli.engine import become
from pulumi_ixn.cli.project import Project
print("checked")
become(Project(pathlib.Path("project"), "dev"), "up", "--yes")
"""


def test_a_process_becomes_the_engine_in_the_directory_of_the_project_after_its_own_output(tmp_path: Path) -> None:
    pulumi = tmp_path / "bin" / "pulumi"
    pulumi.parent.mkdir()
    pulumi.write_text('#!/bin/sh\necho "$PWD: $*"\n', encoding="utf-8")
    pulumi.chmod(0o755)
    (tmp_path / "project").mkdir()
    environ = {**os.environ, "PATH": f"{pulumi.parent}{os.pathsep}{os.environ['PATH']}"}

    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=tmp_path, env=environ, capture_output=True, text=True, check=True
    )

    assert ended.stdout.splitlines() == ["checked", f"{tmp_path / 'project'}: up --stack dev --yes"]
