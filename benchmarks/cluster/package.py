"""The package on the real engine, with and without what it does for safety."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import yaml

from benchmarks.cluster import stack
from benchmarks.cluster.contender import Command, Contender
from tests.engine.project import Project, make_project
from tools.cluster.client import Client
from tools.cluster.credentials import CONTEXT
from tools.engine import invoke
from tools.engine.checkout import Checkout

UNATTENDED = ("--yes", "--skip-preview", "--suppress-outputs")


@dataclass(frozen=True)
class Safety:
    """What is done before an update: the checks of the stack and its cluster, and a refresh of the state."""

    preflight: bool
    refresh: bool


VARIANTS: Mapping[str, Safety] = MappingProxyType(
    {
        "up": Safety(preflight=False, refresh=False),
        "up-preflight": Safety(preflight=True, refresh=False),
        "up-refresh": Safety(preflight=False, refresh=True),
        "up-preflight-refresh": Safety(preflight=True, refresh=True),
    }
)
"""The compared variants of `up`. The last one does what `make up` does."""


def contender(client: Client, directory: Path, count: int, safety: Safety) -> Contender:
    """Return `up`, `up` and `destroy` of a new stack of `count` tenants, with its project in `directory`."""
    project = make_project(directory)
    project = replace(project, environ={**project.environ, "KUBECONFIG": str(client.kubeconfig)})
    config = {**stack.config(count), "ixn:target": {"context": CONTEXT}, "ixn:preflight": safety.preflight}
    content = {**yaml.safe_load(project.stack_file.read_text(encoding="utf-8")), "config": config}
    project.stack_file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    up = _command(project, "up", *UNATTENDED, *(["--refresh"] if safety.refresh else []))
    return Contender(first=[up], again=[up], delete=[_command(project, "destroy", *UNATTENDED)])


def _command(project: Project, *arguments: str) -> Command:
    """Return a `pulumi` command line; create the stack if necessary, so that this is not measured."""
    arguments = (*arguments, "--stack", project.stack)
    program, environ = invoke.prepare(Checkout(project.root), arguments, project.environ)
    return Command([program, *arguments], environ, project.root)
