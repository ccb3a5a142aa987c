"""Java programs from the Maven registry; a script in place of Maven."""

import hashlib
import os
from pathlib import Path

import pytest

from tools import maven
from tools.errors import UserError
from tools.maven import jars

MVN = """#!/bin/sh
echo call >>"$CALLS"
for option; do case $option in -DoutputDirectory=*) echo content >"${option#*=}/a.jar";; esac; done
exit $STATUS
"""


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    program = tmp_path / "maven" / "hello"
    program.mkdir(parents=True)
    (program / "pom.xml").write_text("<project/>")
    pin(program, "content\n")
    monkeypatch.setattr(maven, "PROGRAMS", program.parent)
    script = tmp_path / "bin" / "mvn"
    script.parent.mkdir()
    script.write_text(MVN)
    script.chmod(0o755)
    return {
        "PATH": f"{script.parent}:{os.environ['PATH']}",
        "IXN_TOOLS_CACHE": str(tmp_path / "cache"),
        "CALLS": str(tmp_path / "calls"),
        "STATUS": "0",
    }


def pin(program: Path, content: str, name: str = "a.jar") -> None:
    digest = hashlib.sha256(content.encode()).hexdigest()
    (program / "jars.sha256").write_text(f"{digest}  {name}\n")


def calls(environ: dict[str, str]) -> int:
    return len(Path(environ["CALLS"]).read_text().splitlines())


def test_jars_are_fetched_once(environ: dict[str, str]) -> None:
    first, second = jars("hello", environ), jars("hello", environ)

    assert first == second
    assert [each.name for each in first.iterdir()] == ["a.jar"]
    assert calls(environ) == 1


@pytest.mark.parametrize(("content", "name"), [("other", "a.jar"), ("content\n", "b.jar")])
def test_other_jars_than_the_pinned_ones_are_refused(content: str, name: str, environ: dict[str, str]) -> None:
    pin(maven.PROGRAMS / "hello", content, name)

    with pytest.raises(UserError, match=r"a\.jar"):
        jars("hello", environ)
    assert not list(Path(environ["IXN_TOOLS_CACHE"]).glob("hello-*"))


def test_a_failure_of_maven_is_shown(environ: dict[str, str]) -> None:
    with pytest.raises(UserError, match="could not fetch hello"):
        jars("hello", {**environ, "STATUS": "1"})


def test_without_maven_what_to_install_is_said(environ: dict[str, str]) -> None:
    with pytest.raises(UserError, match="install Maven"):
        jars("hello", {**environ, "PATH": ""})


def test_jars_are_found_without_maven(environ: dict[str, str]) -> None:
    found = jars("hello", environ)

    assert jars("hello", {**environ, "PATH": ""}) == found
