"""The spec of a tenant's PrometheusRule, a custom resource of the Prometheus operator: its alerts."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Template
from typing import NotRequired, TypedDict

import pulumi

from pulumi_ixn.args import Monitoring
from pulumi_ixn.links import Links
from pulumi_ixn.manifests import monitor
from pulumi_ixn.monitoring.alert_args import Alerts
from pulumi_ixn.monitoring.alerts import ALERT_GROUPS, Alert, Query
from pulumi_ixn.naming import WORKLOADS, Tenant, workload_name
from pulumi_ixn.spec import CONNECTIONS

KIND = "PrometheusRule"

_RANDOM = "[b-df-hj-np-tv-xz24-9]"
"""The characters of names that Kubernetes generates: neither vowels nor digits that resemble one."""

_POD_SUFFIX = f"([0-9]+|{_RANDOM}+(-{_RANDOM}{{5}})?)"
"""What follows the name of a StatefulSet or a Deployment: not `check`, nor the rest of another tenant's sid."""

Rule = TypedDict(
    "Rule",
    {
        "alert": str,
        "expr": str,
        "for": NotRequired[str],
        "labels": Mapping[str, pulumi.Input[str]],
        "annotations": Mapping[str, str],
    },
)
"""An alerting rule."""


class RuleGroup(TypedDict):
    """Rules that Prometheus evaluates one after the other."""

    name: str
    rules: Sequence[Rule]


class PrometheusRuleSpec(TypedDict):
    """The fields of the custom resource that this package sets."""

    groups: Sequence[RuleGroup]


class _Text(Template):
    """A text with placeholders such as `@tenant`; `$` belongs to Prometheus' own templates."""

    delimiter = "@"
    idpattern = "[a-z]+"


@dataclass(frozen=True)
class AlertedTenant:
    """A tenant as its alerts see it.

    `absent` are the rows whose peer is absent. `claims` is a regular expression of the claims of the log volume;
    None if it is not claimed.
    """

    tenant: Tenant
    namespace: str
    absent: Collection[int] = ()
    claims: str | None = None


def has_alerts(monitoring: Monitoring, links: Iterable[Links]) -> bool:
    """Return whether a tenant has alerts: it is monitored, Prometheus is not absent, and alerts are enabled."""
    return monitoring.enabled and monitoring.alerts.enabled and any(monitor.is_scraped(own) for own in links)


def rule_name(tenant: Tenant) -> str:
    """Return the name of the tenant's PrometheusRule."""
    return f"ixn-{tenant.sid}"


def rule_labels(tenant: Tenant) -> dict[str, pulumi.Input[str]]:
    """Return the labels of the tenant's PrometheusRule."""
    return {
        "app.kubernetes.io/name": "ixn",
        "app.kubernetes.io/instance": tenant.sid,
        "app.kubernetes.io/component": "alerts",
        "app.kubernetes.io/part-of": "ixn",
        "app.kubernetes.io/managed-by": "pulumi",
    }


def prometheus_rule_spec(alerted: AlertedTenant, alerts: Alerts) -> PrometheusRuleSpec:
    """Return the spec: the alerts of the tenant's connections, pods and volumes, by group."""
    groups: list[RuleGroup] = []
    for name, members in ALERT_GROUPS.items():
        rules = [rule for alert in members for rule in _rules(alert, alerted, alerts)]
        if rules:
            # Prometheus identifies a group by its file and name, and an operator sees only the name.
            groups.append({"name": f"{name}-{alerted.tenant.sid}", "rules": rules})
    return {"groups": groups}


def _rules(alert: Alert, alerted: AlertedTenant, alerts: Alerts) -> Iterator[Rule]:
    if alert.name in alerts.disabled:
        return
    duration = alerts.durations.get(alert.name, alert.duration)
    for query in alert.queries:
        values = {**_values(query, alerted, alerts), **_numbers(alert, duration, alerts)}
        if not query.applies(alerted.absent) or any(f"@{name}" in query.expr for name in _LISTS - values.keys()):
            continue
        rule: Rule = {
            "alert": alert.name,
            "expr": _Text(query.expr).substitute(values),
            "labels": {**alerts.labels, **_labels(alert, query, alerted, alerts)},
            "annotations": _annotations(alert, query, values, alerts),
        }
        if duration != "0s":
            rule["for"] = duration
        yield rule


_TEXTS = {
    "value": "{{ $value }}",
    "count": '{{ $value | printf "%.0f" }}',
    "age": "{{ $value | humanizeDuration }}",
    "pod": "{{ $labels.pod }}",
}
"""Prometheus' templates by their placeholders."""

_LISTS = {"claims", "certificates"}
"""Placeholders that may have no value: a query about nothing is omitted."""


def _values(query: Query, alerted: AlertedTenant, alerts: Alerts) -> dict[str, str]:
    tenant, namespace = alerted.tenant, alerted.namespace
    names = "|".join(workload.component for workload in WORKLOADS)
    values = {
        "tenant": tenant.sid,
        "namespace": namespace,
        "ixn": f'tenant="{tenant.sid}",namespace="{namespace}"',
        "pods": f'namespace="{namespace}",pod=~"ixn-({names})-{tenant.sid}-{_POD_SUFFIX}"',
    }
    if query.workload:
        values |= {"container": query.workload.name, "workload": workload_name(query.workload, tenant)}
    if alerted.claims:
        values["claims"] = alerted.claims
    if alerts.certificates:
        # A name is a regular expression except for its dots.
        values["certificates"] = "|".join(name.replace(".", "[.]") for name in alerts.certificates)
    return values


def _numbers(alert: Alert, duration: str, alerts: Alerts) -> dict[str, str]:
    if alert.threshold is None:
        return {"for": duration}
    return {"for": duration, "threshold": f"{alerts.thresholds.get(alert.name, alert.threshold.default):.15g}"}


def _labels(alert: Alert, query: Query, alerted: AlertedTenant, alerts: Alerts) -> dict[str, str]:
    """Return the labels by which Alertmanager routes, groups and inhibits."""
    labels = {
        "severity": alerts.severities.get(alert.name, alert.severity),
        "service": "ixn",
        "tenant": alerted.tenant.sid,
        "namespace": alerted.namespace,
    }
    if query.workload:
        labels["component"] = query.workload.component
    elif "{@pods" in query.expr:
        labels["component"] = '{{ reReplaceAll "^ixn-([a-z]+)-.*" "$1" $labels.pod }}'
    if query.rows:
        labels["connection"] = ",".join(str(row) for row in query.rows)
    if query.peer:
        labels["peer"] = str(query.peer)
    if alert.cause:
        labels["cause"] = alert.cause
    return labels


def _annotations(alert: Alert, query: Query, values: Mapping[str, str], alerts: Alerts) -> dict[str, str]:
    rows = [row for row in CONNECTIONS if row.number in query.rows]
    connections = (f" Connection {row.number}: {row.source} to {row.destination}." for row in rows)
    page = f"{alert.name}.md"
    base = alerts.runbook_base_url
    runbook = {"runbook_url": f"{base.rstrip('/')}/{page}"} if base else {"runbook": f"docs/runbooks/{page}"}
    return {
        "summary": _Text(alert.summary).substitute(values),
        "description": _Text(alert.description).substitute(values, **_TEXTS) + "".join(connections),
        **runbook,
    }
