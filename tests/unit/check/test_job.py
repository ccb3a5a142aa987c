"""The Jobs of the connectivity check: their pods, deadlines and results."""

import functools
import re
from dataclasses import replace
from typing import Any

import pytest
from pulumi_ixn import (
    OPENSHIFT,
    Endpoint,
    NoPolicies,
)
from pulumi_ixn.check.job import script
from pulumi_ixn.testing import Deployment, deploy
from pulumi_ixn.validation import InvalidInputs

from tests.unit import deployed
from tests.unit.check.jobs import OPTIONS, container, env, job, jobs, made, targets, template
from tests.unit.deployed import WORKLOADS, policy
from tests.unit.kubernetes_schemas import VERSIONS, validation_errors
from tests.unit.samples import ixn, kafka


def test_no_job_exists_by_default(preview: bool) -> None:
    found = deployed.made(preview)

    assert jobs(found) == {}
    assert found.of_type("ixn:index:ConnectionCheck") == []


def test_each_workload_has_its_own_job(preview: bool) -> None:
    found = made(preview)

    assert set(jobs(found)) == {f"ixn-{each}-100-check" for each in WORKLOADS}
    names = {each.name for each in found.of_type("kubernetes:batch/v1:Job")}
    assert names == {f"east-check-{each}" for each in WORKLOADS}


def test_jobs_exist_without_policies(preview: bool) -> None:
    assert len(jobs(made(preview, isolation=NoPolicies()))) == 3


@functools.cache
def labelled(preview: bool) -> Deployment[Any]:
    return made(preview, connectivity_check=replace(OPTIONS, labels={"team": "x"}))


@pytest.mark.parametrize("workload", WORKLOADS)
def test_the_pod_shares_the_policy_of_its_workload_and_backs_no_service(workload: str, preview: bool) -> None:
    found = labelled(preview)
    labels = template(found, workload)["metadata"]["labels"]

    assert labels["team"] == "x"
    own = policy(found, workload)
    assert own["podSelector"]["matchLabels"].items() <= labels.items()
    others = [
        each["spec"]["podSelector"]["matchLabels"]
        for each in found.manifests
        if each.get("kind") == "NetworkPolicy" and each["spec"] != own
    ]
    assert len(others) == 2
    services = [each["spec"]["selector"] for each in found.manifests if each.get("kind") == "Service"]
    assert services
    controllers = ("StatefulSet", "Deployment")
    selectors = [
        each["spec"]["selector"]["matchLabels"] for each in found.manifests if each.get("kind") in controllers
    ]
    assert not [each for each in (*others, *services, *selectors) if each.items() <= labels.items()]


@pytest.mark.parametrize("workload", WORKLOADS)
def test_the_pod_uses_the_service_account_of_its_workload_without_a_token(workload: str, preview: bool) -> None:
    found = made(preview)
    spec = template(found, workload)["spec"]

    assert (
        found.manifest("ServiceAccount", spec["serviceAccountName"])["metadata"]["name"] == f"ixn-{workload}-100"
    )
    assert spec["automountServiceAccountToken"] is False
    assert spec["enableServiceLinks"] is False


@pytest.mark.parametrize("workload", WORKLOADS)
def test_the_pod_meets_the_restricted_standard(workload: str, preview: bool) -> None:
    found = made(preview)

    assert template(found, workload)["spec"]["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": 500,
        "runAsGroup": 500,
        "fsGroup": 500,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert container(found, workload)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }
    assert "volumes" not in template(found, workload)["spec"]


def test_openshift_assigns_the_user_id() -> None:
    found = made(connectivity_check=replace(OPTIONS, security=OPENSHIFT))

    assert template(found, "node")["spec"]["securityContext"] == {
        "runAsNonRoot": True,
        "runAsGroup": 0,
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def test_the_image_and_its_pull_settings_are_as_configured() -> None:
    options = replace(OPTIONS, image_pull_policy="Always", image_pull_secrets=("pull",), annotations={"a": "b"})
    found = made(connectivity_check=options)

    assert container(found, "node")["image"] == "registry.example.com/tools/busybox:1.37"
    assert container(found, "node")["imagePullPolicy"] == "Always"
    assert template(found, "node")["spec"]["imagePullSecrets"] == [{"name": "pull"}]
    assert template(found, "node")["metadata"]["annotations"]["a"] == "b"
    assert "imagePullSecrets" not in template(made(), "node")["spec"]


def test_a_failed_job_reports_its_results_and_runs_again_on_the_next_up() -> None:
    found = job(made(), "node")

    assert container(made(), "node")["terminationMessagePolicy"] == "FallbackToLogsOnError"
    assert found["metadata"]["annotations"]["pulumi.com/replaceUnready"] == "true"
    assert found["spec"]["template"]["spec"]["restartPolicy"] == "Never"
    # If the cluster deleted the Job, the next refresh would create it again.
    assert "ttlSecondsAfterFinished" not in found["spec"]


@pytest.mark.parametrize("deadline", [1, 10, 60])
def test_the_job_deadline_leaves_time_for_every_row(deadline: int) -> None:
    found = made(connectivity_check=replace(OPTIONS, deadline=deadline))

    spec = job(found, "node")["spec"]
    assert env(found, "node")["DEADLINE"] == str(deadline)
    assert spec["backoffLimit"] == 1
    # The script gives a client one more second to end before it kills it.
    slowest = 2 * len(targets(found, "node")) * (deadline + 1)
    assert slowest < spec["activeDeadlineSeconds"] < slowest + 300


def test_the_pulumi_timeout_covers_the_job_deadline() -> None:
    # The provider's default timeout is ten minutes, after which it shows no results.
    brokers = tuple(Endpoint(f"b{n}.infra.svc", 9092) for n in range(30))
    options = replace(OPTIONS, deadline=60)
    found = deploy(lambda: ixn(connectivity_check=options, kafka=kafka(endpoints=brokers)) and None)

    for each in jobs(found).values():
        patience = int(each["metadata"]["annotations"]["pulumi.com/timeoutSeconds"])
        assert each["spec"]["activeDeadlineSeconds"] < patience < each["spec"]["activeDeadlineSeconds"] + 300
    assert job(found, "vqnode")["spec"]["activeDeadlineSeconds"] > 3600


@pytest.mark.parametrize("deadline", [0, -1, 61, True, 1.5, "10"])
def test_a_deadline_out_of_range_is_rejected(deadline: Any) -> None:
    with pytest.raises(InvalidInputs, match=r"connectivity_check\.deadline: "):
        made(connectivity_check=replace(OPTIONS, deadline=deadline))


def test_failed_connections_are_in_the_termination_message() -> None:
    assert env(made(), "node")["FAILURES"] == container(made(), "node")["terminationMessagePath"]


def test_the_script_contains_nothing_that_the_kubelet_expands() -> None:
    found = container(made(), "node")
    shell, option, text = found["command"]

    assert (shell, option, text) == ("/bin/sh", "-c", script())
    # In a command the kubelet replaces `$$` with `$`, and `$(NAME)` if NAME is a variable of the container.
    assert "$$" not in text
    assert not {f"$({each['name']})" for each in found["env"]} & set(re.findall(r"\$\([^)]*\)", text))


@pytest.fixture(scope="module")
def every_field() -> Deployment[Any]:
    options = replace(OPTIONS, image_pull_secrets=("pull",), labels={"a": "b"}, annotations={"c": "d"})
    return made(connectivity_check=options)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_jobs_are_valid(version: str, every_field: Deployment[Any]) -> None:
    assert [validation_errors(each, version) for each in jobs(every_field).values()] == [[], [], []]
