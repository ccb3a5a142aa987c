"""The package, built and installed as a user would, without access to the checkout."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from importlib.metadata import version
from pathlib import Path
from zipfile import ZipFile

from tools import cache

CHECKOUT = Path(__file__).parents[2]
BUILD_SECONDS = 120
INSTALL_SECONDS = 300
"""For the package's dependencies, from the registry: some 40 s, once."""

NOT_SOURCES = shutil.ignore_patterns(".*", "build", "dist", "__pycache__", "*.egg-info")

PLUGINS = ("pulumi", "pulumi-kubernetes", "pulumi-random")
"""Installed in the versions of this environment, for which the engine has its plugins."""


@dataclass(frozen=True)
class Package:
    """A source distribution, and the wheel that was built from it."""

    sdist: Path
    wheel: Path

    @property
    def files(self) -> list[str]:
        """The paths in the wheel."""
        with ZipFile(self.wheel) as archive:
            return archive.namelist()

    @property
    def metadata(self) -> Message:
        """The metadata that the wheel declares."""
        (metadata,) = (name for name in self.files if name.endswith(".dist-info/METADATA"))
        with ZipFile(self.wheel) as archive:
            return HeaderParser().parsestr(archive.read(metadata).decode())

    @property
    def requirements(self) -> list[str]:
        """What it needs, as the wheel declares it."""
        return sorted(self.metadata.get_all("Requires-Dist", []))


def build_package(directory: Path) -> Package:
    """Build the package of the checkout, from a copy of it: setuptools builds inside the sources."""
    sources, built = directory / "sources", directory / "dist"
    shutil.copytree(CHECKOUT, sources, ignore=NOT_SOURCES)
    _python(sys.executable, "-m", "build", "--no-isolation", "--outdir", built, sources, seconds=BUILD_SECONDS)
    (sdist,), (wheel,) = built.glob("*.tar.gz"), built.glob("*.whl")
    return Package(sdist, wheel)


def install(package: Package, directory: Path, store: Path) -> Path:
    """Install the package into an environment of its own at `directory`, and return its interpreter.

    `store` keeps an environment with the package's requirements alone, which is copied.
    """
    constraints = [f"{name}=={version(name)}" for name in PLUGINS]
    shutil.copytree(_requirements(package, constraints, store), directory, symlinks=True)
    python = directory / "bin" / "python"
    _python(python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", package.wheel)
    _python(python, "-m", "pip", "check")
    return python


def _requirements(package: Package, constraints: Sequence[str], store: Path) -> Path:
    """Return an environment that holds what the package requires, and pip."""
    key = hashlib.sha256("\n".join([sys.version, *package.requirements, *constraints]).encode())
    environment = store / f"requirements-{key.hexdigest()[:16]}"
    if environment.exists():
        return environment
    with cache.locked(store):
        if not environment.exists():
            with cache.built_whole(environment) as unfinished:
                _fill(unfinished, package.requirements, constraints)
    return environment


def _fill(environment: Path, requirements: Sequence[str], constraints: Sequence[str]) -> None:
    _python(sys.executable, "-m", "venv", environment)
    python = environment / "bin" / "python"
    # Python 3.11 installs it into every environment, which would hide a missing dependency.
    _python(python, "-m", "pip", "uninstall", "--quiet", "--yes", "setuptools")
    limits = environment / "constraints.txt"
    limits.write_text("\n".join(constraints), encoding="utf-8")
    options = ("--quiet", "--disable-pip-version-check", "--constraint", limits)
    _python(python, "-m", "pip", "install", *options, *requirements, seconds=INSTALL_SECONDS)


def _python(python: str | Path, *arguments: str | Path, seconds: int = 60) -> None:
    """Run Python outside the checkout; an AssertionError shows its output if it fails."""
    command = [str(python), *map(str, arguments)]
    answer = subprocess.run(
        command, cwd="/", capture_output=True, text=True, timeout=seconds, stdin=subprocess.DEVNULL, check=False
    )
    assert answer.returncode == 0, f"{command} ended with {answer.returncode}:\n{answer.stdout}\n{answer.stderr}"
