"""Rows of the table and neighbours become links: for each workload, whom it talks to, where, at which port."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeAlias, cast

import pulumi

from pulumi_ixn.inputs import is_plain, join, lift, lift_all
from pulumi_ixn.port_number import port_number
from pulumi_ixn.spec import CONNECTIONS, OURS, Parameter, Party, Row, default_port, owner

NODE_IP = "status.hostIP"
"""Stands for the address of the pod's own node; a container learns it from the downward API."""


Texts: TypeAlias = pulumi.Input[Sequence[pulumi.Input[str]]]
"""A list that may be an Output, as may what is in it."""


@dataclass(frozen=True)
class Pods:
    """Pods in a namespace of the cluster, by their labels; ValueError without any, which would mean all pods."""

    namespace: pulumi.Input[str]
    labels: Mapping[str, pulumi.Input[str]]

    def __post_init__(self) -> None:
        """Refuse what selects every pod of the namespace."""
        if not self.labels:
            raise ValueError("pods are placed by at least one label: none would mean every pod of the namespace")


@dataclass(frozen=True)
class Cidrs:
    """Addresses outside the cluster, in CIDR notation, their host bits zero."""

    cidrs: Texts


@dataclass(frozen=True)
class OwnNode:
    """The pod's own node: the CIDRs of the nodes, and the pods of the agent that listens there."""

    cidrs: Texts
    agent: Pods


@dataclass(frozen=True)
class Fqdns:
    """Names outside the cluster, resolved by DNS."""

    names: Texts


Place: TypeAlias = Pods | Cidrs | OwnNode | Fqdns


@dataclass(frozen=True)
class Endpoint:
    """What is dialled. `port` (1 to 65535) is None where a parameter or the table gives it."""

    host: pulumi.Input[str]
    port: pulumi.Input[int] | None = None

    def __post_init__(self) -> None:
        """Refuse, inside `apply` too, what is no port: raises ValueError."""
        if self.port is not None:
            what = f"the port of {self.host}" if is_plain(self.host) else "an endpoint's port"
            object.__setattr__(self, "port", lift(self.port, lambda port: port_number(port, what)))


@dataclass(frozen=True)
class PortRange:
    """Ports from `first` to `last`, 1 to 65535, both included; None is `first` alone."""

    first: pulumi.Input[int]
    last: pulumi.Input[int] | None = None

    def __post_init__(self) -> None:
        """Refuse, inside `apply` too, what is no port: raises ValueError."""
        object.__setattr__(self, "first", lift(self.first, port_number))
        if self.last is not None:
            object.__setattr__(self, "last", lift(self.last, port_number))


@dataclass(frozen=True)
class Neighbour:
    """The other end of a connection.

    `places` says where it is; it is plain, since it decides what is created. `dial` lists what our side
    dials: empty for a neighbour that only calls us, and for one on the pod's own node (`OwnNode`), whose
    address is the node's. `advertised` lists what a client is sent on to once it has dialled: a Kafka's
    brokers, the nodes of a Redis Cluster. `wire` are the ports of the neighbour's own pods, where a Service
    maps the dialled ones to others: policies act on pods; None is those that are dialled or advertised.
    """

    places: tuple[Place, ...]
    dial: pulumi.Input[Sequence[Endpoint]] = ()
    advertised: pulumi.Input[Sequence[Endpoint]] = ()
    wire: pulumi.Input[Sequence[PortRange]] | None = None

    def __post_init__(self) -> None:
        """Refuse a neighbour without a place: raises ValueError."""
        if not self.places:
            raise ValueError("a neighbour needs at least one place: Pods, Cidrs, OwnNode or Fqdns")


@dataclass(frozen=True)
class Absent:
    """Declared in place of a neighbour that this tenant does without: its connections do not exist."""


@dataclass(frozen=True)
class Address:
    """A host and a port (1 to 65535), both known."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


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


def addresses(several: Sequence[pulumi.Input[Sequence[Endpoint]]]) -> pulumi.Input[list[list[Address]]]:
    """Return each list of endpoints, which have ports, as addresses."""
    return lift_all(several, _addresses)


def listed_addresses(endpoints: pulumi.Input[Sequence[Endpoint]], party: Party) -> pulumi.Input[list[Address]]:
    """Return the addresses of a party whose port no parameter sets.

    ValueError, inside `apply` too, where there are none, or where one has no port.
    """

    def checked(known: Sequence[Endpoint]) -> Sequence[Endpoint]:
        if not known or any(each.port is None for each in known):
            raise ValueError(f"{party} needs at least one endpoint, and the port of each")
        return known

    return lift(addresses([lift(endpoints, checked)]), lambda found: found[0])


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


def _addresses(several: Sequence[Sequence[Endpoint]]) -> pulumi.Input[list[list[Address]]]:
    every = [endpoint for endpoints in several for endpoint in endpoints]
    ports = [cast("pulumi.Input[int]", endpoint.port) for endpoint in every]

    def known(hosts: Sequence[str], numbers: Sequence[int]) -> list[list[Address]]:
        made = map(Address, hosts, numbers)
        return [list(islice(made, len(endpoints))) for endpoints in several]

    hosts = join([endpoint.host for endpoint in every])
    return lift(hosts, lambda found: lift_all(ports, lambda numbers: known(found, numbers)))


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
