"""Provisioned databases of a stack that renders manifests, set as an operator does it."""

import json
from typing import Any

import pytest

from tests.engine.project import Manifests, Project, make_project

DB = "ixn:peers.ixnDB.provisioned"
SETTINGS = {
    f"{DB}.administrator.name": "postgres-admin",
    f"{DB}.image.repository": "tools/postgres",
    f"{DB}.image.tag": "v15.14",
}
NAME = "ixn-server-100-db"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = make_project(tmp_path_factory.mktemp("provisioned"))
    for path, value in SETTINGS.items():
        project.set(path, value)
    project.up()
    return project


def jobs(manifests: Manifests) -> dict[str, Any]:
    return {name: each for name, each in manifests.items() if name.startswith(f"Job/{NAME}-")}


def test_the_job_its_scripts_and_its_policy_are_rendered(stack: Project) -> None:
    manifests = stack.manifests()

    ((name, job),) = jobs(manifests).items()
    (container,) = job["spec"]["template"]["spec"]["containers"]
    assert name.removeprefix("Job/") == job["metadata"]["name"]
    assert container["image"] == "registry.example.com/tools/postgres:v15.14"
    assert "provision.sh" in manifests[f"ConfigMap/{NAME}"]["data"]
    assert json.dumps(manifests).count('"ixn-pulumi/policy": "ixn-server-100-db"') == 2
    env = {each["name"]: each.get("value") for each in container["env"]}
    assert env["MARK"] == f"ixn-pulumi/stack=organization/ixn/dev ixn-pulumi/database={NAME}"


def test_an_unchanged_job_does_not_run_again(stack: Project) -> None:
    before = stack.manifests()

    stack.pulumi("preview", "--expect-no-changes")

    assert stack.manifests() == before


def test_a_changed_setting_renames_the_job_and_replaces_no_workload(stack: Project) -> None:
    before = stack.manifests()
    stack.set(f"{DB}.repair", "true")

    stack.up()

    after = stack.manifests()
    assert jobs(after).keys().isdisjoint(jobs(before))
    assert len(jobs(after)) == 1
    own = {f"Job/{NAME}"}
    kept = {name: each for name, each in before.items() if name not in jobs(before) and name not in own}
    assert {name: each for name, each in after.items() if name not in jobs(after)} == kept
