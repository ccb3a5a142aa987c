"""Rows of the table and neighbours become links: for each workload, whom it talks to, where, at which port."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, cast

import pulumi

from pulumi_ixn.addresses import NODE_IP
from pulumi_ixn.inputs import is_plain, lift
from pulumi_ixn.neighbours import Absent, Endpoint, Neighbour, OwnNode, Place
from pulumi_ixn.port_number import port_number
from pulumi_ixn.spec import CONNECTIONS, OURS, Parameter, Party, Row, default_port, owner


@dataclass(frozen=True)
class Link:
    """A row of the table, seen from one of our workloads.

    `endpoints` is where the row's destination listens, each with its port; none where the peer is absent.
    `port` is our own port that an incoming row arrives at; None for outgoing rows.
    """

    row: Row
    outgoing: bool
    peer: Neighbour | Absent
    endpoints: pulumi.Input[Sequence[Endpoint]]
    port: pulumi.Input[int] | None = None

    @property
    def reached(self) -> tuple[pulumi.Input[Sequence[Endpoint]], pulumi.Input[Sequence[Endpoint]]]:
        """What is dialled, and what a client is sent on to. ValueError, inside `apply` too, without a port."""
        advertised = self.peer.advertised if isinstance(self.peer, Neighbour) else ()
        return self.endpoints, lift(advertised, self._with_ports)

    def _with_ports(self, advertised: Sequence[Endpoint]) -> Sequence[Endpoint]:
        if any(endpoint.port is None for endpoint in advertised):
            raise ValueError(f"{self.who}: an advertised endpoint needs a port")
        return advertised

    @property
    def places(self) -> tuple[Place, ...]:
        """Where the peer is; nowhere where it is absent."""
        return self.peer.places if isinstance(self.peer, Neighbour) else ()

    @property
    def who(self) -> str:
        """The peer, as messages call it."""
        return f"connection {self.row.number}: {self.row.destination if self.outgoing else self.row.source}"

    @property
    def absent(self) -> bool:
        """Whether the peer was declared absent."""
        return isinstance(self.peer, Absent)

    @property
    def dials_own_node(self) -> bool:
        """Whether the address is the pod's own node's, known only in the pod."""
        return self.outgoing and isinstance(self.peer, Neighbour) and _on_own_node(self.peer)


Links: TypeAlias = tuple[Link, ...]
Ports: TypeAlias = Mapping[Parameter, pulumi.Input[int]]
"""Port parameters that differ from the table's, each 1 to 65535."""


def port_of(parameter: Parameter, ports: Ports) -> pulumi.Input[int]:
    """Return the port of `parameter`: the one set in `ports`, else the table's."""
    return ports.get(parameter, default_port(parameter))


def resolve(
    ours: Mapping[Party, Neighbour],
    theirs: Mapping[Party, Neighbour | Absent],
    ports: Ports | None = None,
) -> Mapping[Party, Links]:
    """Return the links of each of our three workloads, in the order of the table.

    `ours` gives our workloads' own Services, `theirs` every other party of the table. Raises ValueError that
    names every party that is neither placed nor declared absent, or that is dialled and has no address, and
    what the table does not know. ValueError for what is no port, inside `apply` too.
    """
    parties: Mapping[Party, Neighbour | Absent] = {**theirs, **ours}
    known = {name: _parameter(name, port) for name, port in (ports or {}).items()}
    mistakes = [
        *_unknown(ours, theirs, known),
        *(mistake for row in CONNECTIONS for mistake in _mistakes(row, parties)),
        *_equal_ports(known),
    ]
    if mistakes:
        raise ValueError("\n".join(dict.fromkeys(mistakes)))
    return {party: tuple(_links(party, parties, known)) for party in OURS}


def _parameter(name: Parameter, port: pulumi.Input[int]) -> pulumi.Input[int]:
    return lift(port, lambda known: port_number(known, f"the port {name}"))


