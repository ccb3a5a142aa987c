"""Links: the rows of the table as seen by one workload, with the peer, its addresses and ports."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import TypeAlias, cast

import pulumi

from pulumi_ixn import values
from pulumi_ixn.addresses import NODE_IP
from pulumi_ixn.inputs import all_of, apply, apply_all, is_plain
from pulumi_ixn.naming import WorkloadId
from pulumi_ixn.peer_rules import validate_peer
from pulumi_ixn.peers import Absent, Endpoint, Location, NodeAgent, Peer, PortRange
from pulumi_ixn.spec import CONNECTIONS, Parameter, Party, Row, default_port, owner
from pulumi_ixn.validation import InvalidInputs, Issue, at, checked, raise_for


@dataclass(frozen=True)
class ResolvedPortRange:
    """The ports from `first` to `last` (1 to 65535, inclusive), both known."""

    first: int
    last: int


@dataclass(frozen=True)
class Link:
    """A row of the table, as seen by one workload.

    `endpoints` are the addresses of the row's destination, each with its port; none if the peer is absent. `port`
    is the workload's own port for an incoming row; None for an outgoing one.
    """

    row: Row
    outgoing: bool
    peer: Peer | Absent
    endpoints: pulumi.Input[Sequence[Endpoint]]
    port: pulumi.Input[int] | None = None

    @cached_property
    def all_endpoints(self) -> tuple[pulumi.Input[Sequence[Endpoint]], pulumi.Input[Sequence[Endpoint]]]:
        """The endpoints, and those to which the peer redirects clients."""
        advertised = self.peer.advertised if isinstance(self.peer, Peer) else ()
        return self.endpoints, apply(advertised, self._with_ports)

    @cached_property
    def allowed_ports(self) -> pulumi.Input[list[ResolvedPortRange]]:
        """The ports that policies allow, at least one: those of the destination's pods.

        Raises InvalidInputs for an absent peer and for invalid ranges; for Outputs, once they resolve.
        """
        if self.port is not None:
            return apply(self.port, lambda port: [self._range(port, port)])
        if isinstance(self.peer, Absent):
            raise InvalidInputs([Issue(self.path, "is absent, so it has no ports")])
        if self.peer.target_ports is not None:
            return apply(self.peer.target_ports, self._ranges)
        ports = [apply(endpoints, _ports) for endpoints in self.all_endpoints]
        return apply_all(ports, lambda both: [self._range(port, port) for port in sorted({*both[0], *both[1]})])

    @property
    def locations(self) -> tuple[Location, ...]:
        """The locations of the peer; empty if it is absent."""
        return self.peer.locations if isinstance(self.peer, Peer) else ()

    @property
    def label(self) -> str:
        """The connection and the peer, for error messages."""
        return f"connection {self.row.number}: {self.row.destination if self.outgoing else self.row.source}"

    @property
    def path(self) -> str:
        """The property path of the peer."""
        return _path(self.row.destination if self.outgoing else self.row.source)

    @property
    def absent(self) -> bool:
        """Whether the peer is declared absent."""
        return isinstance(self.peer, Absent)

    @property
    def is_node_local(self) -> bool:
        """Whether the address is that of the pod's own node, which only the pod knows."""
        return self.outgoing and isinstance(self.peer, Peer) and _is_node_local(self.peer)

    def _with_ports(self, advertised: Sequence[Endpoint]) -> Sequence[Endpoint]:
        if any(endpoint.port is None for endpoint in advertised):
            raise InvalidInputs([Issue(f"{self.path}.advertised", "must have a port for each endpoint")])
        return advertised

    def _ranges(self, ranges: Sequence[PortRange]) -> pulumi.Input[list[ResolvedPortRange]]:
        if not ranges:
            message = "must have at least one entry: an empty list would allow every port"
            raise InvalidInputs([Issue(f"{self.path}.target_ports", message)])
        ends = [(each.first, each.first if each.last is None else each.last) for each in ranges]
        return all_of([apply_all(pair, lambda known: self._range(*known)) for pair in ends])

    def _range(self, first: int, last: int) -> ResolvedPortRange:
        if not 1 <= first <= last <= values.MAX_PORT:
            message = f"{first} to {last} is not a range of ports from 1 to {values.MAX_PORT}"
            raise InvalidInputs([Issue(f"{self.path}.target_ports", message)])
        return ResolvedPortRange(first, last)


