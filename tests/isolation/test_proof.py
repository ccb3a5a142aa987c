"""Nothing but the nineteen: an analyser that we did not write finds exactly the table allowed, and DNS."""

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from pulumi_ixn import (
    Absent,
    Database,
    DatabaseArgs,
    Endpoint,
    ExistingSecret,
    Ixn,
    IxnArgs,
    KafkaReference,
    KafkaReferenceArgs,
    Party,
    PostgreSql,
    RedisReference,
    RedisReferenceArgs,
    Tenant,
)
from pulumi_ixn.identity import workload_name
from pulumi_ixn.spec import CONNECTIONS, OURS, Parameter, Row, default_port
from pulumi_ixn.testing import deploy

from tests.isolation.analyzer import Allowed, allowed
from tests.isolation.neighbours import DNS, PORTS, Where, everyone, in_cluster, manifests, outside, slug
from tests.unit.samples import pod

Manifest = Mapping[str, Any]

EAST = Tenant("9350e2fc-a1dd-4c65-8d40-1f75a2e080dd", "100")
WEST = Tenant("7d0c1d38-2c1b-4bd5-a3ea-4b44f5ef9d6a", "200")
NODES = "10.0.0.0-10.0.255.255"


@dataclass(frozen=True)
class Case:
    """Tenants with their namespaces, the neighbours that they share, and the parameters that differ."""

    tenants: Mapping[str, Tenant] = field(default_factory=lambda: {"ixn": EAST})
    where: Mapping[Party, Where] = field(default_factory=everyone)
    ports: Mapping[Parameter, int] = field(default_factory=dict[Parameter, int])
    wire: Mapping[Party, int] = field(default_factory=dict[Party, int])
    """The ports of pods that a Service maps dialled ports to."""
    absent: frozenset[Party] = frozenset()
    """Parties that are there, and that the tenants were declared to do without."""

    def port(self, row: Row) -> int:
        """Return the port of the pods at the destination of `row`, as the test reads the table."""
        if row.destination in self.wire:
            return self.wire[row.destination]
        if row.parameter is not None:
            return self.ports.get(row.parameter, default_port(row.parameter))
        return PORTS[row.destination]


MAPPED = {Party.VOICE_RQ: 21000, Party.IXN_DB: 25432, Party.KAFKA: 29092}

CASES = {
    "one tenant": Case(),
    "two tenants in two namespaces": Case({"ixn": EAST, "other": WEST}),
    "neighbours outside": Case(
        where={
            **everyone(),
            **{
                party: outside(party, index)
                for index, party in enumerate((Party.KAFKA, Party.ORS_REDIS_STREAM, Party.IXN_DB, Party.URS))
            },
        }
    ),
    "a Service that maps ports": Case(
        where={**everyone(), **{party: in_cluster(party, wire) for party, wire in MAPPED.items()}}, wire=MAPPED
    ),
    "neighbours that are there and declared absent": Case(absent=frozenset({Party.URS, Party.CONFIG_SERVER})),
    "changed parameters": Case(ports={parameter: 20000 + n for n, parameter in enumerate(Parameter)}),
}


def rendered(case: Case, together: bool = False) -> list[Manifest]:
    """Return the manifests of the tenants, on mocks; `together` puts them all into the first namespace."""

    def tenant(namespace: str, tenant: Tenant) -> Ixn:
        at = {party: each.neighbour for party, each in case.where.items()}
        secret, sid = ExistingSecret("secret"), tenant.sid

        def database(name: str, party: Party) -> Database:
            engine = PostgreSql(Endpoint(f"{slug(party)}.example", PORTS[party]), "ixn")
            args = DatabaseArgs(namespace, engine, at[party].places, secret, at[party].wire)
            return Database(f"{name}-{sid}", args)

        args = IxnArgs(
            tenant,
            namespace,
            *(pod(name) for name in ("server", "node", "vq")),
            database=database("db", Party.IXN_DB),
            node_database=database("node-db", Party.IXN_NODE_DB),
            kafka=KafkaReference(
                f"kafka-{sid}",
                KafkaReferenceArgs(
                    namespace, at[Party.KAFKA].dial, at[Party.KAFKA].places, secret, wire=at[Party.KAFKA].wire
                ),
            ),
            redis=RedisReference(
                f"redis-{sid}",
                RedisReferenceArgs(
                    namespace, at[Party.ORS_REDIS_STREAM].dial, at[Party.ORS_REDIS_STREAM].places, secret
                ),
            ),
            neighbours={
                party: Absent() if party in case.absent else _dialled_by_parameter(party, each)
                for party, each in at.items()
                if party not in (Party.IXN_DB, Party.IXN_NODE_DB, Party.KAFKA, Party.ORS_REDIS_STREAM)
            },
            ports=case.ports,
        )
        return Ixn(f"t{sid}", args)

    def program() -> None:
        for namespace, each in case.tenants.items():
            tenant(next(iter(case.tenants)) if together else namespace, each)

    kinds = ("StatefulSet", "Deployment", "Service", "NetworkPolicy")
    return [each for each in deploy(program).manifests if each["kind"] in kinds]


