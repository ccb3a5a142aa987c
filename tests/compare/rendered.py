"""Generate manifests with the real engine and a provider that renders them to files."""

import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from tests.compare.cases import Case
from tests.compare.mocks import by_name
from tests.engine.project import project_at


def generate(root: Path, case: Case) -> dict[str, Mapping[str, Any]]:
    """Return the objects of `case` by kind, namespace and name."""
    with TemporaryDirectory() as directory:
        copy = Path(directory, "project")
        shutil.copytree(case.project, copy, ignore=shutil.ignore_patterns("components", "examples", "tests"))
        stack_file = copy / f"Pulumi.{case.stack}.yaml"
        content = yaml.safe_load(stack_file.read_text(encoding="utf-8"))
        content["config"] = rendering(content["config"])
        stack_file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
        project = project_at(copy, passphrase="")
        environ = {**project.environ, "PYTHONPATH": str(root / "components")}
        project = replace(project, environ=environ, stack=case.stack)
        try:
            project.up()
        except AssertionError as error:
            sys.exit(f"{root.name}: {case.name} on the engine: {error}")
        return by_name([yaml.safe_load(text) for text in project.files().values()])


def rendering(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return `config` with manifests as the target, and with existing Secrets alone.

    Generated passwords, and the salted digests of written Secrets, differ from run to run.
    """
    if "ixn:target" not in config:
        return dict(config)
    return _with_existing_secrets({**config, "ixn:target": {"render": True}})


def _with_existing_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() & {"generated", "written", "managed"}:
            return {"existing": {}}
        return {key: _with_existing_secrets(each) for key, each in value.items()}
    return [_with_existing_secrets(each) for each in value] if isinstance(value, list) else value