Links: TypeAlias = tuple[Link, ...]
Ports: TypeAlias = Mapping[Parameter, pulumi.Input[int]]
"""Port parameters that override the table's ports, each 1 to 65535."""


def resolve(
    workloads: Mapping[WorkloadId, Peer],
    peers: Mapping[Party, Peer | Absent],
    ports: Ports | None = None,
    rows: Sequence[Row] = CONNECTIONS,
) -> Mapping[WorkloadId, Links]:
    """Return the links of each workload, in the order of `rows`.

    `workloads` are this package's own, as peers of others; workloads of one party share its rows. `peers` are all
    other parties of the table. Raises InvalidInputs with every missing party, every missing or superfluous port or
    endpoint, every invalid value and every unknown name; for Outputs, once they resolve.
    """
    issues: list[Issue] = []
    peers = {party: validate_peer.collect(peer, _path(party), issues) for party, peer in peers.items()}
    return resolve_validated(workloads, peers, ports, rows, issues)


def resolve_validated(
    workloads: Mapping[WorkloadId, Peer],
    peers: Mapping[Party, Peer | Absent],
    ports: Ports | None = None,
    rows: Sequence[Row] = CONNECTIONS,
    issues: Iterable[Issue] = (),
) -> Mapping[WorkloadId, Links]:
    """Resolve peers whose fields have been validated; `issues` are the violations found so far."""
    parties: Mapping[Party, Peer | Absent] = {**peers, **_by_party(workloads)}
    issues = list(issues)
    ports = {name: _parameter(name, port, issues) for name, port in (ports or {}).items()}
    issues += _unknown_names(workloads, peers, ports)
    issues += chain.from_iterable(_row_issues(row, parties) for row in rows)
    issues += _equal_ports(workloads, ports, rows)
    raise_for(issues)
    return {workload: tuple(_links(workload.party, parties, ports, rows)) for workload in workloads}


def incoming(links: Links) -> Links:
    """Return the links on which a peer that is not absent connects to the workload, in the order of the table."""
    return tuple(link for link in links if not link.outgoing and not link.absent)


def outgoing(links: Links) -> Links:
    """Return the links on which the workload connects to a peer that is not absent, in the order of the table."""
    return tuple(link for link in links if link.outgoing and not link.absent)


def _by_party(workloads: Mapping[WorkloadId, Peer]) -> dict[Party, Peer]:
    found: dict[Party, Peer] = {}
    for workload, peer in workloads.items():
        other = found.get(workload.party)
        found[workload.party] = _combined(other, peer) if other else peer
    return found


def _combined(one: Peer, other: Peer) -> Peer:
    endpoints = apply_all([one.endpoints, other.endpoints], lambda both: [*both[0], *both[1]])
    return replace(one, locations=one.locations + other.locations, endpoints=endpoints)


def _port_of(parameter: Parameter, ports: Ports, rows: Sequence[Row]) -> pulumi.Input[int]:
    return ports.get(parameter, default_port(parameter, rows))


def _parameter(name: Parameter, port: pulumi.Input[int], issues: list[Issue]) -> pulumi.Input[int]:
    return checked(port, at("ports", name), values.port, issues)


def _unknown_names(
    workloads: Mapping[WorkloadId, Peer], peers: Mapping[Party, Peer | Absent], ports: Ports
) -> Iterator[Issue]:
    """Yield issues for unknown parties and parameters, which would otherwise be ignored."""
    own = {workload.party for workload in workloads}
    for party in peers:
        if party not in tuple(Party):
            yield Issue("peers", "is not a party of the table", party)
        if party in own:
            yield Issue("peers", "is a workload of this package, not a peer", str(party))
    for name in ports:
        if name not in tuple(Parameter):
            yield Issue("ports", f"is not one of the parameters {', '.join(Parameter)}", name)


