"""Which rule of which policy allows a connection: for those who review what was made."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypedDict

from pulumi_ixn.identity import Tenant, workload_name
from pulumi_ixn.isolation import CiliumPolicies, Isolation, Open, incoming, outgoing
from pulumi_ixn.manifests.cilium_policy import egress_rules, ingress_rules
from pulumi_ixn.spec import Party
from pulumi_ixn.topology import Link, Links


class Rule(TypedDict):
    """A rule: the name of the policy object, and the place in its spec, such as `egress[1]`."""

    policy: str
    rule: str


def rules_by_row(tenant: Tenant, links: Mapping[Party, Links], isolation: Isolation) -> Mapping[int, list[Rule]]:
    """Return the rules that allow each row; a row between two of our workloads has one at either end."""
    found: dict[int, list[Rule]] = {}
    if isinstance(isolation, Open):
        return found
    cilium = isinstance(isolation, CiliumPolicies)
    for party, own in links.items():
        for direction, side in (("egress", outgoing(own)), ("ingress", incoming(own))):
            for index, row in enumerate(_row_of_each_rule(side, cilium)):
                rule = Rule(policy=workload_name(party, tenant), rule=f"{direction}[{index}]")
                found.setdefault(row, []).append(rule)
    return found


def _row_of_each_rule(links: Sequence[Link], cilium: bool) -> Iterator[int]:
    for link in links:
        # A NetworkPolicy has one rule for a link, a CiliumNetworkPolicy one for each of its places.
        rules = (egress_rules if link.outgoing else ingress_rules)(link) if cilium else [link]
        yield from (link.row.number for _ in rules)
