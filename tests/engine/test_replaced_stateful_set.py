"""The changes for which the Kubernetes provider replaces a StatefulSet, deleting it and its pods first.

The fields that `FORCES_REPLACEMENT` names must never change by themselves between two versions of this package:
tests/unit/test_immutable_fields.py pins their values.
"""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.engine.project import Project, project_at
from tests.unit.config.stacks import CHECKOUT
from tests.unit.test_immutable_fields import FORCES_REPLACEMENT

PROGRAM = Path(__file__).parent / "stateful_set"

CHANGES: dict[str, Any] = {
    "podManagementPolicy": "OrderedReady",
    "revisionHistoryLimit": 3,
    "selector": {"matchLabels": {"app.kubernetes.io/instance": "100"}},
    "serviceName": "other",
    "volumeClaimTemplates": [
        {"metadata": {"name": "logs"}, "spec": {"resources": {"requests": {"storage": "2Gi"}}}},
    ],
    "replicas": 0,
    "minReadySeconds": 5,
    "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Delete", "whenScaled": "Retain"},
    "updateStrategy": {"type": "OnDelete"},
}


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    """The spec of the dev stack's IXN Server."""
    objects = yaml.safe_load_all((CHECKOUT / "tests/data/dev-manifests.yaml").read_text(encoding="utf-8"))
    (found,) = (each["spec"] for each in objects if each["kind"] == "StatefulSet")
    return found


@pytest.fixture(scope="module")
def operations(tmp_path_factory: pytest.TempPathFactory, spec: dict[str, Any]) -> Mapping[str, set[str]]:
    """The planned operations on StatefulSets with one changed field each, by that field."""
    root = tmp_path_factory.mktemp("stateful-set") / "project"
    shutil.copytree(PROGRAM, root)
    project = project_at(root, passphrase="")
    configure(project, dict.fromkeys(CHANGES, spec))
    project.up()
    configure(project, {field: spec | {field: value} for field, value in CHANGES.items()})
    found: dict[str, set[str]] = {field: set() for field in CHANGES}
    for step in json.loads(project.pulumi("preview", "--json").stdout)["steps"]:
        if "StatefulSet" in step["urn"]:
            found[step["urn"].rpartition("::")[2]].add(step["op"])
    return found


def configure(project: Project, specs: Mapping[str, Any]) -> None:
    with project.edited() as config:
        config["stateful-set:specs"] = dict(specs)


@pytest.mark.parametrize("field", CHANGES)
def test_the_provider_replaces_the_stateful_set_only_for_the_listed_fields(
    field: str, operations: Mapping[str, set[str]]
) -> None:
    (operation,) = operations[field] - {"create-replacement"}
    assert operation == ("replace" if field in FORCES_REPLACEMENT else "update")
