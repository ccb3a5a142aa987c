"""The connectivity matrix: the connections that must succeed by the table, and all targets."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any, NamedTuple, cast

from pulumi_ixn import NodeAgent, Party
from pulumi_ixn.naming import WORKLOADS, workload_name
from pulumi_ixn.spec import CONNECTIONS, WORKLOAD_PARTIES

from tests.isolation.cases import Case

_SERVICE = "kubernetes.io/service-name"
NODE = "node"
OUTSIDE = "outside/"
"""Prefix of the names of external peers; the rest is the address."""

DNS, DNS_PORT = "kube-system/coredns", 53
DNS_ROW = 0
"""Row number for connections to the DNS resolver, which are not in the table."""


class Connection(NamedTuple):
    """A workload, `namespace/name`, that connects to a port of another, or of a Service."""

    source: str
    destination: str
    port: int


class Target(NamedTuple):
    """An address to connect to, which leads to `destination` on `port`."""

    address: str
    destination: str
    port: int
    behind: frozenset[tuple[str, int]]
    """The workloads and their own ports: one for a pod's address, as many as it has pods for a Service."""


@dataclass(frozen=True)
class Pod:
    """A pod, with the name of its workload; `on_host` where its address is the node's."""

    workload: str
    name: str
    address: str
    ports: tuple[int, ...]
    on_host: bool = False


def expected_rows(case: Case, *, agent_on_host: bool = False) -> Mapping[int, set[Connection]]:
    """Return the connections that must succeed, on the pods' own ports, by row.

    A node agent is reached at the node's address, and at its pod's if that is different.
    """
    rows: dict[int, set[Connection]] = {}
    for home, tenant in case.homes():
        names = {each.party: f"{home}/{workload_name(each, tenant)}" for each in WORKLOADS}
        names |= {party: each.name for party, each in case.where.items()}
        for row in CONNECTIONS:
            found = rows.setdefault(row.number, set())
            if case.absent & {row.source, row.destination}:
                continue
            ends = [names[row.destination]]
            if row.destination is Party.CONSUL:
                ends = [NODE, *_other_hosts(case), *([] if agent_on_host else ends)]
            found |= {Connection(names[row.source], end, case.port(row)) for end in ends}
        rows.setdefault(DNS_ROW, set()).update(
            Connection(names[party], DNS, DNS_PORT) for party in WORKLOAD_PARTIES
        )
    return rows


def _other_hosts(case: Case) -> list[str]:
    """Return the peers outside the cluster that are in the nodes' network.

    A NetworkPolicy cannot select the local node, so all nodes are allowed on the agent's port.
    """
    [location] = case.where[Party.CONSUL].peer.locations
    assert isinstance(location, NodeAgent)
    networks = [ip_network(str(cidr)) for cidr in cast("Sequence[str]", location.cidrs)]
    outside = {each.name for each in case.where.values() if each.name.startswith(OUTSIDE)}
    addresses = {name: ip_address(name.removeprefix(OUTSIDE)) for name in outside}
    return [name for name, address in addresses.items() if any(address in network for network in networks)]


def union(rows: Mapping[int, set[Connection]]) -> set[Connection]:
    """Return the connections of all rows."""
    return {each for found in rows.values() for each in found}


def targets_of_pods(pods: Iterable[Pod]) -> Iterator[Target]:
    """Yield every listening port of the pods, by the address of the pod."""
    for pod in pods:
        if not pod.on_host:
            for port in pod.ports:
                yield _target(pod.address, pod.workload, port)


def targets_at(address: str, name: str, ports: Iterable[int]) -> Iterator[Target]:
    """Yield ports of the node, or of an address outside the cluster."""
    return (_target(address, name, port) for port in ports)


def _target(address: str, name: str, port: int) -> Target:
    return Target(f"{address}:{port}", name, port, frozenset({(name, port)}))


def targets_of_services(
    services: Iterable[Mapping[str, Any]], slices: Iterable[Mapping[str, Any]], names: Mapping[str, str]
) -> Iterator[Target]:
    """Yield every port of the Services that have endpoints; `names` are the workloads by their addresses."""
    ends: dict[tuple[str, str, str], set[tuple[str, int]]] = {}
    for each in slices:
        namespace, labels = each["metadata"]["namespace"], each["metadata"]["labels"]
        for port in each["ports"] or ():
            addresses = [address for endpoint in each["endpoints"] or () for address in endpoint["addresses"]]
            found = {(names[address], port["port"]) for address in addresses if address in names}
            ends.setdefault((namespace, labels[_SERVICE], port.get("name") or ""), set()).update(found)
    for each in services:
        namespace, service = each["metadata"]["namespace"], each["metadata"]["name"]
        for port in each["spec"]["ports"]:
            behind = ends.get((namespace, service, port.get("name") or ""))
            if behind and port["protocol"] == "TCP":
                number = behind_port(behind) if each["spec"].get("clusterIP") == "None" else port["port"]
                address = f"{service}.{namespace}.svc:{number}"
                yield Target(address, f"service {namespace}/{service}", number, frozenset(behind))


def behind_port(behind: Iterable[tuple[str, int]]) -> int:
    """Return the port of the pods of a headless Service, which maps none."""
    (port,) = {port for _, port in behind}
    return port


def wanted(source: str, targets: Iterable[Target], ours: set[str]) -> list[Target]:
    """Return the targets to test from `source`: pairs with an IXN workload at one end, except itself."""
    return [
        each
        for each in targets
        if source not in (ends := {name for name, _ in each.behind}) and (source in ours or ours & ends)
    ]


def expected_of(connections: set[Connection], tested: Mapping[str, Sequence[Target]]) -> set[Connection]:
    """Return which of the targets must connect, Services with the pods behind them."""
    return {
        Connection(source, each.destination, each.port)
        for source, targets in tested.items()
        for each in targets
        if any(Connection(source, name, port) in connections for name, port in each.behind)
    }
