"""The analyzer finds that the tenants of the second region have their nineteen connections and DNS only."""

from ipaddress import ip_network
from pathlib import Path

import pytest
from pulumi_ixn import CidrBlocks, NodeAgent, Party, Peer, PodSelector, Tenant

from tests.compare import mocks
from tests.compare.cases import cases_of
from tests.isolation.analyzer import Allowed
from tests.isolation.cases import KINDS, Case, Manifest, actual, expected
from tests.isolation.peers import Where
from tests.unit.config.stacks import CHECKOUT

TENANTS = {
    "ixn": Tenant("9350e2fc-a1dd-4c65-8d40-1f75a2e080dd", "100"),
    "second": Tenant("7d0c1d38-2c1b-4bd5-a3ea-4b44f5ef9d6a", "200"),
}
INSTANCES = PodSelector("ixn", {"cnpg.io/cluster": "pg-west", "cnpg.io/podRole": "instance"})
NODES, EVERYWHERE = "10.1.0.0-10.1.255.255", "10.0.0.0-10.0.255.255"


def pods(namespace: str, key: str, value: str) -> Where:
    return Where(Peer((PodSelector(namespace, {key: value}),)), f"{namespace}/{value}")


def network(cidr: str) -> Where:
    block = ip_network(cidr)
    return Where(Peer((CidrBlocks((cidr,)),)), f"{block[0]}-{block[-1]}")


POSTGRES = Where(Peer((INSTANCES,)), "ixn/pg-west")
WEST = Case(
    tenants=TENANTS,
    together=True,
    where={
        Party.CONFIG_SERVER: pods("voice", "app", "tenant"),
        Party.VOICE_CONFIG: pods("voice", "app", "voice-config"),
        Party.VOICE_RQ: pods("voice", "app", "voice-rq"),
        Party.STAT_SERVER: pods("voice", "app", "statserver"),
        Party.URS: pods("voice", "app", "urs"),
        Party.PULSE_STAT_SERVERS: pods("pulse", "app", "pulse-statserver"),
        Party.GWS_IXN_SERVICE: pods("gws", "app", "gws-ixn"),
        Party.PROMETHEUS: pods("monitoring", "app.kubernetes.io/name", "prometheus"),
        Party.CONSUL: Where(
            Peer((NodeAgent(("10.1.0.0/16",), PodSelector("consul", {"app": "consul", "component": "client"})),)),
            "consul/consul",
        ),
        Party.KAFKA: network("10.30.1.0/24"),
        Party.ORS_REDIS_STREAM: network("10.30.2.0/24"),
        Party.IXN_DB: POSTGRES,
        Party.IXN_NODE_DB: POSTGRES,
    },
    listening={
        Party.KAFKA: 9094,
        Party.ORS_REDIS_STREAM: 6380,
        Party.IXN_DB: 5432,
        Party.IXN_NODE_DB: 5432,
        Party.VOICE_RQ: 11000,
        Party.PULSE_STAT_SERVERS: 2060,
    },
)


@pytest.fixture(scope="module")
def west() -> list[Manifest]:
    (case,) = (each for each in cases_of(CHECKOUT) if each.name == "second-region/west")
    return [each for each in mocks.generate(CHECKOUT, case).values() if each["kind"] in KINDS]


def connections() -> set[Allowed]:
    """Return what the table allows, with the nodes of this region."""
    return {
        each._replace(destination=NODES) if each.destination == EVERYWHERE else each for each in expected(WEST)
    }


def test_the_tenants_reach_their_region_and_nothing_else(
    west: list[Manifest], netpolicy: Path, tmp_path: Path
) -> None:
    found = actual(netpolicy, WEST, west, tmp_path / "manifests")

    assert found == connections()
    assert len([each for each in found if each.destination == POSTGRES.name]) == 4


def test_the_first_region_would_be_noticed(west: list[Manifest], netpolicy: Path, tmp_path: Path) -> None:
    name = "ixn-vqnode-100"
    for each in west:
        if each["kind"] == "NetworkPolicy" and each["metadata"]["name"].startswith(name):
            each["spec"]["egress"].append({"to": [{"ipBlock": {"cidr": "10.20.1.0/24"}}]})

    more = actual(netpolicy, WEST, west, tmp_path / "manifests") - connections()
    assert {(each.source, each.destination) for each in more} == {(f"ixn/{name}", "10.20.1.0-10.20.1.255")}
