"""Each alert has a runbook, and each runbook an alert; their queries and commands exist."""

import re
import shlex
from pathlib import Path

import pytest
import typer
from pulumi_ixn.cli.commands import app
from pulumi_ixn.monitoring.alerts import ALERTS
from pulumi_ixn.spec import CONNECTIONS

from tests.unit.markdown import blocks
from tests.unit.monitoring.queries import series_of, unknown_names
from tests.unit.monitoring.test_alerts import rules

DIRECTORY = Path(__file__).parents[3] / "docs" / "runbooks"
SECTIONS = ["Meaning", "Connection", "Confirm", "Act"]
PAGES = sorted(DIRECTORY.glob("Ixn*.md"))

page_of_each_alert = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


def section(page: Path, name: str) -> str:
    _, _, rest = page.read_text(encoding="utf-8").partition(f"\n## {name}\n")
    return rest.partition("\n## ")[0]


def test_each_alert_has_a_page_and_each_page_an_alert() -> None:
    assert {page.stem for page in PAGES} == set(ALERTS)


@page_of_each_alert
def test_a_page_says_what_it_means_how_to_confirm_it_and_what_to_do(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert text.startswith(f"# {page.stem}\n")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == SECTIONS
    assert blocks(page, "promql")
    assert re.search(r"^1\. ", section(page, "Act"), re.MULTILINE)


@page_of_each_alert
def test_a_page_names_the_connections_of_its_alert(page: Path) -> None:
    text = section(page, "Connection")
    rows = {row for query in ALERTS[page.stem].queries for row in query.rows}

    named = {int(number) for number in re.findall(r"\b(\d{1,2})\b", re.sub(r"default \d+", "", text))}
    assert rows <= named
    assert named <= {row.number for row in CONNECTIONS}


@page_of_each_alert
def test_the_queries_of_a_page_read_what_exists_and_what_its_alert_reads(page: Path) -> None:
    queries = [block.text for block in blocks(page, "promql")]

    assert [problem for query in queries for problem in unknown_names(query)] == []
    read = {name for rule in rules() if rule["alert"] == page.stem for name in series_of(rule["expr"])}
    assert read & {name for query in queries for name in series_of(query)}


@pytest.mark.parametrize("page", [*PAGES, DIRECTORY / "README.md"], ids=lambda page: page.stem)
def test_each_command_of_ixn_exists_with_its_options(page: Path) -> None:
    lines = [line for block in blocks(page, "sh") for line in block.text.splitlines()]
    inline = re.findall(r"`(ixn [^`]+)`", page.read_text(encoding="utf-8"))
    commands = getattr(typer.main.get_command(app), "commands")  # noqa: B009 (typer's type does not have it)

    for line in [*lines, *inline]:
        program, *words = shlex.split(line, comments=True)
        if program == "ixn":
            options = {each for parameter in commands[words[0]].params for each in parameter.opts}
            assert {word for word in words if word.startswith("-")} <= options
