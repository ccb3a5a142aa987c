"""The settings and commands in docs/disaster-recovery.md exist; tests/postgres runs dump and restore."""

import re
import shlex
import textwrap
from typing import Any

import pytest
import typer
import yaml
from pulumi_ixn.cli.commands import app
from pulumi_ixn.config import Settings, load
from pulumi_ixn.config.merge import merge

from tests.unit.config.stacks import CHECKOUT, change, stack_config
from tests.unit.provisioning.jobs import SETTINGS

TEXT = (CHECKOUT / "docs" / "disaster-recovery.md").read_text(encoding="utf-8")


def fenced(language: str) -> list[str]:
    """Return the blocks of a language, also those in lists."""
    found = re.findall(rf"^( *```{language}\n.*?^ *```)$", TEXT, re.DOTALL | re.MULTILINE)
    return ["\n".join(textwrap.dedent(each).splitlines()[1:-1]) for each in found]


COMMANDS = [
    words for block in fenced("sh") for line in block.splitlines() if (words := shlex.split(line, comments=True))
]


def second_region() -> dict[str, Any]:
    """Return the config of a stack with the settings of the page, and with a database that a Job provisions."""
    (block,) = fenced("yaml")
    settings = {key.removeprefix("ixn:"): each for key, each in yaml.safe_load(block).items()}
    without_target = change(stack_config("dev"), {"target": {}})
    return change(merge(without_target, settings), {"peers.ixnDB.provisioned": SETTINGS})


def loaded(changes: dict[str, Any]) -> Settings:
    return load(change(second_region(), changes))


def test_the_settings_of_the_second_region_are_valid() -> None:
    cluster = loaded({}).environment.postgres_cluster

    assert cluster is not None
    assert cluster.recovery is not None
    assert cluster.backup is not None


@pytest.mark.parametrize(
    "words", [each for each in COMMANDS if each[:3] == ["pulumi", "config", "set"]], ids=" ".join
)
def test_each_setting_of_a_command_is_valid(words: list[str]) -> None:
    path, value = words[4:6]

    assert loaded({path.removeprefix("ixn:"): yaml.safe_load(value)})


@pytest.mark.parametrize("words", [each for each in COMMANDS if each[0] == "ixn"], ids=" ".join)
def test_each_command_of_ixn_exists(words: list[str]) -> None:
    assert words[1] in getattr(typer.main.get_command(app), "commands")  # noqa: B009 (typer's type lacks it)


def test_the_commands_that_a_test_runs_are_there() -> None:
    programs = [words[0] for words in COMMANDS]

    assert [programs.count(each) for each in ("pg_dump", "psql", "pg_restore")] == [1, 2, 2]
