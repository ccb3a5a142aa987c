"""The commands of docs/operations.md exist, with their options, targets and settings; cluster tests run them."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from pulumi_ixn.cli import recover
from pulumi_ixn.cli.commands import app
from pulumi_ixn.config.explain import fields_of
from pulumi_ixn.config.stack import RolloutSettings, StackFile
from pulumi_ixn.live import cluster, preflight

from tests.cluster.guide import sections
from tools.docs.keys import keys_of

CHECKOUT = Path(__file__).parents[2]
GUIDE = (CHECKOUT / "docs" / "operations.md").read_text(encoding="utf-8")
LINES = [line.strip() for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL) for line in block.splitlines()]
INLINE = re.findall(r"`((?:ixn|make|pulumi config) [^`]+)`", GUIDE)
JOINED = "\n".join(LINES).replace("\\\n", "").replace(" | ", "\n").splitlines()
COMMANDS = [words for each in (*JOINED, *INLINE) if (words := shlex.split(each, comments=True))]

NOT_RUN = {
    (
        "Permissions",
        1,
    ): "the package's role.yaml, as tests/unit/live/test_role.py checks; test_preflight.py grants it",
}
"""Blocks of the guide that no cluster test runs or merges, and why not."""

PASSED_ON = {"up", "destroy", "refresh"}
"""Commands whose further options are Pulumi's."""


def test_the_limits_in_the_guide_are_those_of_the_code() -> None:
    rollout = RolloutSettings.model_fields["timeout"].default

    assert f"end within {preflight.SECONDS} seconds" in " ".join(GUIDE.split())
    assert f"is an error after {cluster.READ_SECONDS:.0f}." in " ".join(GUIDE.split())
    assert f"`ixn:rollout.timeout` ({rollout} seconds by default)" in GUIDE
    assert recover.DELETION_SECONDS == 120
    assert "at most two minutes" in GUIDE


def of(program: str) -> list[list[str]]:
    return [words for words in COMMANDS if words[0] == program]


def known_paths() -> set[str]:
    found = {key.path for name, field in fields_of(StackFile).items() for key in keys_of(f"ixn:{name}", field)}
    return {path.replace("<tenant>", "east") for path in found} | {"ixn:tenants.east", "ixn:secrets.tenants.east"}


def test_the_guide_has_commands_of_each_program() -> None:
    assert {words[0] for words in COMMANDS} == {"ixn", "make", "pulumi", "kubectl"}


@pytest.mark.parametrize("words", of("ixn"), ids=" ".join)
def test_each_command_of_ixn_exists_with_its_options(words: list[str]) -> None:
    commands = getattr(typer.main.get_command(app), "commands")  # noqa: B009 (typer's type does not have it)
    options = {each for parameter in commands[words[1]].params for each in parameter.opts}

    given = {word for word in words[2:] if word.startswith("-")}
    assert given <= options or words[1] in PASSED_ON


@pytest.mark.parametrize("words", of("make"), ids=" ".join)
def test_each_make_target_exists(words: list[str]) -> None:
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")

    assert re.search(rf"^{words[1]}:", makefile, re.MULTILINE)


@pytest.mark.parametrize("words", [each for each in of("pulumi") if each[1] == "config"], ids=" ".join)
def test_each_setting_is_a_key_of_the_stack_config(words: list[str]) -> None:
    (path,) = (word for word in words if word.startswith("ixn:"))

    assert path in known_paths()


def used_blocks() -> Iterator[tuple[str, int]]:
    """Yield the section and the number of each block that the cluster tests run or merge."""
    for file in (CHECKOUT / "tests" / "cluster").glob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Name)
                and call.func.id in ("follow", "merge")
            ):
                section, number = (each.value for each in call.args[1:3] if isinstance(each, ast.Constant))
                assert isinstance(section, str)
                assert isinstance(number, int)
                yield section, number


def test_a_cluster_test_runs_each_block_of_the_guide() -> None:
    blocks = {(title, number) for title, found in sections().items() for number in range(len(found))}

    assert {*used_blocks()} == blocks - NOT_RUN.keys()
    assert blocks >= NOT_RUN.keys()
