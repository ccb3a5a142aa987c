"""HorizontalPodAutoscalers, and which workloads may have an autoscaler."""

from typing import Any

import pytest
from pulumi_ixn import Hpa, Keda, ResourceRequirements
from pulumi_ixn.config import load
from pulumi_ixn.validation import InvalidInputs

from tests.unit.config.stacks import change, stack_config
from tests.unit.deployed import made
from tests.unit.kubernetes_schemas import VERSIONS, validation_errors
from tests.unit.samples import pod

ADDRESS = "https://prometheus.example.com/p"
AUTOSCALERS = [
    Hpa(max_replicas=4),
    Keda(max_replicas=4, server_address=ADDRESS, threshold=1),
]
CONFIGURED: list[dict[str, Any]] = [
    {"hpa": {"maxReplicas": 4}},
    {"keda": {"maxReplicas": 4, "serverAddress": ADDRESS, "threshold": 1}},
]

CPU = {"name": "cpu", "target": {"type": "Utilization", "average_utilization": 60}}
DOWN: Any = {"scale_down": {"stabilization_window_seconds": 600, "policies": [
    {"type": "Pods", "value": 1, "period_seconds": 120}
]}}  # fmt: skip


def hpa(preview: bool = False, **changes: Any) -> Any:
    """Return the HorizontalPodAutoscaler of IXN Node."""
    wanted = Hpa(**{"max_replicas": 4, **changes})
    found = made(preview, node=pod(replicas=None, autoscaling=wanted))
    return found.manifest("HorizontalPodAutoscaler", "ixn-node-100")


def rejected(**changes: Any) -> str:
    with pytest.raises(InvalidInputs) as caught:
        hpa(**changes)
    (issue,) = caught.value.issues
    assert issue.path.startswith("node.autoscaling")
    return str(issue)


def test_without_metrics_it_scales_by_the_cpu_of_the_workload_s_own_container(preview: bool) -> None:
    found = hpa(preview, min_replicas=2)

    (metric,) = found["spec"]["metrics"]
    assert metric["type"] == "ContainerResource"
    assert (metric["containerResource"]["container"], metric["containerResource"]["name"]) == ("ixn-node", "cpu")
    assert (found["spec"]["minReplicas"], found["spec"]["maxReplicas"]) == (2, 4)
    assert found["spec"]["scaleTargetRef"] == {
        "apiVersion": "apps/v1", "kind": "Deployment", "name": "ixn-node-100",
    }  # fmt: skip


def test_metrics_and_behavior_are_passed_on(preview: bool) -> None:
    metrics: Any = [
        {"type": "Resource", "resource": CPU},
        {
            "type": "External",
            "external": {"metric": {"name": "queue"}, "target": {"type": "AverageValue", "average_value": "30"}},
        },
    ]

    spec = hpa(preview, metrics=metrics, behavior=DOWN)["spec"]

    cpu, external = spec["metrics"]
    assert cpu == {"type": "Resource", "resource": {
        "name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}
    }}  # fmt: skip
    assert external["external"]["target"] == {"type": "AverageValue", "averageValue": "30"}
    assert spec["behavior"]["scaleDown"]["policies"] == [{"type": "Pods", "value": 1, "periodSeconds": 120}]


@pytest.mark.parametrize("version", VERSIONS)
def test_it_is_valid(version: str) -> None:
    assert validation_errors(hpa(behavior=DOWN), version) == []


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"max_replicas": 0}, "node.autoscaling.max_replicas"),
        ({"min_replicas": 0}, "node.autoscaling.min_replicas"),
        ({"min_replicas": 5}, "node.autoscaling"),
        ({"metrics": [{"type": "Cpu"}]}, "node.autoscaling.metrics[0].type"),
        ({"metrics": [{"type": "Resource"}]}, "node.autoscaling.metrics[0]"),
        ({"metrics": [{"type": "Pods", "resource": CPU}]}, "node.autoscaling.metrics[0]"),
        ({"metrics": [{"type": "Resource", "resource": {"name": "cpu"}}]}, "resource.target"),
        ({"metrics": [{"type": "Resource", "resource": {**CPU, "target": {"type": "Utilization"}}}]}, "target"),
        (
            {"metrics": [{"type": "Resource", "resource": {**CPU, "target": {"type": "Value", "value": "1"}}}]},
            "node.autoscaling.metrics[0].resource",
        ),
        ({"behavior": {"scale_down": {"policies": []}}}, "behavior.scale_down.policies"),
        ({"behavior": {"scale_down": {"stabilization_window_seconds": 3601}}}, "stabilization_window_seconds"),
        ({"behavior": {"scale_down": {"select_policy": "Min "}}}, "select_policy"),
        ({"behavior": {"scale_dwon": {}}}, "did you mean 'scale_down'"),
    ],
    ids=str,
)
def test_what_kubernetes_would_reject_is_rejected(changes: dict[str, Any], path: str) -> None:
    assert path in rejected(**changes)


