"""The Pulumi engine: the CLI and its Python language host, from the first source that has both."""

import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools import cache
from tools.builder import binary, built
from tools.errors import UserError
from tools.process import capture
from tools.programs import PROGRAMS, PULUMI_VERSION
from tools.report import say

LANGUAGE_HOST = "pulumi-language-python"
NAMES = ("pulumi", LANGUAGE_HOST)
OLDEST_MINOR = 200
"""The minor version of Pulumi 3 below which an engine may lack features that the Python SDK needs."""

INSTALLER_SECONDS = 300
# Where a firewall drops packets, the installer would wait for minutes before its first answer.
INSTALLER = """
import socket, sys
from pulumi.automation import PulumiCommand
from semver import VersionInfo
socket.setdefaulttimeout(15)
try:
    PulumiCommand.install(root=sys.argv[1], version=VersionInfo.parse(sys.argv[2]))
except Exception as error:
    output = (getattr(error, "output", None) or b"").decode(errors="replace").strip()
    sys.exit(output.splitlines()[-1] if output else f"{error}")
"""


@dataclass(frozen=True)
class Engine:
    """A CLI that runs with its language host, its version, and where it came from."""

    pulumi: Path
    host: Path
    version: str
    origin: str


def pulumi_home(environ: Mapping[str, str]) -> Path:
    """Return Pulumi's home directory: $PULUMI_HOME, else ~/.pulumi."""
    return Path(environ.get("PULUMI_HOME") or "~/.pulumi").expanduser().absolute()


def acquire(root: Path, environ: Mapping[str, str]) -> Engine:
    """Find the engine for the checkout at `root`; install or build it if necessary.

    Raises UserError with what to install if no source has it.
    """
    if engine := installed(root, environ):
        return engine
    home = cache.cache_root(environ) / f"pulumi-{PULUMI_VERSION}"
    if not home.parent.exists():
        cache.lock_file(home.parent)  # at once, not as the reason why each place has no engine
    pulumi, host = (home / "bin" / name for name in NAMES)
    failure = ""
    if not host.exists() and not all(binary(PROGRAMS[name], environ).exists() for name in NAMES):
        try:
            _install(home, environ)
        except UserError as error:
            failure = str(error)
    if host.exists():
        return Engine(pulumi, host, PULUMI_VERSION, f"by Pulumi's installer, cached in {home}")
    try:
        pulumi, host = built(NAMES, environ).values()
    except UserError as error:
        raise UserError(
            "no Pulumi engine:\n"
            "- neither on PATH nor in Pulumi's home, with its Python language host\n"
            f"- Pulumi's installer: {failure}\n"
            f"- Go module registry: {error}\n"
            "Install Pulumi (https://www.pulumi.com/docs/install/), or Go."
        ) from None
    return Engine(pulumi, host, PULUMI_VERSION, f"built from the Go module registry, cached in {pulumi.parent}")


def installed(root: Path, environ: Mapping[str, str]) -> Engine | None:
    """Return the engine that the user has on PATH or in Pulumi's home, if it is complete and not too old."""
    search = [*environ.get("PATH", "").split(os.pathsep), str(pulumi_home(environ) / "bin")]
    for directory in filter(None, search):
        pulumi = Path(directory).absolute() / "pulumi"
        if not os.access(pulumi, os.X_OK) or pulumi.is_dir() or pulumi.resolve() == root / "tools" / "pulumi":
            continue
        host = shutil.which(LANGUAGE_HOST, path=os.pathsep.join([str(pulumi.resolve().parent), *search]))
        if host and (version := _version(pulumi)):
            return Engine(pulumi, Path(host), version, str(pulumi))
        say(f"{pulumi}: not used, it {'is too old or does not run' if host else 'has no Python language host'}")
    return None


def _version(pulumi: Path) -> str:
    """Return the version of a CLI that runs and is recent, else nothing."""
    try:
        answer = capture([pulumi, "version"], {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}, seconds=30)
    except OSError:
        return ""
    version = re.match(r"v(3\.(\d+)\.\S+)", answer.stdout)
    return version[1] if version and not answer.returncode and int(version[2]) >= OLDEST_MINOR else ""


def _install(home: Path, environ: Mapping[str, str]) -> None:
    """Run Pulumi's installer for `home`. Raises UserError if it fails."""
    with cache.locked(home.parent), cache.built_whole(home) as unfinished:
        command = [sys.executable, "-c", INSTALLER, unfinished, PULUMI_VERSION]
        failure = cache.download(f"the engine {PULUMI_VERSION}", command, environ, INSTALLER_SECONDS)
        if failure or not (unfinished / "bin" / LANGUAGE_HOST).exists():
            raise UserError(failure or "it installed no Python language host")
