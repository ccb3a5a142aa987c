"""The benchmark on an API server: its chart and its table."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.cluster.__main__ import NAMES, arguments
from benchmarks.cluster.chart import write_chart
from benchmarks.cluster.contender import Command, Contender, Seconds, measured
from benchmarks.cluster.stack import manifests
from benchmarks.cluster.table import HEADER, rows
from tools.errors import UserError


def config_map(text: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": text}, "data": {"text": text}}


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


def command(script: str, directory: Path) -> Command:
    return Command(["sh", "-c", script], {"PATH": "/usr/bin:/bin"}, directory)


def test_a_chart_holds_all_objects_and_none_of_them_is_a_template(tmp_path: Path) -> None:
    objects = [config_map("plain"), config_map("{{ .Values.text }}")]

    write_chart(tmp_path / "chart", objects)

    assert [*yaml.safe_load_all((tmp_path / "chart" / "objects.yaml").read_text())] == objects
    assert json.loads((tmp_path / "chart" / "Chart.yaml").read_text())["apiVersion"] == "v2"
    templates = [*(tmp_path / "chart" / "templates").iterdir()]
    assert [file.read_text().strip() for file in templates] == ['{{ .Files.Get "objects.yaml" }}']


def test_the_compared_objects_grow_by_the_same_number_with_each_tenant() -> None:
    one, three = manifests(1), manifests(3)

    assert len(three) - len(one) == 2 * len([each for each in one if "1000" in json.dumps(each["metadata"])])
    assert {each["metadata"]["namespace"] for each in three} == {"ixn"}
    assert "Namespace" not in {each["kind"] for each in three}


def test_a_row_shows_medians_and_the_ratios_of_the_first_deployment() -> None:
    results = {
        "up": [Seconds(9, 1, 1), Seconds(3, 2, 1), Seconds(4, 3, 1)],
        "kubectl": [Seconds(2, 1, 1)],
        "helm": [Seconds(5, 1, 1)],
    }

    up, kubectl, helm = map(cells, rows(1, 17, results))

    assert up == ["1", "17", "3", "up", "4.0", "2.0", "1.0", "2.00", "0.80"]
    assert kubectl[-2:] == ["", "0.40"]
    assert helm[-2:] == ["2.50", ""]


def test_a_baseline_that_was_not_measured_has_no_ratio() -> None:
    (row,) = rows(10, 170, {"up": [Seconds(4, 2, 1)]})

    assert cells(row)[-2:] == ["", ""]
    assert len(cells(row)) == len(cells(HEADER[0])) == len(cells(HEADER[1]))


def test_the_commands_of_the_phases_run_in_order(tmp_path: Path) -> None:
    def log(text: str) -> Command:
        return command(f"echo {text} >>log", tmp_path)

    seconds = measured(Contender([log("apply"), log("wait")], [log("again")], [log("delete")]))

    assert (tmp_path / "log").read_text().split() == ["apply", "wait", "again", "delete"]
    assert all(each > 0 for each in seconds)


def test_a_failed_command_ends_the_measurement_with_its_output(tmp_path: Path) -> None:
    failing = Contender([command("echo quota exceeded >&2; exit 1", tmp_path)], [], [])

    with pytest.raises(UserError, match="quota exceeded"):
        measured(failing)


def test_everything_is_compared_by_default() -> None:
    options = arguments([])

    assert tuple(options.compare) == NAMES
    assert options.tenants == [1, 10, 40]
    assert options.runs == [3, 3, 1]


def test_the_number_of_runs_is_for_all_or_for_each_number_of_tenants() -> None:
    assert arguments(["--tenants", "1", "10", "--runs", "5"]).runs == [5, 5]
    assert arguments(["--tenants", "1", "10", "--runs", "5", "2"]).runs == [5, 2]
    with pytest.raises(SystemExit):
        arguments(["--runs", "5", "2"])


@pytest.mark.parametrize(
    "given", [["--tenants", "0"], ["--runs", "-1"], ["--tenants", "many"], ["--compare", "argo"]]
)
def test_an_invalid_argument_is_reported(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        arguments(given)

    assert given[1] in capsys.readouterr().err
