"""The programs of a checkout that generate manifests: its own with each stack file, and each example."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Case:
    """A Pulumi project and a stack of it; `config` holds the values by full key."""

    name: str
    project: Path
    stack: str
    config: Mapping[str, Any]


def examples_of(root: Path) -> list[Case]:
    """Return each stack of each example in the checkout at `root`: all tests of examples take them from here."""
    return [case for case in cases_of(root) if case.project != root]


def cases_of(root: Path) -> Iterator[Case]:
    """Yield each stack of each project in the checkout at `root`, except the projects of tests."""
    for project_file in (root / "Pulumi.yaml", *sorted(root.glob("examples/*/Pulumi.yaml"))):
        project = project_file.parent
        for file in sorted(project.glob("Pulumi.?*.yaml")):
            stack = file.name.removeprefix("Pulumi.").removesuffix(".yaml")
            config = yaml.safe_load(file.read_text(encoding="utf-8")).get("config") or {}
            prefix = "" if project == root else f"{project.name}/"
            yield Case(f"{prefix}{stack}", project, stack, config)
