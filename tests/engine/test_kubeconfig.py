"""A stack that renders manifests, with various values of KUBECONFIG."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.project import Project

KUBECONFIG = {
    "apiVersion": "v1",
    "kind": "Config",
    "clusters": [{"name": "east", "cluster": {"server": "https://127.0.0.1:1"}}],
    "users": [{"name": "operator", "user": {"token": "none"}}],
    "contexts": [{"name": "east", "context": {"cluster": "east", "user": "operator"}}],
    "current-context": "east",
}


def variable(kind: str, directory: Path) -> str:
    content = json.dumps(KUBECONFIG)
    for name in ("first", "second"):
        (directory / name).write_text(content, encoding="utf-8")
    return {
        "a file": str(directory / "first"),
        "several files": os.pathsep.join(str(directory / name) for name in ("first", "second")),
        "a missing file": str(directory / "missing"),
        "its content": content,
    }[kind]


@pytest.mark.parametrize("kind", ["a file", "several files", "a missing file", "its content"])
def test_manifests_are_rendered_with_any_kubeconfig(project: Project, tmp_path: Path, kind: str) -> None:
    project = replace(project, environ={**project.environ, "KUBECONFIG": variable(kind, tmp_path)})

    project.up()

    assert "StatefulSet/ixn-server-100" in project.manifests()
    project.pulumi("preview", "--expect-no-changes")