def _dialled_by_parameter(party: Party, neighbour: Any) -> Any:
    """Callers are not dialled, and Consul is dialled at the node."""
    dialled = any(row.destination is party for row in CONNECTIONS) and party is not Party.CONSUL
    return neighbour if dialled else replace(neighbour, dial=())


def expected(case: Case, together: bool = False) -> set[Allowed]:
    """Return what the table says, and DNS: each row, for each tenant, at the ports of the pods."""
    first = next(iter(case.tenants))
    found: set[Allowed] = set()
    for namespace, tenant in case.tenants.items():
        home = first if together else namespace

        def name(party: Party) -> str:
            if party in OURS:
                return f"{home}/{workload_name(party, tenant)}"  # noqa: B023 (called at once)
            return case.where[party].name

        for row in (row for row in CONNECTIONS if not case.absent & {row.source, row.destination}):
            found.add(Allowed(name(row.source), name(row.destination), "TCP", case.port(row)))
            if row.destination is Party.CONSUL:
                found.add(Allowed(name(row.source), NODES, "TCP", case.port(row)))
        found |= {Allowed(name(party), DNS, protocol, 53) for party in OURS for protocol in ("TCP", "UDP")}
    return found


def actual(netpolicy: Path, case: Case, ours: Sequence[Manifest], directory: Path) -> set[Allowed]:
    """Return what the analyser finds allowed, of pairs with one end of ours."""
    listening = {row.destination: case.port(row) for row in CONNECTIONS if row.destination not in OURS}
    theirs = list(manifests(case.where, listening))
    own = {
        f"{each['metadata']['namespace']}/{each['metadata']['name']}"
        for each in ours
        if "replicas" in each["spec"]
    }
    found = allowed(netpolicy, [*_namespaces(ours), *ours, *theirs], directory)
    return {each for each in found if own & {each.source, each.destination}}


def _namespaces(ours: Sequence[Manifest]) -> Iterator[Manifest]:
    for namespace in {each["metadata"]["namespace"] for each in ours}:
        labels = {"kubernetes.io/metadata.name": namespace}
        yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace, "labels": labels}}


@pytest.mark.parametrize("name", CASES)
def test_exactly_the_table_and_dns_are_allowed(name: str, netpolicy: Path, tmp_path: Path) -> None:
    case = CASES[name]

    assert actual(netpolicy, case, rendered(case), tmp_path / "manifests") == expected(case)


def test_two_tenants_in_one_namespace_cannot_reach_each_other(netpolicy: Path, tmp_path: Path) -> None:
    case = Case({"ixn": EAST, "other": WEST})
    found = actual(netpolicy, case, rendered(case, together=True), tmp_path / "manifests")

    assert found == expected(case, together=True)
    assert not [each for each in found if {"100", "200"} <= {each.source[-3:], each.destination[-3:]}]


def test_the_pods_of_the_neighbours_listen_at_the_ports_that_are_allowed() -> None:
    for case in CASES.values():
        listening = {row.destination: case.port(row) for row in CONNECTIONS if row.destination not in OURS}
        for manifest in manifests(case.where, listening):
            if manifest["kind"] != "Deployment" or manifest["metadata"]["name"] == "kube-dns":
                continue
            (container,) = manifest["spec"]["template"]["spec"]["containers"]
            (port,) = (port["containerPort"] for port in container["ports"])
            party = next(party for party in case.where if slug(party) == manifest["metadata"]["name"])
            assert port == listening.get(party, 1)


def _drop(policy: dict[str, Any]) -> None:
    del policy["spec"]["egress"][0]


def _widen(policy: dict[str, Any]) -> None:
    del policy["spec"]["ingress"][0]["from"]


def _every_port(policy: dict[str, Any]) -> None:
    policy["spec"]["egress"][0]["ports"] = []


def _wrong_port(policy: dict[str, Any]) -> None:
    policy["spec"]["ingress"][0]["ports"][0]["port"] += 1


def _open_egress(policy: dict[str, Any]) -> None:
    policy["spec"]["policyTypes"] = ["Ingress"]
    del policy["spec"]["egress"]


@pytest.mark.parametrize("mistake", [_drop, _widen, _every_port, _wrong_port, _open_egress])
@pytest.mark.parametrize("workload", ["ixn-server-100", "ixn-node-100", "ixn-vqnode-100"])
def test_a_rule_that_is_broken_on_purpose_makes_the_proof_fail(
    mistake: Callable[[dict[str, Any]], None], workload: str, netpolicy: Path, tmp_path: Path
) -> None:
    case = CASES["one tenant"]
    broken = copy.deepcopy(rendered(case))
    policy: Any = next(
        each for each in broken if each["kind"] == "NetworkPolicy" and each["metadata"]["name"] == workload
    )
    mistake(policy)

    assert actual(netpolicy, case, broken, tmp_path / "manifests") != expected(case)
