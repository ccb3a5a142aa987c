"""`ixn images`: what it prints, without a cluster."""

import json
from pathlib import Path
from typing import Any

import pytest
from pulumi_ixn.cli.commands import app
from pulumi_ixn.cli.project import Project
from pulumi_ixn.config import load
from typer.testing import CliRunner, Result

from tests.unit.config.stacks import change, stack_config

DIGEST = f"sha256:{'0' * 64}"


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the command on the settings of the stack dev; whatever asks a cluster fails."""
    settings = load(change(stack_config("dev"), {"ixnVQNode.image.digest": DIGEST}))
    monkeypatch.setattr(Project, "settings", settings)
    monkeypatch.setattr(Project, "cluster", None)

    def run(*options: str) -> Result:
        found = CliRunner().invoke(app, ["images", "--stack", "dev", "--cwd", str(Path()), *options])
        assert found.exit_code == 0, found.output
        return found

    return run


def test_the_images_are_printed_one_a_line(invoke: Any) -> None:
    assert invoke().stdout.splitlines() == [
        "registry.example.com/ixn/interaction_server:100.0.007.0400",
        "registry.example.com/ixn/ixn_node:100.0.008.0501",
        f"registry.example.com/ixn/ixn_vq_node:100.0.008.0201@{DIGEST}",
    ]


def test_the_json_has_the_parts_of_each_image(invoke: Any) -> None:
    *_, last = json.loads(invoke("--json").stdout)

    assert last == {
        "image": f"registry.example.com/ixn/ixn_vq_node:100.0.008.0201@{DIGEST}",
        "registry": "registry.example.com",
        "repository": "ixn/ixn_vq_node",
        "tag": "100.0.008.0201",
        "digest": DIGEST,
        "usedBy": ["ixn-vqnode"],
    }
