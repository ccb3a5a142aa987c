"""The connectivity check, enabled and disabled as an operator does it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.engine.project import Manifests, Project, make_project

JOBS = {f"Job/ixn-{workload}-100-check" for workload in ("server", "node", "vqnode")}
IMAGE = {"repository": "tools/busybox", "tag": "1.37"}


@dataclass(frozen=True)
class Deployed:
    """A stack with the check enabled: its file, its manifests, and those from before."""

    project: Project
    stack_file: str
    before: Manifests
    manifests: Manifests


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    project = make_project(tmp_path_factory.mktemp("check"))
    project.up()
    before = project.manifests()
    for key, value in IMAGE.items():
        project.set(f"ixn:connectivityCheck.image.{key}", value)
    project.up()
    return Deployed(project, project.stack_file.read_text(encoding="utf-8"), before, project.manifests())


@pytest.fixture
def stack(deployed: Deployed) -> Project:
    """The stack with the check enabled in its file; another test may have changed the deployment."""
    deployed.project.stack_file.write_text(deployed.stack_file, encoding="utf-8")
    return deployed.project


def jobs(manifests: Manifests) -> dict[str, Any]:
    return {name: each for name, each in manifests.items() if name.startswith("Job/")}


def labels(job: Mapping[str, Any]) -> Mapping[str, str]:
    return job["spec"]["template"]["metadata"]["labels"]


def test_an_image_adds_only_a_job_for_each_workload(deployed: Deployed) -> None:
    assert deployed.manifests.keys() == {*deployed.before, *JOBS}
    assert {name: each for name, each in deployed.manifests.items() if name not in JOBS} == deployed.before


def test_the_image_uses_the_pull_settings_of_the_workloads(deployed: Deployed) -> None:
    for each in jobs(deployed.manifests).values():
        pod = each["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        assert container["image"] == "registry.example.com/tools/busybox:1.37"
        assert container["imagePullPolicy"] == "Always"
        assert pod["imagePullSecrets"] == [{"name": "pullsecret"}]


def test_a_job_is_selected_by_the_policy_of_its_workload_and_by_no_service(deployed: Deployed) -> None:
    policies = {
        name: each["spec"]["podSelector"]["matchLabels"]
        for name, each in deployed.manifests.items()
        if name.startswith("NetworkPolicy/")
    }
    services = [
        each["spec"]["selector"] for name, each in deployed.manifests.items() if name.startswith("Service/")
    ]
    assert (len(policies), len(services)) == (3, 4)
    for name, job in jobs(deployed.manifests).items():
        mine = labels(job).items()
        own = name.replace("Job/", "NetworkPolicy/").removesuffix("-check")
        assert [policy for policy, selector in policies.items() if selector.items() <= mine] == [own]
        assert not [selector for selector in services if selector.items() <= mine]


def test_an_unchanged_job_does_not_run_again(stack: Project) -> None:
    stack.up()

    stack.up("--expect-no-changes")


def test_a_changed_link_reruns_only_the_job_of_its_workload(stack: Project) -> None:
    stack.up()
    stack.set("ixn:ixnService.ixnServer.config", "8889")
    said = stack.up()

    replaced = {line for line in said.stdout.splitlines() if ":Job " in line and " replaced" in line}
    assert len(replaced) == 1, said
    assert "dev-check-server" in replaced.pop()
    assert not [line for line in said.stdout.splitlines() if ":Job " in line and "updated" in line]


def test_a_workload_with_only_absent_destinations_has_no_job(stack: Project) -> None:
    stack.pulumi("config", "rm", "--path", "ixn:peers.kafka")
    stack.set("ixn:peers.kafka.absent", "true")
    stack.up()

    assert jobs(stack.manifests()).keys() == JOBS - {"Job/ixn-vqnode-100-check"}


def test_removing_the_key_removes_only_the_jobs(stack: Project, deployed: Deployed) -> None:
    stack.pulumi("config", "rm", "--path", "ixn:connectivityCheck")
    stack.up()

    assert stack.manifests() == deployed.before
