"""The commands and settings of docs/operations.md, run and merged as an operator would.

tests/unit/test_operations_guide.py fails if a block is neither used here by a test of this directory nor excused.
"""

import os
import re
import shlex
import subprocess
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from tests.cluster.live_stack import LiveStack
from tests.engine.project import CHECKOUT, Run

_ASKING = ("up", "destroy", "refresh", "recover", "adopt")
"""Commands that ask for a confirmation."""

_HEADING = re.compile(r"^#{2,3} (.+)$", re.MULTILINE)
_BLOCK = re.compile(r"^ *```(sh|yaml)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)

NOTHING: Mapping[str, str] = {}


def sections() -> Mapping[str, Sequence[tuple[str, str]]]:
    """Return the blocks of each section of the guide, as (language, text), in their order."""
    text = (CHECKOUT / "docs" / "operations.md").read_text(encoding="utf-8")
    _, *parts = _HEADING.split(text)
    return {
        title: [(language, textwrap.dedent(block)) for language, block in _BLOCK.findall(content)]
        for title, content in zip(parts[::2], parts[1::2], strict=True)
    }


def follow(
    stack: LiveStack, section: str, number: int, replaced: Mapping[str, str] = NOTHING, *, failing: bool = False
) -> Sequence[Run]:
    """Run the commands of a section's block on the stack, and return their results.

    `replaced` are words of the guide and what they are here; its stack is `prod`. Unless `failing`, each command
    must succeed.
    """
    language, text = sections()[section][number]
    assert language == "sh", text
    runs: list[Run] = []
    for line in _replace(text, replaced).replace("\\\n", "").splitlines():
        output = ""
        for words in filter(None, _pipeline(line)):
            run = _run(stack, words, output)
            output = run.stdout
            runs.append(run if failing else run.succeeded())
    return runs


def _pipeline(line: str) -> list[list[str]]:
    """Return the words of each command of a line; none of a comment."""
    words = shlex.split(line, comments=True)
    ends = [*(at for at, each in enumerate(words) if each == "|"), len(words)]
    return [words[start:end] for start, end in zip([0, *(end + 1 for end in ends)], ends, strict=False)]


def merge(stack: LiveStack, section: str, number: int, replaced: Mapping[str, str] = NOTHING) -> None:
    """Merge the settings of a section's block into the stack file."""
    language, text = sections()[section][number]
    assert language == "yaml", text
    with stack.project.edited() as config:
        _merge(config, yaml.safe_load(_replace(text, replaced)))


def _replace(text: str, replaced: Mapping[str, str]) -> str:
    for old, new in replaced.items():
        assert old in text, f"{old!r} is not in {text!r}"
        text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(old)}(?![A-Za-z0-9])", new, text)
    return text


def _run(stack: LiveStack, words: Sequence[str], stdin: str) -> Run:
    name = stack.project.stack
    program, command, *rest = [name if each == "prod" else each for each in words]
    asked = ["--yes"] if command in _ASKING else []
    match program:
        case "pulumi":
            return stack.project.run(command, *rest, *asked)
        case "ixn":
            assert rest[:2] == ["--stack", name], words
            return stack.project.ixn(command, *rest[2:], *asked)
        case "kubectl":
            return Run(tuple(words), 0, stack.client.run(command, *rest, stdin=stdin), "")
        case _:
            assert program == "make", words
            return _make(stack, words)


def _make(stack: LiveStack, words: Sequence[str]) -> Run:
    """Run the commands of a make target, which is one of `ixn` and perhaps its report, on the stack."""
    target = [each.replace("STACK=prod", f"STACK={stack.project.stack}") for each in words]
    # These tests run under `make test-cluster`, whose flags and variables are not for this `make`.
    ours = ("MAKE", "MFLAGS", "ARGS")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    lines = subprocess.run(
        [*target, "--dry-run"], cwd=CHECKOUT, env=environment, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    # Without a terminal, the shell adds --yes.
    commands = [shlex.split(line.partition("$(")[0]) + ["--yes"] * ("$(" in line) for line in lines]
    assert {each[0] for each in commands} == {"tools/ixn"}, lines
    runs = [stack.project.ixn(each[1], *_without_stack(each[2:])) for each in commands]
    return next((each for each in runs if each.code), runs[0])


def _without_stack(words: Sequence[str]) -> list[str]:
    at = words.index("--stack")
    return [*words[:at], *words[at + 2 :]]


def _merge(into: dict[str, Any], values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if isinstance(value, Mapping) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value
