"""The package on the real engine, with and without what it does for safety."""

import io
import os
from collections.abc import Mapping
from contextlib import redirect_stderr
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import yaml

from benchmarks.cluster import stack
from benchmarks.cluster.contender import Command, Contender
from benchmarks.tenants import CHECKOUT
from tests.engine.project import Project, make_project
from tools.cluster.client import Client
from tools.cluster.credentials import CONTEXT
from tools.engine import invoke
from tools.engine.acquire import acquire
from tools.engine.checkout import Checkout
from tools.engine.plugins import plugins
from tools.report import say

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
    tuned = {name: value for name, value in os.environ.items() if name.startswith("PULUMI_DIY_BACKEND_")}
    project = replace(project, environ={**project.environ, **tuned, "KUBECONFIG": str(client.kubeconfig)})
    target = {"ixn:target": {"context": CONTEXT}, "ixn:protect": False}
    config = {**stack.config(count), **target, "ixn:preflight": safety.preflight}
    content = {**yaml.safe_load(project.stack_file.read_text(encoding="utf-8")), "config": config}
    project.stack_file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    up = _command(project, "up", *UNATTENDED, *(["--refresh"] if safety.refresh else []))
    return Contender(first=[up], again=[up], delete=[_command(project, "destroy", *UNATTENDED)])


def report_versions() -> None:
    """Print the engine and the plugins that are used; install or build them if necessary."""
    engine = acquire(CHECKOUT, os.environ)
    say(f"pulumi {engine.version}: {engine.origin}")
    for each in plugins(engine, os.environ):
        each.report()


def _command(project: Project, *arguments: str) -> Command:
    """Return a `pulumi` command line; create the stack if necessary, so that this is not measured."""
    arguments = (*arguments, "--stack", project.stack)
    with redirect_stderr(io.StringIO()):  # report_versions has printed it
        program, environ = invoke.prepare(Checkout(project.root), arguments, project.environ)
    return Command([program, *arguments], environ, project.root)