def _unknown(ours: Iterable[Party], theirs: Iterable[Party], ports: Ports) -> Iterator[str]:
    """Yield what would be passed over in silence: it is no part of the table, or stands there already."""
    yield from (f"{party!r} is no party of the table" for party in theirs if party not in tuple(Party))
    yield from (f"{party} is a workload of ours, and no neighbour" for party in theirs if party in ours)
    parameters = ", ".join(Parameter)
    yield from (
        f"{name!r} is none of the parameters {parameters}" for name in ports if name not in tuple(Parameter)
    )


def _equal_ports(ports: Ports) -> Iterator[str]:
    for party in OURS:
        first: dict[pulumi.Input[int], Parameter] = {}
        for parameter in (each for each in Parameter if owner(each) is party):
            port = port_of(parameter, ports)
            if is_plain(port) and first.setdefault(port, parameter) is not parameter:
                yield f"{first[port]} and {parameter} are both {port}: the ports of a pod differ"


def _links(party: Party, parties: Mapping[Party, Neighbour | Absent], ports: Ports) -> list[Link]:
    links: list[Link] = []
    for row in CONNECTIONS:
        if party not in (row.source, row.destination):
            continue
        outgoing = row.source is party
        peer = parties[row.destination if outgoing else row.source]
        port = None if outgoing or row.parameter is None else port_of(row.parameter, ports)
        links.append(Link(row, outgoing, peer, _endpoints(row, parties, ports), port))
    return links


def _endpoints(
    row: Row, parties: Mapping[Party, Neighbour | Absent], ports: Ports
) -> pulumi.Input[Sequence[Endpoint]]:
    source, destination = parties[row.source], parties[row.destination]
    if isinstance(source, Absent) or isinstance(destination, Absent):
        return ()
    default = row.port if row.parameter is None else port_of(row.parameter, ports)

    def with_ports(endpoints: Sequence[Endpoint]) -> Sequence[Endpoint]:
        # Again here: a list that comes out of an Output was not seen before.
        mistakes = _endpoint_mistakes(row, endpoints)
        if mistakes:
            raise ValueError("\n".join(mistakes))
        return [replace(each, port=default) if each.port is None else each for each in endpoints]

    return lift(_dialled(destination), with_ports)


def _dialled(neighbour: Neighbour) -> pulumi.Input[Sequence[Endpoint]]:
    return (Endpoint(NODE_IP),) if _on_own_node(neighbour) else neighbour.dial


def _on_own_node(neighbour: Neighbour) -> bool:
    no_address = is_plain(neighbour.dial) and not neighbour.dial
    return no_address and any(isinstance(place, OwnNode) for place in neighbour.places)


def _mistakes(row: Row, parties: Mapping[Party, Neighbour | Absent]) -> list[str]:
    missing = [
        f"connection {row.number}: {party} is neither placed nor declared absent"
        for party in (row.source, row.destination)
        # Whatever else stands there has no place, and a rule without a place is for everybody.
        if not isinstance(parties.get(party), Neighbour | Absent)
    ]
    destination = parties.get(row.destination)
    if missing or not isinstance(destination, Neighbour) or isinstance(parties[row.source], Absent):
        return missing
    dialled = _dialled(destination)
    return _endpoint_mistakes(row, cast("Sequence[Endpoint]", dialled)) if is_plain(dialled) else []


def _endpoint_mistakes(row: Row, endpoints: Sequence[Endpoint]) -> list[str]:
    who = f"connection {row.number}: {row.destination}"
    if not endpoints:
        return [f"{who} is dialled and needs at least one endpoint"]
    if row.parameter is not None and any(e.port is not None for e in endpoints):
        return [f"{who}: its port is the parameter {row.parameter}; give the endpoint no port of its own"]
    if row.parameter is None and row.port is None and any(e.port is None for e in endpoints):
        return [f"{who}: the table leaves its port to the {row.port_defined_by}; give each endpoint a port"]
    return []
