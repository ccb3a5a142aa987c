"""The ports that a policy opens for a link: the pods' own, since policies act on pods."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from pulumi_ixn.inputs import lift
from pulumi_ixn.topology import Address, Endpoint, Link, Neighbour, PortRange


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
        return lift(link.port, lambda port: [KnownRange(port, port)])
    peer = link.peer
    if not isinstance(peer, Neighbour):
        raise ValueError(f"connection {link.row.number}: an absent neighbour has no ports")
    if peer.wire is not None:
        return pulumi.Output.from_input(peer.wire).apply(lambda ranges: _known(link, ranges))
    advertised = pulumi.Output.from_input(peer.advertised).apply(lambda found: _ports(link, found))
    return pulumi.Output.all(link.addresses, advertised).apply(lambda both: _distinct(both[0], both[1]))


def _known(link: Link, ranges: Sequence[PortRange]) -> pulumi.Output[list[KnownRange]]:
    if not ranges:
        raise ValueError(f"{_who(link)}: an empty list of its pods' ports would open all of them")
    pairs = [pulumi.Output.all(each.first, each.first if each.last is None else each.last) for each in ranges]
    return pulumi.Output.all(*pairs).apply(lambda known: [_checked(link, *pair) for pair in known])


def _checked(link: Link, first: int, last: int) -> KnownRange:
    if not 1 <= first <= last <= 65535:
        raise ValueError(f"{_who(link)}: {first} to {last} is no range of ports from 1 to 65535")
    return KnownRange(first, last)


def _ports(link: Link, endpoints: Sequence[Endpoint]) -> pulumi.Output[list[int]]:
    if any(endpoint.port is None for endpoint in endpoints):
        raise ValueError(f"{_who(link)}: an advertised endpoint needs a port")
    return pulumi.Output.all(*[endpoint.port for endpoint in endpoints])


def _distinct(addresses: Sequence[Address], advertised: Sequence[int]) -> list[KnownRange]:
    ports = dict.fromkeys([*(address.port for address in addresses), *advertised])
    return [KnownRange(port, port) for port in sorted(ports)]


def _who(link: Link) -> str:
    return f"connection {link.row.number}: {link.row.destination}"
