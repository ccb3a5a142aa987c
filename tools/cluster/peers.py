"""The peers of a stack as pods, Services and addresses outside the cluster, generated from its links."""

import ipaddress
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import pulumi
from pulumi_ixn import CidrBlocks, Endpoint, NodeAgent, Peer, PodSelector, PortRange
from pulumi_ixn.addresses import Address, addresses_of
from pulumi_ixn.links import Link
from pulumi_ixn.spec import WORKLOAD_PARTIES

_SERVICE = re.compile(r"(?P<name>[a-z0-9-]+)\.(?P<namespace>[a-z0-9-]+)\.svc(\.cluster\.local)?\.?")


@dataclass
class PeerPods:
    """Pods with the same labels: the ports on which they listen, and their destinations, by row."""

    namespace: str
    labels: Mapping[str, str]
    node_agent: bool = False
    ports: set[int] = field(default_factory=set[int])
    dials: dict[int, list[str]] = field(default_factory=dict[int, list[str]])

    @property
    def name(self) -> str:
        """The name of the workload, from the first label."""
        return next(iter(self.labels.values()))


@dataclass
class PeerService:
    """A Service through which a peer is reached: its ports, with the ports of the pods."""

    namespace: str
    name: str
    labels: Mapping[str, str]
    ports: dict[int, int] = field(default_factory=dict[int, int])


@dataclass
class OutsidePeer:
    """An address outside the cluster: the ports that listen there, and the rows that are dialed from there."""

    address: str
    ports: set[int] = field(default_factory=set[int])
    rows: set[int] = field(default_factory=set[int])


@dataclass(frozen=True)
class Peers:
    """All peers of a stack."""

    pods: Sequence[PeerPods]
    services: Sequence[PeerService]
    outside: Sequence[OutsidePeer]


def peers_of(links: Iterable[Link]) -> Peers:
    """Return the peers of the links, each once.

    Raises ValueError for a peer that is dialed at a host which is neither a Service nor an address outside.
    """
    made = _Made()
    for link in links:
        party = link.row.destination if link.outgoing else link.row.source
        if not link.absent and party not in WORKLOAD_PARTIES:
            (made.listen if link.outgoing else made.dial)(link)
    return Peers(list(made.pods.values()), list(made.services.values()), list(made.outside.values()))


class _Made:
    def __init__(self) -> None:
        self.pods: dict[tuple[str, frozenset[tuple[str, str]]], PeerPods] = {}
        self.services: dict[str, PeerService] = {}
        self.outside: dict[str, OutsidePeer] = {}

    def listen(self, link: Link) -> None:
        """Add the destination of a link: its pods and Services, or its addresses."""
        dialed = dict.fromkeys(address for endpoints in link.all_endpoints for address in _plain(endpoints))
        ports = _pod_ports(link, list(dialed))
        for location in link.locations:
            if pods := _pods(location):
                self._at(pods, node_agent=isinstance(location, NodeAgent)).ports.update(ports.values())
        if not link.is_node_local:
            for address in dialed:
                self._serve(link, address, ports[address.port])

    def dial(self, link: Link) -> None:
        """Add the source of a link, which dials one of the stack's own Services."""
        row, addresses = link.row.number, [str(address) for address in _plain(link.endpoints)]
        for location in link.locations:
            if pods := _pods(location):
                known = self._at(pods).dials.setdefault(row, [])
                known += [address for address in addresses if address not in known]
            elif isinstance(location, CidrBlocks):
                self._outside(_first_address(location)).rows.add(row)

    def _at(self, pods: PodSelector, *, node_agent: bool = False) -> PeerPods:
        namespace, labels = str(pods.namespace), cast("Mapping[str, str]", pods.labels)
        found = self.pods.setdefault((namespace, frozenset(labels.items())), PeerPods(namespace, labels))
        found.node_agent |= node_agent
        return found

    def _outside(self, address: str) -> OutsidePeer:
        return self.outside.setdefault(address, OutsidePeer(address))

    def _serve(self, link: Link, address: Address, port: int) -> None:
        if service := _SERVICE.fullmatch(address.host):
            labels = _selector(link, service["namespace"])
            key = f"{service['namespace']}/{service['name']}"
            made = PeerService(service["namespace"], service["name"], labels)
            self.services.setdefault(key, made).ports[address.port] = port
        elif _is_address(address.host):
            self._outside(address.host).ports.add(port)
        else:
            raise ValueError(
                f"{link.label}: {address.host!r} is neither 'service.namespace.svc' nor an IP address"
            )


def _pods(location: object) -> PodSelector | None:
    if isinstance(location, NodeAgent):
        return location.pods
    return location if isinstance(location, PodSelector) else None


def _plain(endpoints: pulumi.Input[Sequence[Endpoint]]) -> list[Address]:
    # Settings are plain: no Output is among their endpoints.
    return cast("list[list[Address]]", addresses_of([endpoints]))[0]


def _pod_ports(link: Link, dialed: Sequence[Address]) -> dict[int, int]:
    """Return the ports of the pods by the ports that are dialed; a Service maps them in their order."""
    ports = list(dict.fromkeys(address.port for address in dialed))
    target_ports = link.peer.target_ports if isinstance(link.peer, Peer) else None
    if target_ports is None:
        return {port: port for port in ports}
    mapped = [cast("int", each.first) for each in cast("Sequence[PortRange]", target_ports)]
    return {port: mapped[min(index, len(mapped) - 1)] for index, port in enumerate(ports)}


def _selector(link: Link, namespace: str) -> Mapping[str, str]:
    for location in link.locations:
        if isinstance(location, PodSelector) and location.namespace == namespace:
            return cast("Mapping[str, str]", location.labels)
    raise ValueError(f"{link.label}: no pods are located in namespace {namespace!r}, which its Service is in")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _first_address(location: CidrBlocks) -> str:
    network = ipaddress.ip_network(cast("Sequence[str]", location.cidrs)[0])
    return str(next(iter(network.hosts()), network.network_address))
