"""A project for one test: the checkout's program on the real engine, with all files in another directory."""

import json
import os
import re
import secrets
import shutil
import signal
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tools.engine import invoke
from tools.engine.acquire import pulumi_home
from tools.engine.checkout import Checkout
from tools.process import capture

CHECKOUT = Path(__file__).parents[2]
SECONDS = 180
"""How long one command may take; an `up` of one tenant takes about four seconds."""

SHOWN = 20_000
"""How many characters of a stream are shown with a failure."""

Manifests = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """A command line, with its program's name, and its result."""

    arguments: tuple[str, ...]
    code: int
    stdout: str
    stderr: str

    def __str__(self) -> str:
        said = [f"--- {name}\n{_end(text)}" for name, text in (("stdout", self.stdout), ("stderr", self.stderr))]
        return "\n".join([f"`{' '.join(self.arguments)}` ended with status {self.code}", *said])

    @property
    def output(self) -> str:
        """The output on both streams."""
        return self.stdout + self.stderr

    def succeeded(self) -> "Run":
        """Return this run, or fail the test with its output."""
        if self.code:
            raise AssertionError(str(self))
        return self


@dataclass(frozen=True)
class Project:
    """A directory that holds a Pulumi project, and the environment variables to run it in.

    Commands run as with `make up` and `tools/pulumi`: the engine, the plugins and the variables are what
    `tools.engine` prepares for a checkout.
    """

    root: Path
    environ: Mapping[str, str]
    stack: str = "dev"
    _runs: list[Run] = field(default_factory=list[Run])

    @property
    def last(self) -> Run | None:
        """The last command that was run."""
        return self._runs[-1] if self._runs else None

    @property
    def stack_file(self) -> Path:
        """The tracked stack file."""
        return self.root / f"Pulumi.{self.stack}.yaml"

    @property
    def rendered(self) -> Path:
        """The directory of the rendered manifests."""
        return self.root / "build" / "rendered" / self.stack

    def run(self, *arguments: str, stdin: str = "", engine_only: tuple[str, ...] = ()) -> Run:
        """Run `pulumi ARGUMENTS` and return the result.

        `engine_only` are flags for the engine that the wrapper does not see.
        """
        program, environ = invoke.prepare(Checkout(self.root), arguments, self.environ)
        command = [str(program), *arguments, *engine_only]
        run = _run(command, self.root, environ, stdin)
        self._runs.append(run)
        return run

    def ixn(self, command: str, *arguments: str, stdin: str = "") -> Run:
        """Run `ixn COMMAND` on the stack, as with tools/ixn, and return the result."""
        given = (command, "--stack", self.stack, *arguments)
        _, environ = invoke.prepare(Checkout(self.root), given, self.environ)
        run = _run([str(Path(sys.executable).with_name("ixn")), *given], self.root, environ, stdin)
        self._runs.append(run)
        return run

    def pulumi(self, *arguments: str, stdin: str = "") -> Run:
        """Run `pulumi ARGUMENTS` on the stack; fail the test if the engine fails."""
        return self.run(*arguments, "--stack", self.stack, stdin=stdin).succeeded()

    def up(self, *arguments: str) -> Run:
        """Run `pulumi up` without the preview, which the update repeats."""
        return self.pulumi("up", "--yes", "--skip-preview", "--suppress-outputs", *arguments)

    def set(self, path: str, value: str) -> None:
        """Set a value of the stack's configuration, as an operator does."""
        self.pulumi("config", "set", "--path", path, value)

    def set_secret(self, path: str, value: str) -> None:
        """Set a secret value, which is passed on stdin."""
        self.pulumi("config", "set", "--secret", "--path", path, stdin=value)

    @contextmanager
    def edited(self) -> Generator[dict[str, Any]]:
        """Yield the stack file's config for changes, then write it back."""
        content = yaml.safe_load(self.stack_file.read_text(encoding="utf-8"))
        yield content["config"]
        self.stack_file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")

    def outputs(self) -> dict[str, Any]:
        """Return the stack's outputs."""
        return json.loads(self.pulumi("stack", "output", "--json", "--show-secrets").stdout)

    def connections(self) -> list[dict[str, Any]]:
        """Return the output `connections`, as `stack output connections --json` prints it.

        Policies have the names of their workloads, without the digests.
        """
        rows = json.loads(self.pulumi("stack", "output", "connections", "--json").stdout)
        for rule in (rule for row in rows for rule in row["rules"]):
            rule["policy"] = without_digest(rule["policy"])
        return rows

    def resources(self) -> list[dict[str, Any]]:
        """Return the resources in the state."""
        exported = json.loads(self.pulumi("stack", "export").stdout)
        return exported["deployment"].get("resources") or []

    def files(self) -> dict[str, bytes]:
        """Return the content of the rendered directory by relative path."""
        return {
            str(path.relative_to(self.rendered)): path.read_bytes()
            for path in sorted(self.rendered.rglob("*"))
            if path.is_file()
        }

    def manifests(self) -> Manifests:
        """Return the rendered objects by kind and name, such as `Service/ixn-server-100-headless`.

        A policy has the name of its workload, without the digest.
        """
        objects = [yaml.safe_load(text) for text in self.files().values()]
        named = {_key(each["kind"], each["metadata"]["name"]): each for each in objects}
        assert len(named) == len(objects), "two files hold objects of the same kind and name"
        return named


