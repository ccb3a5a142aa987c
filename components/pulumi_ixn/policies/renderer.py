"""The renderer of the selected policy kind, and what follows from its rules."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypedDict

import pulumi

from pulumi_ixn.inputs import without_outputs
from pulumi_ixn.links import Link, Links
from pulumi_ixn.naming import Tenant, WorkloadId, policy_labels, workload_name
from pulumi_ixn.policies import cilium_policy, network_policy
from pulumi_ixn.policies.isolation import CiliumPolicies, Dns, Isolation, NetworkPolicies, NoPolicies
from pulumi_ixn.validation import InvalidInputs, Issue

LinkRules: TypeAlias = Sequence[tuple[Link, object]]
"""The rules that allow each link, in the order of the spec. The link determines ingress or egress."""


class Rule(TypedDict):
    """A rule: the name of the policy object, and its position in the spec, such as `egress[1]`."""

    policy: str
    rule: str


@dataclass(frozen=True)
class Policy:
    """The policy of some pods: its object name, which ends with the digest, and its spec."""

    name: str
    digest: str
    spec: Mapping[str, object]


@dataclass(frozen=True)
class Renderer:
    """The functions that render one kind of policy.

    `rules` returns the rules of links; `spec` returns the spec of a policy, from the labels that select the pods,
    the rules and DNS; `invalid` returns why this kind cannot express a link, or None.
    """

    api_version: str
    kind: str
    dns: Dns
    rules: Callable[[Links], LinkRules]
    spec: Callable[[Mapping[str, pulumi.Input[str]], LinkRules, Dns], Mapping[str, object]]
    invalid: Callable[[Link], str | None]

    def policy(self, workload: WorkloadId, tenant: Tenant, links: Links) -> Policy:
        """Return the policy of a workload. Its name changes with the plain values of its spec."""
        return self.policy_of(workload_name(workload, tenant), policy_labels(workload, tenant), links)

    def policy_of(self, name: str, labels: Mapping[str, pulumi.Input[str]], links: Links) -> Policy:
        """Return the policy of the pods with `labels`. Its name is `name` and a digest."""
        spec = self.spec(labels, self.rules(links), self.dns)
        digest = hashlib.sha256(json.dumps(without_outputs(spec), sort_keys=True).encode()).hexdigest()[:_DIGEST]
        return Policy(f"{name}-{digest}", digest, spec)


_DIGEST = 8
"""Hexadecimal digits. With them, the longest name of a workload stays below 63 characters."""


def renderer(isolation: Isolation) -> Renderer | None:
    """Return the renderer of the kind that `isolation` selects; None for no policies.

    Raises InvalidInputs for any other value, which would silently leave traffic unrestricted.
    """
    match isolation:
        case NetworkPolicies(dns):
            kind = network_policy
        case CiliumPolicies(dns):
            kind = cilium_policy
        case NoPolicies():
            return None
        case _:
            message = "is not NetworkPolicies(), CiliumPolicies() or NoPolicies()"
            raise InvalidInputs([Issue("isolation", message, isolation)])
    return Renderer(kind.API_VERSION, kind.KIND, dns, kind.rules, kind.spec, kind.invalid_link)


def location_issues(links: Iterable[Link], isolation: Isolation) -> Iterator[Issue]:
    """Yield an issue for each peer whose locations this kind of policy cannot express."""
    try:
        selected = renderer(isolation)
    except InvalidInputs as error:
        yield from error.issues
        return
    for link in links:
        reason = selected.invalid(link) if selected and not link.absent else None
        if reason:
            yield Issue(f"{link.path}.locations", f"{reason} ({link.label})")


def rules_by_row(
    tenant: Tenant, links: Mapping[WorkloadId, Links], isolation: Isolation
) -> Mapping[int, list[Rule]]:
    """Return the rules that allow each row; a row between two workloads has rules at both ends."""
    found: dict[int, list[Rule]] = {}
    selected = renderer(isolation)
    if selected is None:
        return found
    for workload, own in links.items():
        name = selected.policy(workload, tenant, own).name
        for row, position in _positions(selected.rules(own)):
            rule = Rule(policy=name, rule=position)
            found.setdefault(row, []).append(rule)
    return found


def _positions(rules: LinkRules) -> Iterator[tuple[int, str]]:
    for direction, outgoing in (("egress", True), ("ingress", False)):
        side = [link for link, _ in rules if link.outgoing is outgoing]
        yield from ((link.row.number, f"{direction}[{index}]") for index, link in enumerate(side))
