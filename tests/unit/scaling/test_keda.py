"""KEDA's ScaledObjects, and the traps of their triggers (design, section 10)."""

from typing import Any

import promql_parser
import pytest
from pulumi_ixn import Keda, KedaTrigger, testing
from pulumi_ixn.monitoring import labels_by_series
from pulumi_ixn.validation import InvalidInputs

from tests.unit.deployed import made
from tests.unit.kubernetes_schemas import VERSIONS, validation_errors
from tests.unit.samples import pod

PROMETHEUS = "http://prometheus.monitoring.svc:9090"
TOTAL = 'sum(rate(ixn_vq_node_received_total{tenant="$tenant", namespace="$namespace"}[2m]))'
RATIO = (
    'sum(ixnnode_instructions_processing_queue_size{tenant="$tenant"})'
    ' / sum(ixnnode_instructions_processing_queue_concurrency_limit{tenant="$tenant"})'
)


def trigger(query: str = TOTAL, **changes: Any) -> KedaTrigger:
    """Return a trigger on Prometheus; metadata of None is left out."""
    fields = {key: changes.pop(key) for key in ("metricType", "type", "name") if key in changes}
    metadata: dict[str, Any] = {
        "serverAddress": PROMETHEUS, "query": query, "threshold": "50", "ignoreNullValues": "false", **changes,
    }  # fmt: skip
    kept = {key: value for key, value in metadata.items() if value is not None}
    return {"type": "prometheus", "metadata": kept, **fields}  # pyright: ignore[reportReturnType]


def scaled(*triggers: KedaTrigger, preview: bool = False, **changes: Any) -> Any:
    """Return the ScaledObject of IXN Node with these triggers."""
    keda = Keda(**{"max_replicas": 5, "triggers": triggers, **changes})
    found = made(preview, node=pod(replicas=None, autoscaling=keda))
    return found.manifest("ScaledObject", "ixn-node-100")


def reasons(*triggers: Any, **changes: Any) -> list[str]:
    """Return why triggers are rejected, and check that the paths lead to them."""
    with pytest.raises(InvalidInputs) as caught:
        scaled(*triggers, **changes)
    assert all(each.path.startswith("node.autoscaling") for each in caught.value.issues)
    return [each.reason for each in caught.value.issues]


def own(**changes: Any) -> dict[str, Any]:
    """Return the ScaledObjects of IXN Node and IXN VQ Node with the queries of this package."""
    keda = Keda(**{"max_replicas": 5, "server_address": PROMETHEUS, "threshold": 20, **changes})
    both: dict[str, Any] = dict.fromkeys(("node", "vq_node"), pod(replicas=None, autoscaling=keda))
    found = made(False, **both)
    return {name: found.manifest("ScaledObject", f"ixn-{name}-100") for name in ("node", "vqnode")}


# The traps


def test_a_query_for_an_average_value_must_be_a_total() -> None:
    for given in ({}, {"metricType": "AverageValue"}):
        (reason,) = reasons(trigger(RATIO, **given))
        assert "sum" in reason
        assert "metricType: Value" in reason
    assert scaled(trigger(TOTAL, metricType="AverageValue"))


def test_a_query_for_a_value_must_be_the_figure_of_one_replica() -> None:
    (reason,) = reasons(trigger(TOTAL, metricType="Value"))

    assert "avg" in reason
    assert "metricType: AverageValue" in reason
    assert scaled(trigger(RATIO, metricType="Value"))


@pytest.mark.parametrize(
    "query",
    [
        'rate(ixn_vq_node_received_total{tenant="$tenant"}[2m])',
        'sum by (pod) (rate(ixn_vq_node_received_total{tenant="$tenant"}[2m]))',
        "vector(3)",
    ],
)
@pytest.mark.parametrize("metric_type", ["AverageValue", "Value"])
def test_a_query_must_return_one_value(query: str, metric_type: str) -> None:
    (reason,) = reasons(trigger(query, metricType=metric_type))

    assert "KEDA needs" in reason


@pytest.mark.parametrize("given", [None, "true", "False"])
def test_a_missing_series_must_not_count_as_zero(given: str | None) -> None:
    (reason,) = reasons(trigger(ignoreNullValues=given))

    assert "ignoreNullValues" in reason


def test_a_query_must_not_put_zero_in_the_place_of_a_missing_series() -> None:
    (reason,) = reasons(trigger(f"{TOTAL} or vector(0)"))

    assert "missing series" in reason


