"""The rules of the parts of a HorizontalPodAutoscaler's spec that are passed on."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from pulumi_kubernetes.autoscaling.v2 import HorizontalPodAutoscalerBehaviorArgsDict, MetricSpecArgsDict

from pulumi_ixn import values
from pulumi_ixn.fragments.typed import Fragments, Rules
from pulumi_ixn.inputs import is_plain
from pulumi_ixn.parsing import from_to, one_of
from pulumi_ixn.validation import Each, FieldRule, Plain

Object: TypeAlias = Mapping[str, Any]
"""A part of the spec, with keys in snake case."""

_POSITIVE = from_to(1, 2**31 - 1)

_FORMATS: Mapping[tuple[str, str], FieldRule] = {
    ("MetricSpec", "type"): one_of("ContainerResource", "External", "Object", "Pods", "Resource"),
    ("MetricTarget", "type"): one_of("AverageValue", "Utilization", "Value"),
    ("MetricTarget", "average_utilization"): _POSITIVE,
    ("MetricTarget", "average_value"): values.amount,
    ("MetricTarget", "value"): values.amount,
    ("HPAScalingPolicy", "type"): one_of("Percent", "Pods"),
    ("HPAScalingPolicy", "value"): _POSITIVE,
    ("HPAScalingPolicy", "period_seconds"): from_to(1, 1800),
    ("HPAScalingRules", "select_policy"): one_of("Disabled", "Max", "Min"),
    ("HPAScalingRules", "stabilization_window_seconds"): from_to(0, 3600),
    ("HPAScalingRules", "policies"): Each(non_empty="must have at least one policy"),
}

_SOURCES = {
    "ContainerResource": ("Utilization", "AverageValue"),
    "External": ("AverageValue", "Value"),
    "Object": ("AverageValue", "Value"),
    "Pods": ("AverageValue",),
    "Resource": ("Utilization", "AverageValue"),
}
"""The types of metrics, and the types of their targets."""

_TARGETS = {"Utilization": "average_utilization", "AverageValue": "average_value", "Value": "value"}
"""The field of a target that has its value, by type."""


def _metric(spec: Object) -> Iterator[tuple[str, str]]:
    kind = spec["type"]
    if not is_plain(kind):
        return
    name = _snake(kind)
    others = sorted(spec.keys() - {"type", name})
    if name not in spec:
        yield "", f"has the type {kind}, and lacks the metric"
    elif others:
        yield others[0], f"does not belong to the type {kind}"
    elif is_plain(spec[name]) and is_plain(spec[name]["target"]):
        target = spec[name]["target"].get("type")
        if is_plain(target) and target not in _SOURCES[kind]:
            yield name, f"has a target of type {target}; a {kind} metric has one of {', '.join(_SOURCES[kind])}"


def _target(target: Object) -> Iterator[tuple[str, str]]:
    kind = target["type"]
    if is_plain(kind) and {*target} != {"type", _TARGETS[kind]}:
        yield "", f"of type {kind} needs exactly its {kind[0].lower()}{kind[1:]}"


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


_RULES = Rules(_FORMATS, frozenset(), {}, {"MetricSpec": _metric, "MetricTarget": _target})

SNAKE, CAMEL = Fragments(_RULES, camel=False), Fragments(_RULES, camel=True)
"""The parts in the arguments of programs, and in the stack config."""


def metrics(fragments: Fragments) -> FieldRule:
    """Return the rule of a list of metrics."""
    return Plain(Each(Plain(fragments.of(MetricSpecArgsDict))))


def behavior(fragments: Fragments) -> FieldRule:
    """Return the rule of the behavior."""
    return Plain(fragments.of(HorizontalPodAutoscalerBehaviorArgsDict))
