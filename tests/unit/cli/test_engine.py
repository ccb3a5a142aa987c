import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import atexit, pathlib, sys
from pulumi_ixn.cli.engine import become
from pulumi_ixn.cli.project import Project
atexit.register(pathlib.Path("key").unlink)
become(Project(pathlib.Path("project"), "dev"), "up", "--yes")
"""


def test_a_process_that_becomes_the_engine_cleans_up_first(tmp_path: Path) -> None:
    pulumi = tmp_path / "bin" / "pulumi"
    pulumi.parent.mkdir()
    pulumi.write_text('#!/bin/sh\necho "$PWD: $*"\n', encoding="utf-8")
    pulumi.chmod(0o755)
    (tmp_path / "project").mkdir()
    (tmp_path / "key").touch()
    environ = {**os.environ, "PATH": f"{pulumi.parent}{os.pathsep}{os.environ['PATH']}"}

    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=tmp_path, env=environ, capture_output=True, text=True, check=True
    )

    assert ended.stdout == f"{tmp_path / 'project'}: up --stack dev --yes\n"
    assert not (tmp_path / "key").exists()
