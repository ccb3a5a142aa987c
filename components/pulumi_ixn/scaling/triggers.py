"""The rules of KEDA's triggers, and the traps of those that query Prometheus (KEDA v2.21).

KEDA reports most of this late, as a condition of the ScaledObject, or not at all.
"""

import difflib
import math
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from pulumi_ixn import values
from pulumi_ixn.inputs import is_plain
from pulumi_ixn.monitoring import Metric, metrics
from pulumi_ixn.parsing import Invalid, Parser, from_to, non_empty, one_of, string
from pulumi_ixn.scaling.promql import Query, Selector, Shape, parse_query
from pulumi_ixn.validation import Each, Entries, FieldRule, Keys, Known, Plain

Trigger: TypeAlias = Mapping[str, Any]
Issues: TypeAlias = Iterator[tuple[str, str]]

TENANT, NAMESPACE = "$tenant", "$namespace"
"""In a query, stand for the tenant's short id and its namespace."""

CREDENTIALS = "contains credentials, which belong in a TriggerAuthentication (authenticationRef)"

_OWN = ("ixn_", "ixnnode_")
"""The beginnings of the names of the workloads' series."""

_METADATA = frozenset({
    "activationThreshold", "authModes", "awsRegion", "customHeaders", "identityOwner", "ignoreNullValues",
    "namespace", "query", "queryParameters", "serverAddress", "threshold", "timeout", "unsafeSsl",
})  # fmt: skip
"""The keys of a prometheus trigger. KEDA ignores others."""

_REQUIRED = ("serverAddress", "query", "threshold", "ignoreNullValues: 'false'")
_RATES = frozenset({"rate", "irate", "increase"})
RESOURCES = ("cpu", "memory")


def _url(value: object) -> str:
    text = string(value)
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(value)
    if values.is_loopback(parts.hostname):
        raise Invalid("is a loopback address: KEDA's own pod would connect to itself")
    values.host(parts.hostname)
    return text


def has_credentials(url: object) -> bool:
    """Return whether a URL contains credentials, which belong in a TriggerAuthentication."""
    return isinstance(url, str) and "@" in urlsplit(url).netloc


server_address: Parser[str] = Parser("a URL, such as 'http://prometheus.monitoring.svc:9090'", _url, "https?://.+")


def _positive(value: object) -> float:
    number = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else math.nan
    if not 0 < number < math.inf:
        raise ValueError(value)
    return number


threshold: Parser[float] = Parser("a number above zero", _positive)
_text: Parser[str] = Parser("a string of at least one character", non_empty)


def _prometheus(trigger: Trigger) -> Issues:
    given: Mapping[str, object] = trigger["metadata"]
    for key in sorted(given.keys() - _METADATA):
        near = difflib.get_close_matches(key, _METADATA, n=1)
        yield "metadata", f"unknown key {key!r}" + (f"; did you mean {near[0]!r}?" if near else "")
    yield from (("metadata", f"lacks {key}") for key in _REQUIRED if key.partition(":")[0] not in given)
    if has_credentials(given.get("serverAddress")):
        yield "metadata", f"serverAddress {CREDENTIALS}"
        return
    parsers = {"serverAddress": server_address, "threshold": threshold, "ignoreNullValues": _not_ignored}
    for key, parser in parsers.items():
        if key in given and is_plain(given[key]):
            try:
                parser(given[key])
            except ValueError as error:
                yield "metadata", f"{key} {given[key]!r} {error}"
    query = given.get("query")
    if isinstance(query, str):
        kind = trigger.get("metricType", "AverageValue")
        yield from (("metadata", f"query {message}") for message in query_issues(query, kind))


def _false(value: object) -> str:
    if string(value) != "false":
        raise ValueError(value)
    return "false"


_not_ignored: Parser[str] = Parser(
    "'false': otherwise, a missing series counts as 0, and its pods are removed", _false
)


