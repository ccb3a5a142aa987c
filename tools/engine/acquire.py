"""The Pulumi engine: the CLI and its Python language host, from the first place that has both."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.engine import cache, gobuild
from tools.engine.process import run
from tools.engine.refusal import Refusal
from tools.engine.report import say, working

LANGUAGE_HOST = "pulumi-language-python"
# The package's own lower bound for the Python SDK; an engine before it may miss what a later SDK asks for.
OLDEST_ENGINE = (3, 200)
INSTALLER_SECONDS = 300


@dataclass(frozen=True)
class Engine:
    """A CLI that runs, its version, and where it came from."""

    pulumi: Path
    version: str
    origin: str


def pulumi_home(environ: Mapping[str, str]) -> Path:
    """Return where Pulumi keeps what it installs: $PULUMI_HOME, else ~/.pulumi."""
    return Path(environ.get("PULUMI_HOME") or "~/.pulumi").expanduser().absolute()


def acquire(root: Path, environ: Mapping[str, str]) -> Engine:
    """Find the engine for the checkout at `root`; install or build it if need be.

    Raises Refusal, saying what to install, where it can be had from nowhere.
    """
    if engine := installed(root, environ):
        return engine
    store = cache.cache_root(environ)
    home = cache.keyed_directory(store, f"engine-{gobuild.engine_version()}", gobuild.SOURCES)
    if engine := _cached(home):
        return engine
    with cache.locked(store, lambda: say("waiting for another run that prepares the engine")):
        if engine := _cached(home):
            return engine
        _fill(root, store, home, environ)
    engine = _cached(home)
    assert engine, f"{home} was just filled"
    return engine


def installed(root: Path, environ: Mapping[str, str]) -> Engine | None:
    """Return the engine that the user has on PATH or in Pulumi's home, if it is whole and not too old."""
    search = [*environ.get("PATH", "").split(os.pathsep), str(pulumi_home(environ) / "bin")]
    for directory in filter(None, search):
        pulumi = Path(directory).absolute() / "pulumi"
        if not os.access(pulumi, os.X_OK) or pulumi.is_dir() or pulumi.resolve() == root / "tools" / "pulumi":
            continue
        version = _version(pulumi)
        host = shutil.which(LANGUAGE_HOST, path=os.pathsep.join([str(pulumi.resolve().parent), *search]))
        if version and host and _recent(version):
            return Engine(pulumi, version, str(pulumi))
        lack = "is too old" if version and not _recent(version) else "has no Python language host"
        say(f"{pulumi}: not used, it {lack if version else 'does not run'}")
    return None


def _version(pulumi: Path) -> str | None:
    environ = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        answer = subprocess.run(
            [pulumi, "version"], env=environ, capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip().removeprefix("v") if answer.returncode == 0 else None


def _recent(version: str) -> bool:
    numbers = re.match(r"(\d+)\.(\d+)", version)
    return bool(numbers) and numbers[1] == "3" and (int(numbers[1]), int(numbers[2])) >= OLDEST_ENGINE


def _cached(home: Path) -> Engine | None:
    pulumi = home / "bin" / "pulumi"
    try:
        origin = (home / "origin").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    return Engine(pulumi, gobuild.engine_version(), f"{origin}, cached in {home}")


def _fill(root: Path, store: Path, home: Path, environ: Mapping[str, str]) -> None:
    failures = ["`pulumi` with its Python language host: not on PATH, nor in Pulumi's home"]
    try:
        with cache.built_whole(home) as unfinished:
            _install(root, store, unfinished, environ)
            (unfinished / "origin").write_text("by Pulumi's installer\n", encoding="utf-8")
        return
    except Refusal as refusal:
        failures.append(f"Pulumi's installer: {refusal}")
    try:
        with cache.built_whole(home) as unfinished:
            gobuild.build_engine(unfinished / "bin", environ)
            (unfinished / "origin").write_text("built from the Go module registry\n", encoding="utf-8")
    except Refusal as refusal:
        failures.append(f"from the Go module registry: {refusal}")
        raise Refusal(
            "no Pulumi engine:\n"
            + "".join(f"- {failure}\n" for failure in failures)
            + f"Install Pulumi (https://www.pulumi.com/docs/install/), or Go {gobuild.needed_go()} or later."
        ) from None


def _install(root: Path, store: Path, directory: Path, environ: Mapping[str, str]) -> None:
    """Have Pulumi's installer fill `directory`. Raises Refusal where it cannot, or lately could not."""
    version = gobuild.engine_version()
    memory = f"engine-{version}"
    if reason := cache.remembered_failure(store, memory, environ):
        raise Refusal(f"{reason} (IXN_TOOLS_RETRY=1 tries again)")
    command = [sys.executable, "-m", "tools.engine.installer", directory, version]
    with working(f"asking Pulumi's installer for the engine {version}"):
        finished = run(command, cwd=root, environ=environ, seconds=INSTALLER_SECONDS)
    if finished.code == 0 and (directory / "bin" / LANGUAGE_HOST).exists():
        return
    reason = finished.reason(INSTALLER_SECONDS)
    cache.remember_failure(store, memory, reason)
    raise Refusal(reason)
