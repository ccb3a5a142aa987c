"""The connections of a case by the table, and those that the analyzer finds in its manifests."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pulumi_ixn import Party, Tenant
from pulumi_ixn.naming import WORKLOADS, workload_name
from pulumi_ixn.spec import CONNECTIONS, WORKLOAD_PARTIES, Parameter, Row, default_port

from tests.isolation.analyzer import Allowed, allowed
from tests.isolation.peers import DNS, PORTS, Where, everyone, manifests

Manifest = Mapping[str, Any]

WORKLOADS_OF_PODS = ("StatefulSet", "Deployment", "Job")

KINDS = (*WORKLOADS_OF_PODS, "Service", "NetworkPolicy")
"""The kinds of objects that determine connectivity."""

EAST = Tenant("9350e2fc-a1dd-4c65-8d40-1f75a2e080dd", "100")
WEST = Tenant("7d0c1d38-2c1b-4bd5-a3ea-4b44f5ef9d6a", "200")
NODES = "10.0.0.0-10.0.255.255"


@dataclass(frozen=True)
class Case:
    """Tenants with their namespaces, the peers that they share, and the parameters that differ."""

    tenants: Mapping[str, Tenant] = field(default_factory=lambda: {"ixn": EAST})
    where: Mapping[Party, Where] = field(default_factory=everyone)
    ports: Mapping[Parameter, int] = field(default_factory=dict[Parameter, int])
    target_ports: Mapping[Party, int] = field(default_factory=dict[Party, int])
    """The pod ports that a Service maps to."""
    absent: frozenset[Party] = frozenset()
    """Peers that exist although the tenants declare them absent."""
    together: bool = False
    """Whether all tenants are in the first namespace."""
    listening: Mapping[Party, int] = field(default_factory=lambda: PORTS)
    """Ports that the table does not define."""
    nodes: str = NODES
    """The addresses of the cluster's nodes."""

    def port(self, row: Row) -> int:
        """Return the port of the pods at the destination of `row`, as the test reads the table."""
        if row.destination in self.target_ports:
            return self.target_ports[row.destination]
        if row.parameter is not None:
            return self.ports.get(row.parameter, default_port(row.parameter))
        port = self.listening.get(row.destination, row.port)
        assert port is not None, f"no port of {row.destination}"
        return port

    def homes(self) -> Iterator[tuple[str, Tenant]]:
        """Yield each tenant with the namespace that it is in."""
        first = next(iter(self.tenants))
        for namespace, tenant in self.tenants.items():
            yield first if self.together else namespace, tenant


def expected(case: Case) -> set[Allowed]:
    """Return the connections of the table and DNS, for each tenant, on the ports of the pods."""
    found: set[Allowed] = set()
    for home, tenant in case.homes():

        def name(party: Party) -> str:
            for workload in WORKLOADS:
                if workload.party is party:
                    return f"{home}/{workload_name(workload, tenant)}"  # noqa: B023 (called at once)
            return case.where[party].name

        for row in (row for row in CONNECTIONS if not case.absent & {row.source, row.destination}):
            found.add(Allowed(name(row.source), name(row.destination), "TCP", case.port(row)))
            if row.destination is Party.CONSUL:
                found.add(Allowed(name(row.source), case.nodes, "TCP", case.port(row)))
        found |= {
            Allowed(name(party), DNS, protocol, 53) for party in WORKLOAD_PARTIES for protocol in ("TCP", "UDP")
        }
    return found


def actual(netpolicy: Path, case: Case, ours: Sequence[Manifest], directory: Path) -> set[Allowed]:
    """Return the connections that the analyzer finds allowed, of pairs with a workload of ours.

    Ours may include peers of IXN: nothing stands for those.
    """
    listening = {row.destination: case.port(row) for row in CONNECTIONS if row.destination not in WORKLOAD_PARTIES}
    own = {_name(each) for each in ours if each["kind"] in WORKLOADS_OF_PODS}
    theirs = [each for each in manifests(case.where, listening) if _name(each) not in own]
    found = allowed(netpolicy, [*_namespaces(ours), *ours, *theirs], directory)
    return {each for each in found if own & {each.source, each.destination}}


def _name(manifest: Manifest) -> str:
    return f"{manifest['metadata'].get('namespace')}/{manifest['metadata']['name']}"


def _namespaces(ours: Sequence[Manifest]) -> Iterator[Manifest]:
    for namespace in {each["metadata"]["namespace"] for each in ours if each["kind"] != "Namespace"}:
        labels = {"kubernetes.io/metadata.name": namespace}
        yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace, "labels": labels}}
