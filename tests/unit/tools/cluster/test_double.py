"""The double reads the variables and the settings file that a rendered pod has."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
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


def plans(double: Path, rendered: list[Any], settings: Path) -> Mapping[str, Any]:
    (text,) = (each["data"]["settings.json"] for each in rendered if each["kind"] == "ConfigMap")
    settings.write_text(text, encoding="utf-8")
    found: dict[str, Any] = {}
    for each in rendered:
        if each["kind"] in ("Deployment", "StatefulSet"):
            (container,) = each["spec"]["template"]["spec"]["containers"]
            ended = subprocess.run(
                [double, "plan"], env=variables(container, settings), capture_output=True, text=True, check=True
            )
            plan = json.loads(ended.stdout)
            found[container["name"]] = plan
            declared = {str(port["containerPort"]) for port in container["ports"]}
            assert {*(plan["listen"] or ()), *plan["metrics"]} == declared
    return found


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


def test_go_tests_of_the_double_pass() -> None:
    ended = subprocess.run(
        ["go", "test", "."], cwd=CHECKOUT / "tools" / "go" / "double", capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