def test_a_series_that_no_container_exports_is_rejected_with_the_nearest_name() -> None:
    (reason,) = reasons(trigger('sum(rate(ixn_vq_node_recieved_total{tenant="$tenant"}[2m]))'))

    assert "did you mean ixn_vq_node_received_total?" in reason


def test_series_of_other_exporters_are_not_checked() -> None:
    assert scaled(trigger('sum(kafka_consumergroup_lag{topic="ixn"})'))


def test_a_counter_without_a_rate_only_ever_scales_up() -> None:
    (reason,) = reasons(trigger('sum(ixn_vq_node_received_total{tenant="$tenant"})'))
    assert "rate(...)" in reason

    (reason,) = reasons(trigger('sum(rate(ixnnode_instructions_processing_queue_size{tenant="$tenant"}[2m]))'))
    assert "gauge" in reason


@pytest.mark.parametrize("selected", ["", '{tenant="100"}', '{tenant=~"$tenant"}', '{pod="$tenant"}'])
def test_a_query_must_select_the_tenant_s_own_series(selected: str) -> None:
    (reason,) = reasons(trigger(f"sum(ixnnode_instructions_processing_queue_size{selected})"))

    assert 'tenant="$tenant"' in reason


def test_keda_must_not_scale_to_zero() -> None:
    assert reasons(trigger(), min_replicas=0)
    assert scaled(trigger())["spec"]["minReplicaCount"] == 1


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"query": "sum("}, "PromQL"),
        ({"query": None}, "lacks query"),
        ({"threshold": None}, "lacks threshold"),
        ({"threshold": "0"}, "above zero"),
        ({"threshold": "many"}, "above zero"),
        ({"serverAddress": None}, "lacks serverAddress"),
        ({"serverAddress": "prometheus:9090"}, "is not a URL"),
        ({"serverAddress": "http://localhost:9090"}, "loopback"),
        ({"serverAddress": "http://user:hunter2@prometheus"}, "TriggerAuthentication"),
        ({"metricName": "queue"}, "unknown key 'metricName'"),
        ({"serveraddress": PROMETHEUS}, "did you mean 'serverAddress'"),
        ({"metricType": "Utilization"}, "cpu and memory"),
        ({"type": "promethues"}, "did you mean 'prometheus'"),
        ({"unsafeSsl": True}, "is not a string"),
    ],
    ids=str,
)
def test_what_keda_would_report_late_or_never_is_rejected(changes: dict[str, Any], part: str) -> None:
    assert any(part in reason for reason in reasons(trigger(**changes)))


def test_a_password_in_an_address_is_not_shown() -> None:
    address = "http://user:hunter2@prometheus"

    assert "hunter2" not in str([*reasons(server_address=address), *reasons(trigger(serverAddress=address))])


@pytest.mark.parametrize(
    ("triggers", "changes"),
    [
        ((), {}),
        ((), {"threshold": 3}),
        ((trigger(name="a"), trigger(name="a")), {}),
        ((trigger(),), {"min_replicas": 6}),
        ((trigger(),), {"fallback": {"replicas": 3}}),
        ((trigger(),), {"fallback": {"failureThreshold": 3, "replicas": 0}}),
        (({"type": "cpu", "metadata": {"value": "70"}},), {}),
        (({"type": "cpu", "metricType": "Utilization", "metadata": {}},), {}),
        (({"type": "kafka", "metadata": {}, "useCachedMetric": True},), {}),
        (({"type": "kafka", "metadata": {}, "authenticationRef": {"kind": "Secret", "name": "a"}},), {}),
        (
            ({"type": "cpu", "metricType": "Utilization", "metadata": {"value": "70"}},),
            {"fallback": {"failureThreshold": 3, "replicas": 3}},
        ),
    ],
    ids=str,
)
def test_arguments_that_contradict_each_other_are_rejected(triggers: Any, changes: dict[str, Any]) -> None:
    assert reasons(*triggers, **changes)


# What is rendered


def test_triggers_are_passed_on_with_the_tenant_and_namespace_in_their_queries(preview: bool) -> None:
    kafka: KedaTrigger = {"type": "kafka", "metadata": {"topic": "$tenant"}, "useCachedMetrics": True}
    given = [trigger(), kafka]

    found = scaled(*given, preview=preview)["spec"]["triggers"]

    assert found[0]["metadata"]["query"] == TOTAL.replace("$tenant", "100").replace("$namespace", "ixn")
    assert found[1] == kafka
    assert {**found[0], "metadata": None} == {**given[0], "metadata": None}


