"""`make up STACK=local` on a cluster of another name."""

import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from tools.cluster import node
from tools.cluster.record import CHECKOUT


@pytest.fixture
def name(able: None) -> Generator[str]:
    """Return the name of a cluster that ends with the test."""
    name = f"l{os.getpid()}"
    yield name
    node.stop(name)


def test_the_stack_can_be_deployed_to_a_restarted_cluster(name: str, tmp_path: Path) -> None:
    # Not the checkout's state: a developer's stack `local` may be in it.
    environ = {**os.environ, "PULUMI_BACKEND_URL": tmp_path.as_uri(), "PULUMI_CONFIG_PASSPHRASE": ""}
    environ.pop("PULUMI_CONFIG_PASSPHRASE_FILE", None)
    init = ["tools/pulumi", "stack", "init", "local", "--no-select", "--secrets-provider", "passphrase"]
    stack_file = CHECKOUT / "Pulumi.local.yaml"
    before = stack_file.read_bytes()
    try:
        subprocess.run(init, cwd=CHECKOUT, env=environ, check=True)
    finally:
        stack_file.write_bytes(before)
    assert "19 of 19 connections work" in up(name, environ)
    node.stop(name)
    assert "19 of 19 connections work" in up(name, environ)


def up(name: str, environ: dict[str, str]) -> str:
    """Deploy the stack and return the output."""
    command = [sys.executable, "-m", "tools.cluster.local", "local", "--name", name, "--yes"]
    ended = subprocess.run(command, cwd=CHECKOUT, env=environ, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stderr
