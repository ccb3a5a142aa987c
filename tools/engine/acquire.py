"""The Pulumi engine: the CLI and its Python language host, from the first place that has both."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools import cache
from tools.builder import binary, built
from tools.errors import UserError
from tools.process import interruptible, run
from tools.programs import PROGRAMS, PULUMI_VERSION
from tools.report import say, working

LANGUAGE_HOST = "pulumi-language-python"
NAMES = ("pulumi", LANGUAGE_HOST)
# The package's own lower bound for the Python SDK; an engine before it may miss what a later SDK asks for.
OLDEST_ENGINE = (3, 200)
INSTALLER_SECONDS = 300


@dataclass(frozen=True)
class Engine:
    """A CLI that runs, its version, and where it came from."""

    pulumi: Path
    host: Path
    version: str
    origin: str


def pulumi_home(environ: Mapping[str, str]) -> Path:
    """Return where Pulumi keeps what it installs: $PULUMI_HOME, else ~/.pulumi."""
    return Path(environ.get("PULUMI_HOME") or "~/.pulumi").expanduser().absolute()


def acquire(root: Path, environ: Mapping[str, str]) -> Engine:
    """Find the engine for the checkout at `root`; install or build it if need be.

    Raises UserError, saying what to install, where it can be had from nowhere.
    """
    if engine := installed(root, environ):
        return engine
    home = cache.cache_root(environ) / f"pulumi-{PULUMI_VERSION}"
    failures = ["neither on PATH nor in Pulumi's home, with its Python language host"]
    try:
        if not _is_whole(home) and not _is_built(environ):
            _install(root, home, environ)
    except UserError as error:
        failures.append(f"Pulumi's installer: {error}")
    if _is_whole(home):
        origin = f"by Pulumi's installer, cached in {home}"
        return Engine(home / "bin" / "pulumi", home / "bin" / LANGUAGE_HOST, PULUMI_VERSION, origin)
    try:
        pulumi, host = built(NAMES, environ).values()
    except UserError as error:
        failures.append(f"Go module registry: {error}")
        listed = "".join(f"- {failure}\n" for failure in failures)
        raise UserError(
            f"no Pulumi engine:\n{listed}Install Pulumi (https://www.pulumi.com/docs/install/), or Go."
        ) from None
    return Engine(pulumi, host, PULUMI_VERSION, f"built from the Go module registry, cached in {pulumi.parent}")


def _is_whole(home: Path) -> bool:
    return (home / "bin" / LANGUAGE_HOST).exists()


def _is_built(environ: Mapping[str, str]) -> bool:
    return all(binary(PROGRAMS[name], environ).exists() for name in NAMES)


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
            return Engine(pulumi, Path(host), version, str(pulumi))
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


def _install(root: Path, home: Path, environ: Mapping[str, str]) -> None:
    """Have Pulumi's installer fill `home`. Raises UserError where it cannot, or lately could not."""
    store, memory = home.parent, f"engine-{PULUMI_VERSION}"
    if reason := cache.remembered_failure(store, memory, environ):
        raise UserError(f"{reason} (IXN_TOOLS_RETRY=1 tries again)")
    waiting = "waiting for another run that prepares the engine"
    with interruptible(), cache.locked(store, lambda: say(waiting)), cache.built_whole(home) as unfinished:
        command = [sys.executable, "-m", "tools.engine.installer", unfinished, PULUMI_VERSION]
        with working(f"asking Pulumi's installer for the engine {PULUMI_VERSION}"):
            finished = run(command, cwd=root, environ=environ, seconds=INSTALLER_SECONDS)
        if finished.code or not _is_whole(unfinished):
            reason = finished.reason(INSTALLER_SECONDS)
            cache.remember_failure(store, memory, reason)
            raise UserError(reason)
