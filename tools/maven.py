"""Programs from the Maven registry, in jars: Maven fetches each once per machine, from where its settings say."""

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from tools import cache
from tools.errors import UserError
from tools.process import run
from tools.report import working

PROGRAMS = Path(__file__).parent / "maven"
"""A directory for each program: its pom.xml, and jars.sha256 with a digest of each of its jars."""

_GOAL = "org.apache.maven.plugins:maven-dependency-plugin:2.8:copy-dependencies"

FETCH_SECONDS = 300


def jars(name: str, environ: Mapping[str, str]) -> Path:
    """Return the directory with the jars of a program; fetch them if they are missing.

    Raises UserError if Maven is missing or fails, and if a jar is not the pinned one.
    """
    program = PROGRAMS / name
    digest = hashlib.sha256(b"".join((program / file).read_bytes() for file in ("pom.xml", "jars.sha256")))
    found = cache.cache_root(environ) / f"{name}-{digest.hexdigest()[:16]}"
    if not found.exists():
        with cache.locked(cache.cache_root(environ)):
            if not found.exists():  # another run may have fetched them
                _fetch(program, found, environ)
    return found


def _fetch(program: Path, final: Path, environ: Mapping[str, str]) -> None:
    if not shutil.which("mvn", path=environ.get("PATH")):
        raise UserError(f"{program.name} has to be fetched: install Maven (Debian: maven)")
    with cache.built_whole(final) as unfinished:
        # Maven writes beside the pom.xml, which must not be in the checkout.
        own = unfinished / "pom.xml"
        shutil.copyfile(program / "pom.xml", own)
        options = ["-DincludeScope=runtime", f"-DoutputDirectory={unfinished}"]
        with working(f"{program.name}: fetching jars"):
            command = ["mvn", "--quiet", "--batch-mode", "--file", own, _GOAL, *options]
            failure = run(command, cwd=unfinished, environ=environ, seconds=FETCH_SECONDS)
        if failure:
            raise UserError(f"Maven could not fetch {program.name}:\n  {failure}")
        own.unlink()
        if wrong := sorted(_wrong(program, unfinished)):
            raise UserError(f"{program.name}: not as jars.sha256 has it: {', '.join(wrong)}")


def _wrong(program: Path, directory: Path) -> Iterator[str]:
    """Yield the names of jars that are missing, unexpected or not the pinned ones."""
    lines = (program / "jars.sha256").read_text(encoding="ascii").splitlines()
    pinned = {name: digest for digest, name in (line.split() for line in lines)}
    found = {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in directory.iterdir()}
    yield from (name for name in pinned.keys() | found.keys() if pinned.get(name) != found.get(name))
