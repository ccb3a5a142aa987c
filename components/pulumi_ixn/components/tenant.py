"""One IXN tenant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import pulumi

from pulumi_ixn.args import ConnectivityCheckOptions, IxnServerArgs, LogStorage, Monitoring, PodArgs, WorkloadArgs
from pulumi_ixn.components.connections import Connection, connections
from pulumi_ixn.components.connectivity_check import ConnectivityCheck, ConnectivityCheckArgs
from pulumi_ixn.components.database import DatabaseReference
from pulumi_ixn.components.kafka import KafkaReference
from pulumi_ixn.components.node import IxnNode
from pulumi_ixn.components.redis import RedisReference
from pulumi_ixn.components.server import IxnServer
from pulumi_ixn.components.vq_node import IxnVqNode
from pulumi_ixn.inputs import apply
from pulumi_ixn.links import Links, Ports, resolve
from pulumi_ixn.naming import NODE, SERVER, VQ_NODE, WORKLOADS, Tenant, WorkloadId, policy_labels, service_name
from pulumi_ixn.peers import Absent, Endpoint, Peer, PodSelector
from pulumi_ixn.policies import Isolation, NetworkPolicies
from pulumi_ixn.policies.renderer import rules_by_row, validate_locations
from pulumi_ixn.spec import Parameter, Party


@dataclass(frozen=True)
class IxnArgs:
    """One tenant: its three workloads, and every peer of the table, located or declared absent.

    `peers` are those without a component of their own. `kafka` and `redis` may be shared by the tenants
    of a namespace. `ports` are the parameters that differ from the table's, each 1 to 65535.
    `connectivity_check` has the outgoing connections tried from within the cluster; None leaves that out.
    """

    tenant: Tenant
    namespace: pulumi.Input[str]
    server: PodArgs
    node: PodArgs
    vq_node: PodArgs
    database: DatabaseReference | Absent
    node_database: DatabaseReference | Absent
    kafka: KafkaReference | Absent
    redis: RedisReference | Absent
    peers: Mapping[Party, Peer | Absent]
    ports: Ports = field(default_factory=dict[Parameter, pulumi.Input[int]])
    monitoring: Monitoring = field(default_factory=Monitoring)
    log_storage: LogStorage = field(default_factory=LogStorage)
    isolation: Isolation = field(default_factory=NetworkPolicies)
    connectivity_check: ConnectivityCheckOptions | None = None


class Ixn(pulumi.ComponentResource):
    """IXN Server, IXN Node and IXN VQ Node of one tenant, and the nineteen connections that they have.

    Raises ValueError, before anything is registered, that names every peer which is neither located nor
    declared absent, or every one whose place the policies cannot say.
    """

    server: IxnServer
    node: IxnNode
    vq_node: IxnVqNode
    connectivity_check: ConnectivityCheck | None
    connections: pulumi.Output[Sequence[Connection]]

    def __init__(self, name: str, args: IxnArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        links = resolve(workload_peers(args.tenant, args.namespace), _peers(args), args.ports)
        validate_locations(tuple(chain.from_iterable(links.values())), args.isolation)
        super().__init__("ixn:index:Ixn", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        rest = (args.monitoring, args.isolation)

        self.server = IxnServer(
            f"{name}-server",
            IxnServerArgs(args.tenant, args.namespace, links[SERVER], args.server, *rest, args.log_storage),
            child,
        )
        self.node = IxnNode(
            f"{name}-node",
            WorkloadArgs(args.tenant, args.namespace, links[NODE], args.node, *rest),
            child,
        )
        self.vq_node = IxnVqNode(
            f"{name}-vqnode",
            WorkloadArgs(args.tenant, args.namespace, links[VQ_NODE], args.vq_node, *rest),
            child,
        )
        self.connectivity_check = self._check(name, args, links, child)
        self.connections = connections(name, links, rules_by_row(args.tenant, links, args.isolation))
        # Without the connections, which the program exports: the state would hold them twice.
        self.register_outputs(
            {
                "server": self.server.service.metadata.name,
                "node": self.node.service.metadata.name,
                "vqNode": self.vq_node.service.metadata.name,
            }
        )

    def _check(
        self, name: str, args: IxnArgs, links: Mapping[WorkloadId, Links], child: pulumi.ResourceOptions
    ) -> ConnectivityCheck | None:
        if args.connectivity_check is None:
            return None
        own = {SERVER: self.server, NODE: self.node, VQ_NODE: self.vq_node}
        check = ConnectivityCheckArgs(args.tenant, args.namespace, links, args.connectivity_check, own)
        return ConnectivityCheck(f"{name}-check", check, child)


def workload_peers(tenant: Tenant, namespace: pulumi.Input[str]) -> dict[WorkloadId, Peer]:
    """Return the three workloads as peers of others: their pods and Services."""
    return {
        workload: Peer(
            locations=(PodSelector(namespace, policy_labels(workload, tenant)),),
            endpoints=(Endpoint(_host(service_name(workload, tenant), namespace)),),
        )
        for workload in WORKLOADS
    }


def _host(service: str, namespace: pulumi.Input[str]) -> pulumi.Input[str]:
    return apply(namespace, lambda known: f"{service}.{known}.svc")


def _peers(args: IxnArgs) -> dict[Party, Peer | Absent]:
    components: dict[Party, DatabaseReference | KafkaReference | RedisReference | Absent] = {
        Party.IXN_DB: args.database,
        Party.IXN_NODE_DB: args.node_database,
        Party.KAFKA: args.kafka,
        Party.ORS_REDIS_STREAM: args.redis,
    }
    twice = [f"peers: {party} has an argument of its own" for party in components if party in args.peers]
    if twice:
        raise ValueError("\n".join(twice))
    made = {party: each if isinstance(each, Absent) else each.peer for party, each in components.items()}
    return {**args.peers, **made}
