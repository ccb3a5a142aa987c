"""The recorded deployment of 0.1.0."""

import json
import re

import pytest
import yaml

from tests.cluster.baseline import BASELINE, COMMIT, NAMESPACE

FILES = ("state.json", "objects.yaml")


@pytest.mark.parametrize("name", FILES)
def test_the_baseline_contains_nothing_of_the_recording_machine(name: str) -> None:
    text = (BASELINE / name).read_text(encoding="utf-8")
    assert not re.search(r"/(root|home|tmp|work|usr)/|\.venv|BEGIN CERTIFICATE", text)


def test_every_object_in_the_state_is_in_the_object_list() -> None:
    state = json.loads((BASELINE / "state.json").read_text(encoding="utf-8"))
    objects = yaml.safe_load_all((BASELINE / "objects.yaml").read_text(encoding="utf-8"))
    live = {(each["kind"], each["metadata"]["name"]): each["metadata"]["uid"] for each in objects}
    resources = [each for each in state["deployment"]["resources"] if each["type"].startswith("kubernetes:")]
    assert resources
    for resource in resources:
        found = resource["outputs"]
        assert live[found["kind"], found["metadata"]["name"]] == found["metadata"]["uid"]


def test_the_baseline_keeps_logs_on_a_persistent_volume_claim() -> None:
    objects = list(yaml.safe_load_all((BASELINE / "objects.yaml").read_text(encoding="utf-8")))
    [claim] = [each for each in objects if each["kind"] == "PersistentVolumeClaim"]
    assert claim["status"]["phase"] == "Bound"
    assert claim["metadata"]["namespace"] == NAMESPACE


def test_the_baseline_page_names_its_commit() -> None:
    assert COMMIT in (BASELINE / "README.md").read_text(encoding="utf-8")
