"""The ports that a policy opens for a link: the pods' own, since policies act on pods."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from pulumi_ixn.inputs import join, lift, lift_all
from pulumi_ixn.neighbours import Endpoint, Neighbour, PortRange
from pulumi_ixn.topology import Link


@dataclass(frozen=True)
class KnownRange:
    """Ports from `first` to `last`, 1 to 65535, both included."""

    first: int
    last: int


def allowed_ports(link: Link) -> pulumi.Input[list[KnownRange]]:
    """Return the ports of a link that is not absent. ValueError, inside `apply` too, where there are none.

    An empty list would open every port.
    """
    if link.port is not None:
        return lift(link.port, lambda port: [_range(link, port, port)])
    peer = link.peer
    if not isinstance(peer, Neighbour):
        raise ValueError(f"connection {link.row.number}: an absent neighbour has no ports")
    if peer.wire is not None:
        return lift(peer.wire, lambda ranges: _ranges(link, ranges))
    reached = [lift(found, _ports) for found in link.reached]
    return lift_all(reached, lambda both: [_range(link, port, port) for port in sorted({*both[0], *both[1]})])


def _ranges(link: Link, ranges: Sequence[PortRange]) -> pulumi.Input[list[KnownRange]]:
    if not ranges:
        raise ValueError(f"{link.who}: an empty list of its pods' ports would open all of them")
    ends = [(each.first, each.first if each.last is None else each.last) for each in ranges]
    return join([lift_all(pair, lambda known: _range(link, *known)) for pair in ends])


def _range(link: Link, first: int, last: int) -> KnownRange:
    if not 1 <= first <= last <= 65535:
        raise ValueError(f"{link.who}: {first} to {last} is no range of ports from 1 to 65535")
    return KnownRange(first, last)


def _ports(endpoints: Sequence[Endpoint]) -> pulumi.Input[list[int]]:
    return join([endpoint.port for endpoint in endpoints if endpoint.port is not None])
