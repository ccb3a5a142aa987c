"""The rules of a stack's policies on the cluster, each with the row that it is for, and removing one."""

import json
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.cluster.deployment import Deployment, Matrix
from tests.cluster.matrix import DNS, DNS_ROW, Connection
from tests.engine.project import without_digest


@dataclass(frozen=True)
class Rule:
    """A rule of a policy, whose name begins with that of the workload."""

    namespace: str
    policy: str
    direction: str
    index: int
    row: int

    @property
    def workload(self) -> str:
        """The workload that the policy restricts."""
        return f"{self.namespace}/{without_digest(self.policy)}"


def rules_of(deployment: Deployment) -> Iterator[Rule]:
    """Yield the rules that the stack's output names, and the last of each policy, which is for DNS."""
    ((namespace, _),) = deployment.case.homes()
    policies: dict[str, None] = {}
    for connection in deployment.project.outputs()["connections"]:
        for each in connection["rules"]:
            found = re.fullmatch(r"(egress|ingress)\[(\d+)\]", each["rule"])
            assert found, each
            policies[each["policy"]] = None
            yield Rule(namespace, each["policy"], found[1], int(found[2]), connection["number"])
    for policy in policies:
        last = len(_spec(deployment, namespace, policy)["egress"]) - 1
        yield Rule(namespace, policy, "egress", last, DNS_ROW)


@contextmanager
def removed(deployment: Deployment, rule: Rule) -> Generator[None]:
    """Remove a rule from its policy, and put the policy back as it was."""
    spec = _spec(deployment, rule.namespace, rule.policy)
    _patch(deployment, rule, {"op": "remove", "path": f"/spec/{rule.direction}/{rule.index}"})
    try:
        yield
    finally:
        _patch(deployment, rule, {"op": "replace", "path": "/spec", "value": spec})


def expected_without(deployment: Deployment, matrix: Matrix, rule: Rule) -> set[Connection]:
    """Return the connections that must still succeed without the rule."""
    rows = dict(deployment.rows())
    if rule.row != DNS_ROW:
        del rows[rule.row]
        return matrix.expected(rows.values())
    rows[DNS_ROW] = rows[DNS_ROW] - {Connection(rule.workload, DNS, 53)}
    by_name = {each for each in matrix.expected(rows.values()) if each.destination.startswith("service ")}
    return matrix.expected(rows.values()) - {each for each in by_name if each.source == rule.workload}


def _spec(deployment: Deployment, namespace: str, policy: str) -> dict[str, Any]:
    return deployment.cluster.client.get("networkpolicy", policy, f"--namespace={namespace}")["spec"]


def _patch(deployment: Deployment, rule: Rule, operation: dict[str, Any]) -> None:
    where = [rule.policy, f"--namespace={rule.namespace}", "--type=json", "--patch", json.dumps([operation])]
    deployment.cluster.client.run("patch", "networkpolicy", *where)
