"""The policies of the stack dev, rule by rule."""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_ixn.policies import Dns

from tools.docs.dev_stack import DevStack

_HEAD = "| rule | peer | ports | connection |\n|---|---|---|---|\n"

_NAMESPACE = "kubernetes.io/metadata.name"


def policy_tables(dev: DevStack) -> str:
    """Return a table for each policy. Raises ValueError if a rule is neither for a row nor for DNS."""
    reasons = {
        (rule["policy"], rule["rule"]): f"{each['number']}: {each['source']} to {each['destination']}"
        for each in dev.connections
        for rule in each["rules"]
    }
    return "\n".join(_table(name, spec, reasons) for name, spec in dev.policies.items())


def pods_text(labels: Mapping[str, object], namespace: object) -> str:
    """Describe the pods that have all of `labels` in `namespace`."""
    return f"pods {', '.join(f'`{key}={value}`' for key, value in sorted(labels.items()))} in `{namespace}`"


def _table(name: str, spec: Mapping[str, Any], reasons: Mapping[tuple[str, str], str]) -> str:
    rules = {f"{way}[{index}]": rule for way in ("ingress", "egress") for index, rule in enumerate(spec[way])}
    lines = [
        f"| {at} | {_peers(rule)} | {', '.join(_ports(rule))} | {_why(name, at, rule, reasons)} |\n"
        for at, rule in rules.items()
    ]
    return f"### `{name}`\n\n{_HEAD}{''.join(lines)}"


def _why(name: str, at: str, rule: Mapping[str, Any], reasons: Mapping[tuple[str, str], str]) -> str:
    if (name, at) in reasons:
        return reasons[name, at]
    if {port["port"] for port in rule["ports"]} == set(Dns().ports):
        return "none: DNS"
    raise ValueError(f"{name}: {at} is for no row of the table")


def _peers(rule: Mapping[str, Any]) -> str:
    return "<br>".join(_peer(peer) for peer in rule.get("from", rule.get("to", ())))


def _peer(peer: Mapping[str, Any]) -> str:
    if "ipBlock" in peer:
        return f"addresses `{peer['ipBlock']['cidr']}`"
    return pods_text(peer["podSelector"]["matchLabels"], peer["namespaceSelector"]["matchLabels"][_NAMESPACE])


def _ports(rule: Mapping[str, Any]) -> Iterator[str]:
    for port in rule["ports"]:
        last = f"-{port['endPort']}" if "endPort" in port else ""
        yield f"{port['protocol']} {port['port']}{last}"
