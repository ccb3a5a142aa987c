"""Policies for pods that IXN connects to: they admit the pods of IXN that do, and nothing else."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_kubernetes as k8s
from pulumi_ixn import PodSelector, Tenant, WorkloadId, workload_peers
from pulumi_kubernetes.networking.v1 import NetworkPolicyPeerArgsDict, NetworkPolicySpecArgsDict


def pods_of(
    tenants: Sequence[Tenant], namespace: pulumi.Input[str], workloads: Sequence[WorkloadId]
) -> list[PodSelector]:
    """Return the pods of workloads of the tenants, as IXN's own policies select them."""
    peers = [each for tenant in tenants for each in workload_peers(tenant, namespace, workloads).values()]
    return [location for peer in peers for location in peer.locations if isinstance(location, PodSelector)]


def admitted(
    name: str,
    pods: PodSelector,
    clients: Mapping[int, Sequence[PodSelector]],
    opts: pulumi.ResourceOptions,
    *,
    outgoing: bool,
) -> k8s.networking.v1.NetworkPolicy:
    """Allow the pods the connections from their clients by port, and outgoing ones if they need them."""
    spec: NetworkPolicySpecArgsDict = {
        "pod_selector": {"match_labels": pods.labels},
        "policy_types": ["Ingress"] if outgoing else ["Ingress", "Egress"],
        "ingress": [
            {"from_": [_peer(each) for each in allowed], "ports": [{"port": port, "protocol": "TCP"}]}
            for port, allowed in clients.items()
        ],
    }
    return k8s.networking.v1.NetworkPolicy(
        name, metadata={"name": name, "namespace": pods.namespace}, spec=spec, opts=opts
    )


def _peer(pods: PodSelector) -> NetworkPolicyPeerArgsDict:
    return {
        "namespace_selector": {"match_labels": {"kubernetes.io/metadata.name": pods.namespace}},
        "pod_selector": {"match_labels": pods.labels},
    }
