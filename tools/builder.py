"""Build Go programs from the Go module registry, each once per machine.

A program is built in a copy of its module, so that the checkout stays clean, and appears in the cache whole or
not at all.
"""

import hashlib
import json
import platform
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools import cache
from tools.errors import UserError
from tools.process import capture, run
from tools.programs import PROGRAMS, GoProgram, ModuleFile
from tools.report import working

MODULES = Path(__file__).parent / "go"

FETCH_SECONDS, FETCH_TRIES = 300, 4


def built(names: Sequence[str], environ: Mapping[str, str]) -> dict[str, Path]:
    """Return the binaries of the named programs; build those that are missing.

    Raises UserError with what to install, or with Go's error, if one cannot be built.
    """
    programs = [PROGRAMS[name] for name in names]
    missing = [program for program in programs if not binary(program, environ).exists()]
    if missing:
        with cache.locked(cache.cache_root(environ)):
            for program in missing:
                if not binary(program, environ).exists():  # another run may have built it
                    _build(program, environ)
    return {program.name: binary(program, environ) for program in programs}


def binary(program: GoProgram, environ: Mapping[str, str]) -> Path:
    """Return the path of the program, in a directory named after a digest of everything that it is built from.

    The name excludes the Go version: the program must be found again on a machine without Go.
    """
    digest = hashlib.sha256(f"{platform.system()} {platform.machine()} {program}".encode())
    for source in _sources(program):
        digest.update(f"{source.name} {hashlib.sha256(source.read_bytes()).hexdigest()}".encode())
    return cache.cache_root(environ) / f"{program.name}-{digest.hexdigest()[:16]}" / program.name


def needed_go(program: GoProgram) -> str:
    """Return the oldest Go version that builds the program."""
    found = re.search(r"^go (\S+)$", (MODULES / program.module / "go.mod").read_text("utf-8"), re.MULTILINE)
    assert found, f"tools/go/{program.module}/go.mod names no Go version"
    return found[1]


def _sources(program: GoProgram) -> list[Path]:
    directory = MODULES / program.module
    return [directory / "go.mod", directory / "go.sum", *sorted(directory.glob("*.go"))]


def _build(program: GoProgram, environ: Mapping[str, str]) -> None:
    if not shutil.which("go", path=environ.get("PATH")):
        raise UserError(f"{program.name} has to be built: install Go {needed_go(program)} or later")
    # A workspace file in some parent directory would replace the module's go.mod.
    environ = {**environ, "GOWORK": "off", **({} if program.cgo else {"CGO_ENABLED": "0"})}
    with cache.built_whole(binary(program, environ).parent) as unfinished:
        source = unfinished / "source"
        source.mkdir()
        for file in _sources(program):
            shutil.copyfile(file, source / file.name)
        for file in program.embedded:
            shutil.copyfile(_module_file(program, file, source, environ), source / Path(file.path).name)
        _compile(program, source, unfinished / program.name, environ)
        for file in program.beside:
            extra = unfinished / Path(file.path).name
            shutil.copyfile(_module_file(program, file, source, environ), extra)
            extra.chmod(0o755)
        shutil.rmtree(source)


def _compile(program: GoProgram, source: Path, output: Path, environ: Mapping[str, str]) -> None:
    tags = ["-tags", program.tags] if program.tags else []
    with working(f"{program.name}: fetching Go modules"):
        packages = _fetch(program, tags, source, environ)
    with working(f"{program.name}: compiling Go packages", packages) as advance:
        command = ["go", "build", "-v", *tags, "-ldflags", program.ldflags, "-o", str(output), program.package]
        _check(program, run(command, cwd=source, environ=environ, on_line=advance))


def _fetch(program: GoProgram, tags: Sequence[str], source: Path, environ: Mapping[str, str]) -> int:
    """Download the modules of the program, and return the number of its packages.

    Go waits without a limit for a server that stops answering. It keeps what it has downloaded, so try again.
    """
    listed: list[str] = []
    listing = ["go", "list", "-deps", *tags, program.package]
    failure = ""
    for _ in range(FETCH_TRIES):
        listed.clear()
        failure = run(listing, cwd=source, environ=environ, seconds=FETCH_SECONDS, on_line=listed.append)
        if not failure:
            break
    _check(program, failure)
    return sum(not line.startswith("go: ") for line in listed)


def _check(program: GoProgram, failure: str) -> None:
    if failure:
        cause = "\n  ".join(failure.splitlines()[-5:])
        raise UserError(
            f"Go could not build {program.name} (it needs Go {needed_go(program)} or later):\n  {cause}"
        )


def _module_file(program: GoProgram, file: ModuleFile, source: Path, environ: Mapping[str, str]) -> Path:
    """Return a file of a module that go.mod names, downloading the module if necessary."""
    answer = capture(["go", "mod", "download", "-json", file.module], environ, source)
    if answer.returncode:
        cause = answer.stderr.strip() or answer.stdout.strip()
        raise UserError(f"Go could not fetch {file.module} for {program.name}:\n  {cause}")
    return Path(json.loads(answer.stdout)["Dir"]) / file.path