def query_issues(text: str, metric_type: str) -> Iterator[str]:
    """Yield what is wrong with the query of a trigger of this type of metric."""
    try:
        query = parse_query(text)
    except Invalid as error:
        yield str(error)
        return
    yield from _shape(query, metric_type)
    if query.has_default:
        yield "puts a number in the place of a missing series (`or vector(...)`), so that its pods are removed"
    for selector in query.selectors:
        if selector.metric.startswith(_OWN):
            yield from _selector(selector)


def _shape(query: Query, metric_type: str) -> Iterator[str]:
    match query.shape, metric_type:
        case (Shape.SERIES | Shape.NUMBER | Shape.MIXED) as shape, _:
            yield f"returns {shape.value}; KEDA needs a total (`sum`) or the figure of one replica (`avg`)"
        case Shape.PER_REPLICA, "AverageValue":
            yield (
                "returns the figure of one replica, which KEDA divides by the number of pods once more: query the "
                "total (`sum`), or set metricType: Value"
            )
        case Shape.TOTAL, "Value":
            yield (
                "returns a total over all replicas, which KEDA compares with the threshold of one: query the "
                "figure of one replica (`avg`), or set metricType: AverageValue"
            )
        case _:
            pass


def _selector(selector: Selector) -> Iterator[str]:
    known = {name: metric for metric in metrics().values() for name in metric.series()}
    metric = known.get(selector.metric)
    if metric is None:
        near = difflib.get_close_matches(selector.metric, known, n=1, cutoff=0)
        yield f"reads {selector.metric}, which no container exports; did you mean {near[0]}?"
        return
    if selector.equal.get("tenant") != TENANT:
        yield f'reads {selector.metric} of other tenants: select {{tenant="{TENANT}"}}, this tenant\'s short id'
    yield from _rate(selector, metric)


def _rate(selector: Selector, metric: Metric) -> Iterator[str]:
    rated = bool(_RATES & {*selector.functions})
    if metric.type != "gauge" and not rated:
        yield f"reads the counter {selector.metric}, which only grows: use its rate(...)"
    if metric.type == "gauge" and rated:
        yield f"takes a rate of {selector.metric}, which is a gauge"


def _resource(trigger: Trigger) -> Issues:
    kind = trigger.get("metricType")
    if kind not in ("Utilization", "AverageValue"):
        yield "metricType", "must be Utilization or AverageValue for a resource"
    if "value" not in trigger["metadata"]:
        yield "metadata", "lacks value"


def _trigger(trigger: Trigger) -> Issues:
    kind: str = trigger["type"]
    if kind in RESOURCES:
        yield from _resource(trigger)
        return
    if trigger.get("metricType") == "Utilization":
        yield "metricType", "may be Utilization for the triggers cpu and memory only"
    if kind == "prometheus":
        yield from _prometheus(trigger)
    elif near := difflib.get_close_matches(kind, ("prometheus", *RESOURCES), n=1, cutoff=0.7):
        yield "type", f"did you mean {near[0]!r}?"


_AUTHENTICATION = {
    "name": Known("name", values.object_name, required=True),
    "kind": Known("kind", one_of("TriggerAuthentication", "ClusterTriggerAuthentication")),
}
_TRIGGER = {
    "type": Known("type", Plain(_text), required=True),
    "metadata": Known("metadata", Plain(Entries(values.text, values.text)), required=True),
    "name": Known("name", _text),
    "metricType": Known("metricType", Plain(one_of("AverageValue", "Value", "Utilization"))),
    "useCachedMetrics": Known("useCachedMetrics", values.boolean),
    "authenticationRef": Known("authenticationRef", Keys(lambda: _AUTHENTICATION)),
}
_FALLBACK = {
    "failureThreshold": Known("failureThreshold", from_to(0, 2**31 - 1), required=True),
    "replicas": Known("replicas", values.replicas, required=True),
    "behavior": Known(
        "behavior",
        one_of("static", "currentReplicas", "currentReplicasIfHigher", "currentReplicasIfLower"),
    ),
}

TRIGGERS: FieldRule = Plain(Each(Plain(Keys(lambda: _TRIGGER, _trigger))))
"""The rule of the triggers of a ScaledObject."""

FALLBACK: FieldRule = Plain(Keys(lambda: _FALLBACK))
"""The rule of its fallback."""
