"""Manifests of the peers: a workload and a Service for each, without a policy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pulumi_ixn import CidrBlocks, Endpoint, NodeAgent, Party, Peer, PodSelector, PortRange
from pulumi_ixn.spec import WORKLOAD_PARTIES

Manifest = Mapping[str, Any]

DNS = "kube-system/kube-dns"

PORTS: Mapping[Party, int] = {
    Party.KAFKA: 9092,
    Party.ORS_REDIS_STREAM: 6379,
    Party.IXN_DB: 5432,
    Party.IXN_NODE_DB: 5433,
    Party.VOICE_RQ: 11000,
    Party.PULSE_STAT_SERVERS: 2061,
}
"""Ports that the table does not define; those of the databases differ to distinguish them."""


@dataclass(frozen=True)
class Where:
    """The location of a peer in a test, and its name in the analyzer's output."""

    peer: Peer
    name: str


def in_cluster(party: Party, target_ports: int | None = None) -> Where:
    """Place the peer in its own namespace; `target_ports` is the port of its pods if a Service maps it."""
    word = slug(party)
    ranges = None if target_ports is None else (PortRange(target_ports),)
    return Where(
        Peer((PodSelector(word, {"app": word}),), _dial(party, f"{word}.{word}.svc"), target_ports=ranges),
        f"{word}/{word}",
    )


def on_node() -> Where:
    """Place Consul on the pod's own node."""
    location = NodeAgent(("10.0.0.0/16",), PodSelector("consul-daemonset", {"app": "consul-daemonset"}))
    return Where(Peer((location,)), "consul-daemonset/consul-daemonset")


def outside(party: Party, index: int) -> Where:
    """Place the peer outside the cluster, in its own network."""
    cidr, addresses = f"192.0.2.{index * 4}/30", f"192.0.2.{index * 4}-192.0.2.{index * 4 + 3}"
    return Where(Peer((CidrBlocks((cidr,)),), _dial(party, f"{slug(party)}.example.com")), addresses)


def everyone() -> dict[Party, Where]:
    """Place every peer in the cluster, with Consul on the node."""
    theirs = {party: in_cluster(party) for party in Party if party not in WORKLOAD_PARTIES}
    return {**theirs, Party.CONSUL: on_node()}


def slug(party: Party) -> str:
    """Return the peer's name as a Kubernetes name."""
    return party.lower().replace(" ", "-").replace("(", "").replace(")", "")


def manifests(where: Mapping[Party, Where], ports: Mapping[Party, int]) -> Iterator[Manifest]:
    """Yield the manifests of the peers in the cluster, whose pods listen at `ports`, and of the resolver.

    Peers with one name share one workload.
    """
    for party, each in {each.name: (party, each) for party, each in where.items()}.values():
        for location in each.peer.locations:
            if isinstance(location, PodSelector | NodeAgent):
                pods = location if isinstance(location, PodSelector) else location.pods
                name = each.name.rpartition("/")[2]
                yield from workload(str(pods.namespace), name, dict(pods.labels), ports.get(party, 1))
    yield from workload("kube-system", "kube-dns", {"k8s-app": "kube-dns"}, 53)


def _dial(party: Party, host: str) -> tuple[Endpoint, ...]:
    return (Endpoint(host, PORTS.get(party)),)


def workload(namespace: str, name: str, labels: Mapping[str, Any], port: int) -> Iterator[Manifest]:
    """Yield a namespace, a workload whose pods listen at a port, and its Service."""
    yield {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": namespace, "labels": {"kubernetes.io/metadata.name": namespace}},
    }
    container = {"name": "main", "image": "example", "ports": [{"name": "main", "containerPort": port}]}
    yield {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "selector": {"matchLabels": dict(labels)},
            "template": {"metadata": {"labels": dict(labels)}, "spec": {"containers": [container]}},
        },
    }
    yield {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"selector": dict(labels), "ports": [{"port": port, "targetPort": "main"}]},
    }
