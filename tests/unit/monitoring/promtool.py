"""promtool's unit tests of rules, made from cases: one run for all of them."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.monitoring.cases import Case, Fires

_OF_POD = re.compile(r'\{\{ reReplaceAll "([^"]+)" "\$1" \$labels\.pod \}\}')
_VALUE = re.compile(r"\{\{ \$value( \| [^}]+)? \}\}")
_LABEL = re.compile(r"\{\{ \$labels\.(\w+) \}\}")


def run(rules: Sequence[Mapping[str, Any]], cases: Sequence[Case], directory: Path) -> str:
    """Return what promtool says of the cases: nothing if each alert fires and stays silent as it should."""
    files = [_write(name, rules, cases, directory) for name in dict.fromkeys(case.alert for case in cases)]
    command = [program(), "test", "rules", *files]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def _write(alert: str, rules: Sequence[Mapping[str, Any]], cases: Sequence[Case], directory: Path) -> str:
    """Write the rules and the tests of an alert: with those of all alerts, promtool takes ten times as long."""
    content = {
        f"{alert}.rules.yaml": {"groups": [{"name": alert, "rules": [r for r in rules if r["alert"] == alert]}]},
        f"{alert}.yaml": {
            "rule_files": [f"{alert}.rules.yaml"],
            "evaluation_interval": "1m",
            "tests": [_test(case, rules) for case in cases if case.alert == alert],
        },
    }
    for name, text in content.items():
        (directory / name).write_text(yaml.safe_dump(text, sort_keys=False), encoding="utf-8")
    return f"{alert}.yaml"


def program(name: str = "promtool", package: str = "prometheus") -> str:
    """Return the path of a program of Debian's `package`; skip the test if the machine lacks it."""
    found = shutil.which(name)
    if found:
        return found
    reason = f"needs {name} (Debian: {package})"
    if os.environ.get("CI", "").lower() not in ("", "0", "false"):
        pytest.fail(reason)
    pytest.skip(reason)


def _test(case: Case, rules: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    expected = [_alert(fires, _rule(rules, case.alert, fires.component)) for fires in case.fires]
    return {
        "name": f"{case.alert}: {case.situation}",
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in case.series.items()],
        "alert_rule_test": [{"eval_time": f"{case.at}m", "alertname": case.alert, "exp_alerts": expected}],
    }


def _rule(rules: Sequence[Mapping[str, Any]], alert: str, component: str) -> Mapping[str, Any]:
    """Return the rule of an alert that is about a workload, or about all of them."""
    found = [each for each in rules if each["alert"] == alert]
    exact = [each for each in found if each["labels"].get("component", "") == component]
    (rule,) = exact or found
    return rule


def _alert(fires: Fires, rule: Mapping[str, Any]) -> Mapping[str, Any]:
    labels = {name: _OF_POD.sub(lambda _: fires.component, value) for name, value in rule["labels"].items()}
    return {
        "exp_labels": {**fires.labels, **labels},
        "exp_annotations": {name: _rendered(text, fires) for name, text in rule["annotations"].items()},
    }


def _rendered(text: str, fires: Fires) -> str:
    """Return a text as Prometheus renders it. An unknown template stays, and promtool reports the difference."""

    def value(match: re.Match[str]) -> str:
        match match[1]:
            case None:
                return f"{fires.value:.15g}"
            case ' | printf "%.0f"':
                return f"{fires.value:.0f}"
            case _:
                return fires.text

    return _LABEL.sub(lambda match: fires.labels[match[1]], _VALUE.sub(value, text))