def make_project(directory: Path, *, own_passphrase: bool = False) -> Project:
    """Make a project in `directory` with the checkout's program and dev stack.

    With `own_passphrase`, the stack is an operator's, whose passphrase is not empty: only there can secrets be
    written into its file.
    """
    root = directory / "project"
    root.mkdir()
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py"):
        shutil.copyfile(CHECKOUT / name, root / name)
    if not own_passphrase:
        return project_at(root)
    stack_file = root / "Pulumi.dev.yaml"
    lines = stack_file.read_text(encoding="utf-8").splitlines(keepends=True)
    stack_file.write_text("".join(line for line in lines if not line.startswith("encryptionsalt")), "utf-8")
    return project_at(root, passphrase=secrets.token_urlsafe(16))


def project_at(root: Path, *, passphrase: str | None = None) -> Project:
    """Return the project whose files are at `root`, with its environment, made beside it."""
    (root / ".venv").symlink_to(sys.prefix)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
    environ["PULUMI_HOME"] = str(_home(root.parent / "pulumi-home"))
    # The components of this checkout, whichever the environment has installed.
    environ["PYTHONPATH"] = str(CHECKOUT / "components")
    if passphrase is not None:
        environ["PULUMI_CONFIG_PASSPHRASE"] = passphrase
    return Project(root, environ)


def _home(directory: Path) -> Path:
    """Create a Pulumi home with the engine and plugins that the user installed."""
    directory.mkdir()
    theirs = pulumi_home(os.environ)
    (theirs / "plugins").mkdir(parents=True, exist_ok=True)
    for name in ("bin", "plugins"):
        if (theirs / name).is_dir():
            (directory / name).symlink_to(theirs / name)
    return directory


def without_digest(policy: str) -> str:
    """Return the name of a policy's workload: a digest of the rules ends the policy's own name."""
    workload, _, digest = policy.rpartition("-")
    assert re.fullmatch("[0-9a-f]{8}", digest), policy
    return workload


def _key(kind: str, name: str) -> str:
    return f"{kind}/{without_digest(name) if kind.endswith('NetworkPolicy') else name}"


def _end(text: str) -> str:
    return text if len(text) <= SHOWN else f"[...]{text[-SHOWN:]}"


def _run(command: list[str], directory: Path, environ: Mapping[str, str], stdin: str) -> Run:
    ended = capture(command, environ, directory, stdin=stdin, seconds=SECONDS)
    run = Run((Path(command[0]).name, *command[1:]), ended.returncode, ended.stdout, ended.stderr)
    assert run.code != -signal.SIGKILL, f"not done within {SECONDS} s: {run}"
    return run
