"""The arguments of the alerts, and their validation rules."""

import difflib
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

import pulumi

from pulumi_ixn.monitoring.alerts import ALERTS, Severity
from pulumi_ixn.parsing import Invalid, Parser, matching, string
from pulumi_ixn.values import duration, text


@dataclass(frozen=True)
class Alerts:
    """The alerts of a tenant, one PrometheusRule, if `enabled` and if the tenant is monitored.

    `labels` are added to each alert, for Alertmanager's routes. `runbook_base_url` is the URL of a copy of
    docs/runbooks; without it, alerts name the file. `thresholds`, `severities` and `durations` replace the values
    of alerts, by the alert's name; `disabled` are the names of alerts to omit. A duration is how long the
    expression must hold, such as "10m"; "0s" is not at all. `certificates` are the names of cert-manager's
    Certificates in the tenant's namespace whose expiration is watched.
    """

    enabled: bool = True
    labels: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    runbook_base_url: str | None = None
    thresholds: Mapping[str, float] = field(default_factory=dict[str, float])
    severities: Mapping[str, str] = field(default_factory=dict[str, str])
    durations: Mapping[str, str] = field(default_factory=dict[str, str])
    disabled: Sequence[str] = ()
    certificates: Sequence[str] = ()


OWN_LABELS = (
    "alertname",
    "cause",
    "component",
    "connection",
    "namespace",
    "peer",
    "service",
    "severity",
    "tenant",
)
"""The labels that the package or Prometheus sets."""


def _known(alerts: Iterable[str], what: str) -> Parser[str]:
    """Return a parser of the names of these alerts, described as `what`."""
    names = sorted(alerts)

    def parse(value: object) -> str:
        if string(value) in names:
            return string(value)
        nearest = difflib.get_close_matches(string(value), names, n=1)
        raise Invalid(f"is not {what}" + (f"; did you mean '{nearest[0]}'?" if nearest else ""))

    return Parser(what, parse, "|".join(names))


alert_name: Parser[str] = _known(ALERTS, "the name of an alert (docs/runbooks)")
alert_with_threshold: Parser[str] = _known(
    (name for name, alert in ALERTS.items() if alert.threshold), "the name of an alert that has a threshold"
)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(value)
    return value


def _label_key(value: object) -> str:
    key = _label_name(value)
    if key in OWN_LABELS or key.startswith("__"):
        raise Invalid("is set by this package or by Prometheus; remove it")
    return key


def _without_template(value: object) -> str:
    if "{{" in text(value):
        raise Invalid("is a template, which Prometheus would evaluate for each alert; use a constant")
    return text(value)


_label_name = matching("the name of a Prometheus label: letters, digits and '_'", "[A-Za-z_][A-Za-z0-9_]*", 128)

threshold: Parser[float] = Parser("a number", _number)
severity: Parser[str] = matching("'critical', 'warning' or 'info'", "|".join(get_args(Severity)), 8)
alert_label_key: Parser[str] = Parser(
    _label_name.expected, _label_key, _label_name.pattern, _label_name.max_length
)
alert_label_value: Parser[str] = Parser(text.expected, _without_template)
alert_duration: Parser[str] = Parser(
    "a Prometheus duration, such as '10m', or '0s'", lambda value: "0s" if value == "0s" else duration(value)
)
runbook_base_url: Parser[str] = matching(
    "a URL without '?' and '#', such as 'https://wiki.example.com/ixn'", r"https?://[^\s?#{}]+", 1024
)


def threshold_issues(alerts: Alerts) -> Iterator[tuple[str, str]]:
    """Yield the field and the message of each threshold that its alert cannot have."""
    limits = {name: alert.threshold for name, alert in ALERTS.items() if alert.threshold}
    for name, value in alerts.thresholds.items():
        limit = limits[name]
        if not limit.least <= value <= limit.most:
            expected = f"from {limit.least:g} to {limit.most:.15g} {limit.unit}"
            yield f"thresholds.{name}", f"the threshold of {name}, {value:.15g}, is not {expected}"
    failing, reduced = "IxnOrsRepliesFailing", "IxnOrsRepliesReduced"
    below, above = (alerts.thresholds.get(name, limits[name].default) for name in (failing, reduced))
    if below >= above:
        message = f"the threshold of {failing}, {below:.15g}, is not below that of {reduced}, {above:.15g}"
        yield f"thresholds.{failing}", message
