"""The double reads the variables and the settings file that a rendered pod has."""

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from pulumi_ixn.monitoring import metrics
from pulumi_ixn.spec import CONNECTIONS, WORKLOAD_PARTIES

from tests.unit.tools.cluster.stack_files import CHECKOUT
from tools.builder import built
from tools.cluster.stack_links import links_of, settings_of

NODE_IP = "10.0.0.1"


@pytest.fixture(scope="module")
def double() -> Path:
    return built(["double"], os.environ)["double"]


@pytest.fixture(scope="module")
def rendered() -> list[Any]:
    text = (CHECKOUT / "tests" / "data" / "dev-manifests.yaml").read_text(encoding="utf-8")
    return list(yaml.safe_load_all(text))


def variables(container: Any, settings: Path) -> dict[str, str]:
    """Return the variables as the kubelet resolves them; the settings file is at another path."""

    def value(variable: Any) -> str:
        return NODE_IP if "fieldRef" in variable["valueFrom"] else "from a Secret"

    found = {each["name"]: each.get("value") or value(each) for each in container["env"]}
    return found | ({"SETTINGS_PATH": str(settings)} if "SETTINGS_PATH" in found else {})


def outputs(double: Path, command: str, rendered: list[Any], settings: Path) -> Iterator[tuple[Any, str]]:
    """Yield each container, and what the double prints with its variables."""
    (text,) = (each["data"]["settings.json"] for each in rendered if each["kind"] == "ConfigMap")
    settings.write_text(text, encoding="utf-8")
    for each in rendered:
        if each["kind"] in ("Deployment", "StatefulSet"):
            (container,) = each["spec"]["template"]["spec"]["containers"]
            ended = subprocess.run(
                [double, command], env=variables(container, settings), capture_output=True, text=True, check=True
            )
            yield container, ended.stdout


def plans(double: Path, rendered: list[Any], settings: Path) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for container, output in outputs(double, "plan", rendered, settings):
        plan = json.loads(output)
        found[container["name"]] = plan
        declared = {str(port["containerPort"]) for port in container["ports"]}
        assert {*(plan["listen"] or ()), *plan["metrics"]} == declared
        assert plan["workload"] == container["name"]
    return found


def exported(text: str) -> set[tuple[str, tuple[str, ...]]]:
    """Return the name and the label names of each series in Prometheus' text format."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {(re.split("[{ ]", line)[0], tuple(sorted(re.findall(r'(\w+)="', line)))) for line in lines}


def test_the_workloads_connect_for_each_outbound_row_to_the_configured_address(
    double: Path, rendered: list[Any], tmp_path: Path
) -> None:
    found = plans(double, rendered, tmp_path / "settings.json")

    connected = {(each["row"], each["address"]) for plan in found.values() for each in plan["dial"]}
    (links,) = links_of(settings_of(CHECKOUT / "Pulumi.dev.yaml")).values()
    assert {row for row, _ in connected} == {row.number for row in CONNECTIONS if row.source in WORKLOAD_PARTIES}
    assert connected == {
        (link.row.number, f"{NODE_IP if link.is_node_local else endpoint.host}:{endpoint.port}")
        for link in links
        if link.outgoing
        for endpoint in link.endpoints  # type: ignore[union-attr]
    }


def test_the_workloads_export_exactly_the_metrics_of_the_catalog(
    double: Path, rendered: list[Any], tmp_path: Path
) -> None:
    for container, output in outputs(double, "metrics", rendered, tmp_path / "settings.json"):
        catalog = [metric for metric in metrics().values() if metric.workload.name == container["name"]]

        assert exported(output) == {
            (name, tuple(sorted(labels))) for metric in catalog for name, labels in metric.series().items()
        }
        types = dict(re.findall(r"^# TYPE (ixn\w+) (\w+)$", output, re.MULTILINE))
        assert types == {metric.name: metric.type for metric in catalog}


def test_go_tests_of_the_double_pass() -> None:
    ended = subprocess.run(
        ["go", "test", "."], cwd=CHECKOUT / "tools" / "go" / "double", capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