def _equal_ports(workloads: Iterable[WorkloadId], ports: Ports, rows: Sequence[Row]) -> Iterator[Issue]:
    for party in dict.fromkeys(workload.party for workload in workloads):
        first: dict[pulumi.Input[int], Parameter] = {}
        for parameter in (each for each in Parameter if owner(each, rows) is party):
            port = _port_of(parameter, ports, rows)
            if is_plain(port) and first.setdefault(port, parameter) is not parameter:
                yield Issue(at("ports", parameter), same_port(first[port]), port)


def same_port(other: str) -> str:
    """Return the message about a port of a pod that is also that of `other`, a parameter or its path."""
    return f"is also the port of {other}: the ports of a pod must differ"


def _links(
    party: Party, parties: Mapping[Party, Peer | Absent], ports: Ports, rows: Sequence[Row]
) -> Iterator[Link]:
    for row in rows:
        if party not in (row.source, row.destination):
            continue
        outgoing = row.source is party
        peer = parties[row.destination if outgoing else row.source]
        port = None if row.parameter is None else _port_of(row.parameter, ports, rows)
        endpoints = _endpoints(row, parties, row.port if port is None else port)
        yield Link(row, outgoing, peer, endpoints, None if outgoing else port)


def _endpoints(
    row: Row, parties: Mapping[Party, Peer | Absent], default: pulumi.Input[int] | None
) -> pulumi.Input[Sequence[Endpoint]]:
    source, destination = parties[row.source], parties[row.destination]
    if isinstance(source, Absent) or isinstance(destination, Absent):
        return ()

    def with_ports(endpoints: Sequence[Endpoint]) -> Sequence[Endpoint]:
        # `resolve` can check plain lists only; those in Outputs are checked here.
        issues = _endpoint_issues(row, endpoints)
        raise_for(issues)
        return [replace(each, port=default) if each.port is None else each for each in endpoints]

    return apply(_own_endpoints(destination), with_ports)


def _own_endpoints(peer: Peer) -> pulumi.Input[Sequence[Endpoint]]:
    return (Endpoint(NODE_IP),) if _is_node_local(peer) else peer.endpoints


def _is_node_local(peer: Peer) -> bool:
    no_address = is_plain(peer.endpoints) and not peer.endpoints
    return no_address and any(isinstance(location, NodeAgent) for location in peer.locations)


def _row_issues(row: Row, parties: Mapping[Party, Peer | Absent]) -> list[Issue]:
    missing = [
        Issue(_path(party), f"{party} is neither configured nor declared absent (connection {row.number})")
        for party in (row.source, row.destination)
        # Any other value has no location, and a rule without peers matches all traffic.
        if not isinstance(parties.get(party), Peer | Absent)
    ]
    destination = parties.get(row.destination)
    if missing or not isinstance(destination, Peer) or isinstance(parties[row.source], Absent):
        return missing
    endpoints = _own_endpoints(destination)
    return _endpoint_issues(row, cast("Sequence[Endpoint]", endpoints)) if is_plain(endpoints) else []


def _endpoint_issues(row: Row, endpoints: Sequence[Endpoint]) -> list[Issue]:
    path, connection = f"{_path(row.destination)}.endpoints", f"(connection {row.number})"
    if not endpoints:
        return [Issue(path, f"must have at least one endpoint {connection}")]
    if row.parameter is not None and any(e.port is not None for e in endpoints):
        return [Issue(path, f"must have no port: the parameter {row.parameter} sets it {connection}")]
    if row.parameter is None and row.port is None and any(e.port is None for e in endpoints):
        return [Issue(path, f"must have a port: the table leaves it to the {row.port_defined_by} {connection}")]
    return []


def _path(party: Party) -> str:
    return _ARGUMENTS.get(party) or f"peers.{getattr(party, 'name', party).lower()}"


_ARGUMENTS = {
    Party.IXN_DB: "database",
    Party.IXN_NODE_DB: "node_database",
    Party.KAFKA: "kafka",
    Party.ORS_REDIS_STREAM: "redis",
}
"""The property paths of the peers that have an argument of their own."""


def _ports(endpoints: Sequence[Endpoint]) -> pulumi.Input[list[int]]:
    return all_of([endpoint.port for endpoint in endpoints if endpoint.port is not None])
