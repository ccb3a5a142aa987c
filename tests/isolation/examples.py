"""What the policies of each example must allow: its tenants, their peers, and what else its pods may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network

from pulumi_ixn import CidrBlocks, NodeAgent, Party, Peer, PodSelector, Tenant
from pulumi_ixn.spec import Parameter

from tests.isolation.analyzer import Allowed
from tests.isolation.cases import EAST, WEST, Case
from tests.isolation.peers import DNS, Where

NORTH = Tenant("f2c6a1f0-5b0a-4c11-8a39-64ab6e6f7e11", "300")
DATABASES = (Party.IXN_DB, Party.IXN_NODE_DB)


@dataclass(frozen=True)
class Example:
    """The tenants, which share their peers, and what else the pods that the example deploys may do."""

    tenants: tuple[Case, ...]
    others: frozenset[Allowed] = frozenset()


def pods(namespace: str, name: str, labels: Mapping[str, str] | None = None) -> Where:
    """Place a peer in the cluster, in a workload of this name."""
    return Where(Peer((PodSelector(namespace, labels or {"app": name}),)), f"{namespace}/{name}")


def postgres(namespace: str, cluster: str) -> Where:
    """Place a database in a Cluster of CloudNativePG, in pods that its operator creates."""
    return pods(namespace, "postgres", {"cnpg.io/cluster": cluster, "cnpg.io/podRole": "instance"})


def network(cidr: str) -> Where:
    """Place a peer outside the cluster."""
    block = ip_network(cidr)
    return Where(Peer((CidrBlocks((cidr,)),)), f"{block[0]}-{block[-1]}")


def ports(kafka: int, redis: int) -> dict[Party, int]:
    """Return the ports that the table does not define."""
    own = {Party.KAFKA: kafka, Party.ORS_REDIS_STREAM: redis, Party.VOICE_RQ: 11000}
    return {**own, Party.PULSE_STAT_SERVERS: 2060, **dict.fromkeys(DATABASES, 5432)}


def consul(labels: Mapping[str, str], nodes: str = "10.0.0.0/16") -> Where:
    """Place Consul's agents on the nodes."""
    return Where(Peer((NodeAgent((nodes,), PodSelector("consul", labels)),)), "consul/consul")


ELSEWHERE = {
    Party.GWS_IXN_SERVICE: pods("gws", "gws-ixn"),
    Party.PROMETHEUS: pods("monitoring", "prometheus", {"app.kubernetes.io/name": "prometheus"}),
}
VOICE = (Party.CONFIG_SERVER, Party.VOICE_CONFIG, Party.VOICE_RQ, Party.STAT_SERVER, Party.URS)
OF_PROGRAMS = {
    **ELSEWHERE,
    **dict.fromkeys(VOICE, pods("voice", "voice", {"team": "voice"})),
    Party.CONSUL: consul({"app": "consul"}),
    Party.PULSE_STAT_SERVERS: pods("pulse", "statserver"),
}
_CONSUL = {"app": "consul", "component": "client"}
OF_SETTINGS = {
    **ELSEWHERE,
    **{
        party: pods("voice", name)
        for party, name in zip(VOICE, ("tenant", "voice-config", "voice-rq", "statserver", "urs"), strict=True)
    },
    Party.CONSUL: consul(_CONSUL),
    Party.PULSE_STAT_SERVERS: pods("pulse", "pulse-statserver"),
}
MANAGED = {**dict.fromkeys(DATABASES, network("10.20.0.0/24")), Party.KAFKA: network("10.20.1.0/24")}

PLATFORM_TEAM = {
    **OF_PROGRAMS,
    **MANAGED,
    Party.ORS_REDIS_STREAM: pods(
        "redis-generated-redis-id", "redis", {"app.kubernetes.io/instance": "generated-redis-id"}
    ),
}
JOBS = [f"contact-centre/ixn-{name}-300-db" for name in ("server", "node")]
"""The Jobs that create databases, without the digests of their names."""

IN_CLUSTER = {
    **OF_PROGRAMS,
    **dict.fromkeys(DATABASES, postgres("databases", "pg")),
    Party.KAFKA: pods("kafka", "kafka", {"app.kubernetes.io/name": "kafka"}),
    Party.ORS_REDIS_STREAM: pods("redis", "redis", {"app.kubernetes.io/name": "redis"}),
}
STORED = {**OF_SETTINGS, **MANAGED, Party.ORS_REDIS_STREAM: network("10.20.2.0/24")}

REGIONS = {
    "east": {
        **OF_SETTINGS,
        **dict.fromkeys(DATABASES, postgres("ixn", "pg")),
        Party.KAFKA: network("10.20.1.0/24"),
        Party.ORS_REDIS_STREAM: network("10.20.2.0/24"),
    },
    "west": {
        **OF_SETTINGS,
        **dict.fromkeys(DATABASES, postgres("ixn", "pg-west")),
        Party.KAFKA: network("10.30.1.0/24"),
        Party.ORS_REDIS_STREAM: network("10.30.2.0/24"),
        Party.CONSUL: consul(_CONSUL, "10.1.0.0/16"),
    },
}
NODES_OF = {"east": "10.0.0.0-10.0.255.255", "west": "10.1.0.0-10.1.255.255"}

EXAMPLES = {
    "external-secrets/dev": Example(
        tuple(Case({"ixn": each}, STORED, listening=ports(9096, 6379)) for each in (EAST, WEST))
    ),
    "in-cluster/dev": Example(
        tuple(Case({"ixn": each}, IN_CLUSTER, listening=ports(9092, 6379)) for each in (EAST, WEST))
    ),
    "platform-team/dev": Example(
        (
            Case({"ixn": EAST}, PLATFORM_TEAM, listening=ports(9096, 6380)),
            Case({"ixn": WEST}, PLATFORM_TEAM, {Parameter.SERVER_PORT: 7121}, listening=ports(9096, 6380)),
            Case(
                {"contact-centre": NORTH},
                PLATFORM_TEAM,
                absent=frozenset({Party.PULSE_STAT_SERVERS}),
                listening=ports(9094, 6380),
            ),
        ),
        frozenset(
            {
                *(Allowed(job, MANAGED[Party.IXN_DB].name, "TCP", 5432) for job in JOBS),
                *(Allowed(job, DNS, protocol, 53) for job in JOBS for protocol in ("TCP", "UDP")),
            }
        ),
    ),
    **{
        f"second-region/{region}": Example(
            tuple(
                Case({"ixn": each}, where, listening=ports(9094, 6380), nodes=NODES_OF[region])
                for each in (EAST, WEST)
            )
        )
        for region, where in REGIONS.items()
    },
}
