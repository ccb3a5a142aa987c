"""The builder, on a module that needs nothing from the registry."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from tools import builder, programs
from tools.builder import MODULES, built
from tools.errors import UserError
from tools.programs import PROGRAMS, GoProgram

T = TypeVar("T")
GO = pytest.mark.skipif(not shutil.which("go"), reason="Go is not installed")
HELLO = 'package main\n\nvar text = "plain"\n\nfunc main() { println(text) }\n'


@pytest.fixture
def hello(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a table with one program of a module of its own, and return the module."""
    module = tmp_path / "go" / "hello"
    module.mkdir(parents=True)
    (module / "go.mod").write_text("module example.org/hello\n\ngo 1.26\n")
    (module / "go.sum").touch()
    (module / "main.go").write_text(HELLO)
    monkeypatch.setattr(builder, "MODULES", module.parent)
    set_flags(monkeypatch, "")
    return module


def set_flags(monkeypatch: pytest.MonkeyPatch, ldflags: str) -> None:
    monkeypatch.setattr(builder, "PROGRAMS", {"hello": GoProgram("hello", "hello", ".", ldflags=ldflags)})


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "IXN_TOOLS_CACHE": str(tmp_path / "cache")}


def output(program: Path) -> str:
    return subprocess.run([program], capture_output=True, text=True, check=True).stderr


@GO
def test_a_program_is_built_once_outside_the_checkout(hello: Path, environ: dict[str, str]) -> None:
    before = sorted(hello.iterdir())

    program = built(["hello"], environ)["hello"]
    without_go = built(["hello"], {**environ, "PATH": ""})["hello"]

    assert output(program) == "plain\n"
    assert without_go == program
    assert sorted(hello.iterdir()) == before
    assert list(program.parent.iterdir()) == [program]


@GO
def test_changed_sources_or_flags_cause_a_rebuild(
    hello: Path, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = built(["hello"], environ)["hello"]
    (hello / "main.go").write_text(HELLO.replace("plain", "changed"))
    second = built(["hello"], environ)["hello"]
    set_flags(monkeypatch, "-X main.text=linked")
    third = built(["hello"], environ)["hello"]

    assert [output(program) for program in (first, second, third)] == ["plain\n", "changed\n", "linked\n"]


@GO
def test_a_compile_error_leaves_nothing_and_is_reported(hello: Path, environ: dict[str, str]) -> None:
    (hello / "main.go").write_text("package main\n\nfunc main() { missing() }\n")

    with pytest.raises(UserError, match=r"undefined: missing"):
        built(["hello"], environ)

    assert [path.name for path in Path(environ["IXN_TOOLS_CACHE"]).iterdir()] == ["lock"]


@GO
def test_a_download_that_stalls_is_tried_again(
    hello: Path, environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stalled, go = tmp_path / "stalled", tmp_path / "bin" / "go"
    go.parent.mkdir()
    go.write_text(
        f'#!/bin/sh\n[ -e {stalled} ] || {{ touch {stalled}; sleep 600; }}\nexec {shutil.which("go")} "$@"\n'
    )
    go.chmod(0o755)
    monkeypatch.setattr(builder, "FETCH_SECONDS", 4)

    program = built(["hello"], {**environ, "PATH": f"{go.parent}:{environ['PATH']}"})["hello"]

    assert stalled.exists()
    assert output(program) == "plain\n"


def test_without_go_the_error_names_the_version_to_install(hello: Path, environ: dict[str, str]) -> None:
    with pytest.raises(UserError, match=r"hello has to be built: install Go 1\.26 or later"):
        built(["hello"], {**environ, "PATH": ""})


def test_sigterm_stops_the_compiler_and_leaves_nothing(tmp_path: Path, environ: dict[str, str]) -> None:
    go = tmp_path / "bin" / "go"
    go.parent.mkdir()
    go.write_text(f"#!/bin/sh\necho $$ >{tmp_path}/pid\nexec sleep 60\n")
    go.chmod(0o755)
    code = """
import os
from tools.builder import built
from tools.errors import command
with command():
    built(['netpolicy'], os.environ)
"""
    environ["PATH"] = f"{go.parent}:{environ['PATH']}"
    with subprocess.Popen([sys.executable, "-c", code], env=environ, stderr=subprocess.PIPE) as process:
        compiler = int(eventually(lambda: (tmp_path / "pid").read_text().strip()))
        time.sleep(0.5)  # a process may be running before its parent has its PID
        process.send_signal(signal.SIGTERM)

    assert process.returncode == 128 + signal.SIGTERM
    eventually(lambda: not Path(f"/proc/{compiler}/cmdline").exists() or is_dead(compiler))
    assert [path.name for path in Path(environ["IXN_TOOLS_CACHE"]).iterdir()] == ["lock"]


def is_dead(pid: int) -> bool:
    return not Path(f"/proc/{pid}/cmdline").read_bytes()


def eventually(get: Callable[[], T]) -> T:
    """Return the first truthy value, with a timeout of some seconds."""
    for _ in range(600):
        try:
            if value := get():
                return value
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError("not within half a minute")


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=lambda program: program.name)
def test_each_program_has_a_complete_module(program: GoProgram) -> None:
    assert PROGRAMS[program.name] is program
    module = MODULES / program.module
    assert (module / "go.sum").exists()
    assert (program.package == ".") == bool(list(module.glob("*.go")))
    if program.package != ".":
        assert f"tool {program.package}\n" in (module / "go.mod").read_text()


def test_the_documented_pulumi_version_is_the_pinned_one() -> None:
    pinned = re.findall(r"github.com/pulumi/pulumi/(?:pkg|sdk)/v3 v(\S+)", (MODULES / "pulumi/go.mod").read_text())

    assert set(pinned) == {programs.PULUMI_VERSION}


def test_the_cache_key_includes_every_field_of_the_table(environ: dict[str, str]) -> None:
    program = PROGRAMS["netpolicy"]

    assert builder.binary(program, environ) != builder.binary(replace(program, cgo=True), environ)
