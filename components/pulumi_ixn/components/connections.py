"""The `connections` output: the nineteen rows of a tenant, with their addresses in this stack."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi

from pulumi_ixn.addresses import Address, addresses_of
from pulumi_ixn.inputs import apply, as_output
from pulumi_ixn.links import Link, Links
from pulumi_ixn.naming import WorkloadId
from pulumi_ixn.policies.renderer import Rule


class Connection(TypedDict):
    """One row of one tenant.

    `port` is 1 to 65535; None if the ports of the endpoints differ, or if the peer is absent. `endpoints` are
    'host:port', empty if the peer is absent. `rules` are the policy rules that allow the connection, empty if the
    peer is absent or there are no policies.
    """

    tenant: str
    number: int
    source: str
    destination: str
    protocol: str
    port: int | None
    endpoints: list[str]
    classification: str
    parameter: str | None
    absent: bool
    rules: list[Rule]


def connections(
    name: str, links: Mapping[WorkloadId, Links], rules: Mapping[int, list[Rule]]
) -> pulumi.Output[Sequence[Connection]]:
    """Return the rows of the tenant `name`, each once, in the order of the table."""
    by_number = {link.row.number: link for own in links.values() for link in own}
    rows = [by_number[number] for number in sorted(by_number)]

    def known(found: Sequence[Sequence[Address]]) -> list[Connection]:
        pairs = zip(rows, found, strict=True)
        return [_connection(name, link, at, rules.get(link.row.number, [])) for link, at in pairs]

    return as_output(apply(addresses_of([link.endpoints for link in rows]), known))


def _connection(name: str, link: Link, found: Sequence[Address], rules: list[Rule]) -> Connection:
    row, ports = link.row, {address.port for address in found}
    return {
        "tenant": name,
        "number": row.number,
        "source": row.source,
        "destination": row.destination,
        "protocol": row.protocol,
        "port": ports.pop() if len(ports) == 1 else None,
        "endpoints": [str(address) for address in found],
        "classification": row.classification,
        "parameter": row.parameter,
        "absent": link.absent,
        "rules": rules,
    }
