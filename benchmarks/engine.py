"""`up` on the real engine, of the package's program and of the flat one, each on a project of its own."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

from benchmarks import flat
from benchmarks.tenants import CHECKOUT, config
from tests.engine.project import Project, make_project


def up_seconds(which: str, count: int) -> float:
    """Return the seconds of the first `up` of `count` tenants, by the package's program or the flat one."""
    with tempfile.TemporaryDirectory() as directory:
        project = make_project(Path(directory))
        # The dev stack's, with its secrets provider.
        stack = {**yaml.safe_load(project.stack_file.read_text(encoding="utf-8")), "config": config(count)}
        project.stack_file.write_text(yaml.safe_dump(stack, sort_keys=False), encoding="utf-8")
        if which == "flat":
            _write_flat(project, count)
        # Not measured: what a project needs once.
        project.run("stack", "init", project.stack, "--secrets-provider", "passphrase").succeeded()
        start = time.perf_counter()
        project.up()
        return time.perf_counter() - start


def _write_flat(project: Project, count: int) -> None:
    records = project.root / "records.json"
    command = [sys.executable, "-m", "benchmarks.program", "record", str(count), str(records)]
    answer = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout)["resources"]
    (project.root / "__main__.py").write_text(flat.program(records), encoding="utf-8")
