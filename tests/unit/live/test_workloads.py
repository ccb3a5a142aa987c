"""The state of rollouts, and label selectors."""

from collections.abc import Sequence
from typing import Any

import pytest
from pulumi_ixn.live.workloads import secrets_of, selects, workload_status

TEMPLATE = {
    "containers": [
        {"image": "r/a:1", "env": [{"name": "P", "valueFrom": {"secretKeyRef": {"name": "db", "key": "p"}}}]}
    ],
    "volumes": [{"name": "k", "secret": {"secretName": "kafka"}}],
    "imagePullSecrets": [{"name": "pull"}],
}


def controller(**status: int) -> dict[str, Any]:
    return {
        "metadata": {"generation": 2},
        "spec": {"replicas": 2, "template": {"spec": TEMPLATE}},
        "status": {
            "observedGeneration": 2, "replicas": 2, "updatedReplicas": 2,
            "readyReplicas": 2, "availableReplicas": 2, **status,
        },
    }  # fmt: skip


def test_a_rollout_is_done_when_every_pod_is_current_and_ready() -> None:
    found = workload_status("w", controller(), [])

    assert (found.state, found.images, found.secrets) == ("rolled out", ["r/a:1"], ["db", "kafka", "pull"])


@pytest.mark.parametrize(
    "status", [{"observedGeneration": 1}, {"updatedReplicas": 1}, {"readyReplicas": 1}, {"replicas": 3}]
)
def test_a_rollout_is_in_progress_until_then(status: dict[str, int]) -> None:
    assert workload_status("w", controller(**status), []).state == "in progress"


def test_a_workload_that_does_not_exist_is_missing() -> None:
    assert workload_status("w", None, []).state == "missing"


def pod(name: str, conditions: Sequence[Any] = (), container: Any = None, **metadata: str) -> dict[str, Any]:
    statuses = [{"name": "c", "image": "r/a:1", **container}] if container else []
    status = {"conditions": [*conditions], "containerStatuses": statuses}
    return {"metadata": {"name": name, **metadata}, "status": status}


WAITING = {"state": {"waiting": {"reason": "ImagePullBackOff", "message": "no such image"}}}
CRASHED = {"state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": {"terminated": {"exitCode": 137}}}
PENDING = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "no node"}


def test_each_pod_that_is_not_ready_is_a_trouble_with_its_reason() -> None:
    pods = [
        pod("image", container=WAITING),
        pod("crash", container=CRASHED),
        pod("scheduling", [PENDING]),
        pod("ready", [{"type": "Ready", "status": "True"}], WAITING),
        pod("ending", container=WAITING, deletionTimestamp="2026-01-01T00:00:00Z"),
    ]
    troubles = workload_status("w", controller(), pods).troubles

    reasons = {"image": "no such image", "crash": "137", "scheduling": "no node"}
    assert len(troubles) == len(reasons)
    for (name, reason), trouble in zip(reasons.items(), troubles, strict=True):
        assert name in trouble
        assert reason in trouble


def test_pods_that_a_quota_does_not_admit_are_a_trouble() -> None:
    failure = {"type": "ReplicaFailure", "status": "True", "message": "exceeded quota: small"}
    blocked = controller()
    blocked["status"]["conditions"] = [failure]

    (trouble,) = workload_status("w", blocked, []).troubles
    assert "exceeded quota: small" in trouble


def test_secrets_of_sidecars_variables_and_projected_volumes_count() -> None:
    spec = {
        "containers": [{"envFrom": [{"secretRef": {"name": "a"}}, {"configMapRef": {"name": "no"}}]}],
        "initContainers": [{"env": [{"name": "B", "valueFrom": {"secretKeyRef": {"name": "b", "key": "b"}}}]}],
        "volumes": [{"projected": {"sources": [{"secret": {"name": "c"}}, {"configMap": {"name": "no"}}]}}],
    }

    assert list(secrets_of(spec)) == ["a", "b", "c"]


def test_the_images_and_troubles_of_sidecars_are_shown() -> None:
    waiting = {"waiting": {"reason": "ImagePullBackOff"}}
    status = {
        "initContainerStatuses": [{"name": "tool", "image": "r/tool:1", "state": waiting, "restartCount": 3}]
    }
    made = controller()
    made["spec"]["template"] = {"spec": {**TEMPLATE, "initContainers": [{"image": "r/tool:1"}]}}
    found = workload_status("w", made, [{"metadata": {"name": "w-0"}, "status": status}])

    assert found.images == ["r/a:1", "r/tool:1"]
    assert found.restarts == 3
    assert found.troubles == ["pod w-0, container tool: ImagePullBackOff: r/tool:1"]


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ({}, True),
        ({"matchLabels": {"a": "1"}}, True),
        ({"matchLabels": {"a": "2"}}, False),
        ({"matchLabels": {"k8s:a": "1"}}, True),
        ({"matchExpressions": [{"key": "a", "operator": "In", "values": ["1", "2"]}]}, True),
        ({"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["1"]}]}, False),
        ({"matchExpressions": [{"key": "b", "operator": "Exists"}]}, False),
        ({"matchExpressions": [{"key": "b", "operator": "DoesNotExist"}]}, True),
    ],
)
def test_a_selector_selects_as_kubernetes_does(selector: dict[str, Any], expected: bool) -> None:
    assert selects(selector, {"a": "1"}) is expected
