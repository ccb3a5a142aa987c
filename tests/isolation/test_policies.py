"""An independent analyzer finds exactly the nineteen connections and DNS allowed."""

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pulumi_ixn import (
    Absent,
    Credentials,
    Database,
    DatabaseReference,
    DatabaseReferenceArgs,
    Endpoint,
    Ixn,
    IxnArgs,
    Kafka,
    KafkaReference,
    KafkaReferenceArgs,
    Party,
    Peers,
    Redis,
    RedisReference,
    RedisReferenceArgs,
    Tenant,
    Versions,
)
from pulumi_ixn.spec import CONNECTIONS, WORKLOAD_PARTIES, Parameter
from pulumi_ixn.testing import deploy

from tests.isolation.cases import EAST, KINDS, WEST, Case, Manifest, actual, expected
from tests.isolation.peers import PORTS, everyone, in_cluster, manifests, outside, slug

MAPPED = {Party.VOICE_RQ: 21000, Party.IXN_DB: 25432, Party.KAFKA: 29092}

CASES = {
    "one tenant": Case(),
    "two tenants in two namespaces": Case({"ixn": EAST, "other": WEST}),
    "peers outside": Case(
        where={
            **everyone(),
            **{
                party: outside(party, index)
                for index, party in enumerate((Party.KAFKA, Party.ORS_REDIS_STREAM, Party.IXN_DB, Party.URS))
            },
        }
    ),
    "a Service that maps ports": Case(
        where={**everyone(), **{party: in_cluster(party, target_ports) for party, target_ports in MAPPED.items()}},
        target_ports=MAPPED,
    ),
    "peers that are there and declared absent": Case(absent=frozenset({Party.URS, Party.CONFIG_SERVER})),
    "changed parameters": Case(ports={parameter: 20000 + n for n, parameter in enumerate(Parameter)}),
}


def rendered(case: Case) -> list[Manifest]:
    """Return the manifests of the tenants, on mocks."""

    def tenant(namespace: str, tenant: Tenant) -> Ixn:
        at = {party: each.peer for party, each in case.where.items()}
        credentials, sid = Credentials.existing("secret"), tenant.sid

        def database(name: str, party: Party) -> DatabaseReference:
            endpoint, there = Endpoint(f"{slug(party)}.example", PORTS[party]), at[party]
            args = Database(endpoint, "ixn", there.locations, credentials, there.target_ports)
            return DatabaseReference(f"{name}-{sid}", DatabaseReferenceArgs(namespace, args))

        kafka, redis = at[Party.KAFKA], at[Party.ORS_REDIS_STREAM]
        own = (Party.IXN_DB, Party.IXN_NODE_DB, Party.KAFKA, Party.ORS_REDIS_STREAM)
        peers = {
            party.name.lower(): Absent() if party in case.absent else _without_unused_endpoints(party, each)
            for party, each in at.items()
            if party not in own
        }
        args = IxnArgs(
            tenant=tenant,
            versions=Versions("1.0", "1.0", "1.0"),
            namespace=namespace,
            database=database("db", Party.IXN_DB),
            node_database=database("node-db", Party.IXN_NODE_DB),
            kafka=KafkaReference(
                f"kafka-{sid}",
                KafkaReferenceArgs(
                    namespace,
                    Kafka(kafka.endpoints, kafka.locations, credentials, target_ports=kafka.target_ports),
                ),
            ),
            redis=RedisReference(
                f"redis-{sid}",
                RedisReferenceArgs(namespace, Redis(redis.endpoints, redis.locations, credentials)),
            ),
            peers=Peers(**peers),
            ports=case.ports,
        )
        return Ixn(f"t{sid}", args)

    def program() -> None:
        for namespace, each in case.homes():
            tenant(namespace, each)

    return [each for each in deploy(program).manifests if each["kind"] in KINDS]


def _without_unused_endpoints(party: Party, peer: Any) -> Any:
    """Remove the endpoints of inbound peers, and of Consul, which is reached at the node."""
    outbound = any(row.destination is party for row in CONNECTIONS) and party is not Party.CONSUL
    return peer if outbound else replace(peer, endpoints=())


@pytest.mark.parametrize("name", CASES)
def test_policies_allow_exactly_the_table_and_dns(name: str, netpolicy: Path, tmp_path: Path) -> None:
    case = CASES[name]

    assert actual(netpolicy, case, rendered(case), tmp_path / "manifests") == expected(case)


def test_two_tenants_in_one_namespace_cannot_reach_each_other(netpolicy: Path, tmp_path: Path) -> None:
    case = Case({"ixn": EAST, "other": WEST}, together=True)
    found = actual(netpolicy, case, rendered(case), tmp_path / "manifests")

    assert found == expected(case)
    assert not [each for each in found if {"100", "200"} <= {each.source[-3:], each.destination[-3:]}]


def test_peer_pods_listen_on_the_allowed_ports() -> None:
    for case in CASES.values():
        listening = {
            row.destination: case.port(row) for row in CONNECTIONS if row.destination not in WORKLOAD_PARTIES
        }
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


@pytest.mark.parametrize("issue", [_drop, _widen, _every_port, _wrong_port, _open_egress])
@pytest.mark.parametrize("workload", ["ixn-server-100", "ixn-node-100", "ixn-vqnode-100"])
def test_a_broken_rule_is_detected(
    issue: Callable[[dict[str, Any]], None], workload: str, netpolicy: Path, tmp_path: Path
) -> None:
    case = CASES["one tenant"]
    broken = copy.deepcopy(rendered(case))
    policy: Any = next(
        each
        for each in broken
        if each["kind"] == "NetworkPolicy" and each["metadata"]["name"].startswith(workload)
    )
    issue(policy)

    assert actual(netpolicy, case, broken, tmp_path / "manifests") != expected(case)