def test_an_address_and_a_namespace_may_be_outputs(preview: bool) -> None:
    def program() -> Any:
        from tests.unit.samples import ixn

        later: Any = testing.unknown(str)
        keda = Keda(max_replicas=3, server_address=later, threshold=5)
        return ixn(vq_node=pod(replicas=None, autoscaling=keda), namespace=later) and None

    if preview:
        spec = testing.deploy(program, preview=True).manifest("ScaledObject", "ixn-vqnode-100")["spec"]
        assert spec["triggers"][0]["metadata"]["query"] == testing.UNKNOWN


def test_the_deployment_that_is_scaled_has_no_replicas_of_its_own() -> None:
    keda = Keda(max_replicas=5, server_address=PROMETHEUS)
    found = made(False, node=pod(replicas=None, autoscaling=keda))

    target = found.manifest("ScaledObject", "ixn-node-100")["spec"]["scaleTargetRef"]
    assert target == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "ixn-node-100"}
    assert "replicas" not in found.manifest("Deployment", "ixn-node-100")["spec"]


def test_the_label_that_keda_would_add_is_there() -> None:
    metadata = scaled(trigger())["metadata"]

    assert metadata["labels"]["scaledobject.keda.sh/name"] == metadata["name"]


def test_behavior_and_fallback_have_the_names_of_the_custom_resource() -> None:
    fallback: Any = {"failureThreshold": 3, "replicas": 4}
    behavior: Any = {"scale_down": {"policies": [{"type": "Pods", "value": 1, "period_seconds": 60}]}}

    spec = scaled(trigger(), behavior=behavior, fallback=fallback)["spec"]

    scale_down = {"policies": [{"type": "Pods", "value": 1, "periodSeconds": 60}]}
    assert spec["advanced"] == {"horizontalPodAutoscalerConfig": {"behavior": {"scaleDown": scale_down}}}
    assert spec["fallback"] == fallback


def test_every_scaled_object_is_valid() -> None:
    behavior: Any = {"scale_up": {"stabilization_window_seconds": 60, "select_policy": "Max"}}
    fallback: Any = {"failureThreshold": 3, "replicas": 4, "behavior": "currentReplicasIfHigher"}
    found = [*own(triggers=[trigger()], behavior=behavior, fallback=fallback).values(), scaled(trigger())]

    for each in found:
        assert validation_errors(each, VERSIONS[-1]) == []


def test_invalid_fields_of_a_scaled_object_are_found_by_its_schema() -> None:
    found = scaled(trigger())

    assert validation_errors({**found, "spec": {**found["spec"], "minReplicas": 1}}, VERSIONS[-1])


# The queries of this package


def test_this_package_s_own_queries_pass_its_rules_and_read_series_of_the_catalog() -> None:
    for found in own().values():
        (each,) = found["spec"]["triggers"]
        query = each["metadata"]["query"]
        as_given = query.replace('tenant="100"', 'tenant="$tenant"')

        given: Any = {**each, "metadata": {**each["metadata"], "query": as_given}}
        assert scaled(given)
        assert series(promql_parser.parse(query)) <= labels_by_series().keys()
        assert 'namespace="ixn"' in query


def series(expression: Any) -> set[str]:
    """Return the names of the series that an expression reads."""
    if isinstance(expression, promql_parser.VectorSelector):
        return {str(expression.name)}
    below = [
        getattr(expression, name)
        for name in ("expr", "lhs", "rhs", "vector_selector")
        if hasattr(expression, name)
    ]
    below += getattr(expression, "args", [])
    return {name for each in below for name in series(each)}


def test_ixn_node_scales_by_the_use_of_its_queue_and_vq_node_by_its_events() -> None:
    found = {name: each["spec"]["triggers"][0]["metadata"] for name, each in own().items()}

    assert "ixnnode_instructions_processing_queue_size" in found["node"]["query"]
    assert "ixn_vq_node_received_total" in found["vqnode"]["query"]
    assert {each["threshold"] for each in found.values()} == {"20"}


def test_only_the_queue_has_a_default_threshold() -> None:
    keda = pod(replicas=None, autoscaling=Keda(max_replicas=5, server_address=PROMETHEUS))

    found = made(False, node=keda).manifest("ScaledObject", "ixn-node-100")
    assert 0 < float(found["spec"]["triggers"][0]["metadata"]["threshold"]) < 1
    with pytest.raises(InvalidInputs, match=r"vq_node\.autoscaling: lacks a threshold"):
        made(False, vq_node=keda)