def test_a_utilization_needs_a_request() -> None:
    metrics: Any = [{"type": "Resource", "resource": CPU}]
    by_cpu = Hpa(max_replicas=4, metrics=metrics)
    none = ResourceRequirements({"memory": "1Gi"}, {"memory": "1Gi"})
    with pytest.raises(InvalidInputs, match=r"node\.autoscaling: .* cpu"):
        made(False, node=pod(replicas=None, autoscaling=Hpa(max_replicas=4), resources=none))
    with pytest.raises(InvalidInputs, match=r"node\.autoscaling: .* cpu"):
        made(False, node=pod(replicas=None, autoscaling=by_cpu, resources=none))


# Which workloads may have one


@pytest.mark.parametrize("autoscaler", AUTOSCALERS, ids=lambda each: type(each).__name__)
def test_the_server_has_no_autoscaler(autoscaler: Any) -> None:
    with pytest.raises(InvalidInputs) as caught:
        made(False, server=pod(autoscaling=autoscaler))

    assert [each.path for each in caught.value.issues] == ["server.autoscaling"]


@pytest.mark.parametrize("settings", CONFIGURED, ids=str)
@pytest.mark.parametrize("below", ["", "tenants.dev."])
def test_the_server_has_no_autoscaler_in_a_stack(settings: dict[str, Any], below: str) -> None:
    path = f"{below}ixnService.ixnServer.autoscaling"
    with pytest.raises(InvalidInputs) as caught:
        load(change(stack_config("dev"), {path: settings}))

    assert {f"ixn:{path}"} == {each.path for each in caught.value.issues}
    assert all("IXN Server" in each.reason for each in caught.value.issues)


@pytest.mark.parametrize("autoscaler", AUTOSCALERS, ids=lambda each: type(each).__name__)
@pytest.mark.parametrize("replicas", [1, 3])
def test_replicas_and_an_autoscaler_exclude_each_other(autoscaler: Any, replicas: int) -> None:
    with pytest.raises(InvalidInputs) as caught:
        made(False, node=pod(replicas=replicas, autoscaling=autoscaler))

    assert [each.path for each in caught.value.issues] == ["node.replicas"]


@pytest.mark.parametrize("settings", CONFIGURED, ids=str)
@pytest.mark.parametrize("name", ["ixnService.ixnNode", "ixnVQNode"])
def test_replicas_and_an_autoscaler_exclude_each_other_in_a_stack(settings: dict[str, Any], name: str) -> None:
    for replicas in (1, 3):
        with pytest.raises(InvalidInputs) as caught:
            load(change(stack_config("dev"), {f"{name}.autoscaling": settings, f"{name}.replicas": replicas}))
        assert [each.path for each in caught.value.issues] == [f"ixn:{name}.replicas"]

    own = load(change(stack_config("dev"), {f"{name}.autoscaling": settings})).tenants["dev"]
    assert (own.ixn_vq_node if name == "ixnVQNode" else own.ixn_service.ixn_node).replicas is None


def test_a_tenant_chooses_its_own_number_of_pods() -> None:
    changes = {
        "ixnService.ixnNode.autoscaling": CONFIGURED[0],
        "tenants.fixed": {
            "id": "7d0c1d38-2c1b-4bd5-a3ea-4b44f5ef9d6a", "sid": "200",
            "ixnService": {"ixnNode": {"autoscaling": None, "replicas": 2}},
        },
    }  # fmt: skip

    found = load(change(stack_config("dev"), changes)).tenants

    nodes = {key: found[key].ixn_service.ixn_node for key in ("dev", "fixed")}
    assert nodes["dev"].autoscaler() == Hpa(max_replicas=4, metrics=[])
    assert (nodes["fixed"].autoscaler(), nodes["fixed"].replicas) == (None, 2)
