"""Commands of the engine on a stack. Secret values stay encrypted, or are passed on stdin."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

from pulumi_ixn.cli.project import CommandError, Project
from pulumi_ixn.live.cluster import Object
from pulumi_ixn.stack_cluster import PREFLIGHT


def exported_state(project: Project) -> Object:
    """Return the state, as `pulumi stack export` prints it. Raises CommandError."""
    return json.loads(_succeeded(run(project, "stack", "export")).stdout)


def import_state(project: Project, state: Object) -> None:
    """Replace the state; the engine locks the stack and checks the integrity. Raises CommandError."""
    _succeeded(run(project, "stack", "import", stdin=json.dumps(state)))


def backend_url(project: Project) -> str:
    """Return the URL of the state's backend. Raises CommandError."""
    return json.loads(_succeeded(run(project, "whoami", "--json", named=False)).stdout)["url"]


def unlock(project: Project) -> None:
    """Remove all locks of the stack. Raises CommandError."""
    _succeeded(run(project, "cancel", "--yes", project.stack, named=False))


def create(project: Project, urns: Sequence[str]) -> None:
    """Create these resources only. Raises CommandError."""
    targets = [word for urn in urns for word in ("--target", urn)]
    _succeeded(run(project, "up", "--yes", "--skip-preview", "--refresh=false", *targets))


def preview(project: Project) -> Object:
    """Return the plan, as `pulumi preview --json` prints it, without a refresh. Raises CommandError."""
    ended = run(project, "preview", "--json", "--refresh=false")
    if not ended.returncode:
        return json.loads(ended.stdout)
    raise CommandError("\n".join(_errors(ended.stdout)) or _message(ended))


def become(project: Project, *arguments: str) -> NoReturn:
    """Replace this process by a command of the engine on the stack, in the directory of the project."""
    sys.stdout.flush()  # a process that is replaced does not exit
    os.chdir(project.root)
    os.execvp("pulumi", ["pulumi", arguments[0], "--stack", project.stack, *arguments[1:]])


def run(
    project: Project, *arguments: str, stdin: str = "", named: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run a command of the engine, unattended; `named` ones get the stack as an option.

    The program of the stack runs without its checks of the cluster: what they find is to be recovered from.
    """
    command = ["pulumi", *arguments, "--non-interactive", *(["--stack", project.stack] if named else [])]
    environ = {**os.environ, PREFLIGHT: "false"}
    try:
        return subprocess.run(
            command, cwd=project.root, env=environ, input=stdin, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise CommandError(f"{error.filename}: not found") from None


def _succeeded(ended: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
    if ended.returncode:
        raise CommandError(_message(ended))
    return ended


def _errors(plan: str) -> Sequence[str]:
    """Return the errors in what `pulumi preview --json` printed."""
    try:
        diagnostics: Sequence[Mapping[str, str]] = json.loads(plan).get("diagnostics") or []
    except ValueError:
        return ()
    return [each["message"].strip() for each in diagnostics if each.get("severity") == "error"]


def _message(ended: subprocess.CompletedProcess[str]) -> str:
    lines = (ended.stderr or ended.stdout).strip()
    return lines.rpartition("error: ")[2].strip() or f"`{' '.join(ended.args)}` failed"
