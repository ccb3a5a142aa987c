"""One IXN tenant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import pulumi

from pulumi_ixn.args import ConnectionCheckOptions, IxnServerArgs, LogStorage, Monitoring, PodArgs, WorkloadArgs
from pulumi_ixn.connection_check import ConnectionCheck, ConnectionCheckArgs
from pulumi_ixn.connections import Connection, connections
from pulumi_ixn.database import Database
from pulumi_ixn.identity import Tenant, policy_labels, service_name
from pulumi_ixn.inputs import lift
from pulumi_ixn.isolation import Isolation, NetworkPolicies, refuse_unsayable
from pulumi_ixn.kafka import KafkaReference
from pulumi_ixn.manifests.rules import rules_by_row
from pulumi_ixn.neighbours import Absent, Endpoint, Neighbour, Pods
from pulumi_ixn.node import IxnNode
from pulumi_ixn.redis import RedisReference
from pulumi_ixn.references import Reference
from pulumi_ixn.server import IxnServer
from pulumi_ixn.spec import OURS, Parameter, Party
from pulumi_ixn.topology import Links, Ports, resolve
from pulumi_ixn.vq_node import IxnVqNode


@dataclass(frozen=True)
class IxnArgs:
    """One tenant: its three workloads, and every neighbour of the table, placed or declared absent.

    `neighbours` are those without a component of their own. `kafka` and `redis` may be shared by the tenants
    of a namespace. `ports` are the parameters that differ from the table's, each 1 to 65535.
    `connection_check` has the outgoing connections tried from within the cluster; None leaves that out.
    """

    tenant: Tenant
    namespace: pulumi.Input[str]
    server: PodArgs
    node: PodArgs
    vq_node: PodArgs
    database: Database | Absent
    node_database: Database | Absent
    kafka: KafkaReference | Absent
    redis: RedisReference | Absent
    neighbours: Mapping[Party, Neighbour | Absent]
    ports: Ports = field(default_factory=dict[Parameter, pulumi.Input[int]])
    monitoring: Monitoring = field(default_factory=Monitoring)
    log_storage: LogStorage = field(default_factory=LogStorage)
    isolation: Isolation = field(default_factory=NetworkPolicies)
    connection_check: ConnectionCheckOptions | None = None


class Ixn(pulumi.ComponentResource):
    """IXN Server, IXN Node and IXN VQ Node of one tenant, and the nineteen connections that they have.

    Raises ValueError, before anything is registered, that names every neighbour which is neither placed nor
    declared absent, or every one whose place the policies cannot say.
    """

    server: IxnServer
    node: IxnNode
    vq_node: IxnVqNode
    connection_check: ConnectionCheck | None
    connections: pulumi.Output[Sequence[Connection]]

    def __init__(self, name: str, args: IxnArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        known = _references(args)
        links = resolve(own_neighbours(args.tenant, args.namespace), _theirs(args, known), args.ports)
        refuse_unsayable(tuple(chain.from_iterable(links.values())), args.isolation)
        super().__init__("ixn:index:Ixn", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        rest = (known, args.monitoring, args.isolation)

        self.server = IxnServer(
            f"{name}-server",
            IxnServerArgs(args.tenant, args.namespace, links[Party.IXN], args.server, *rest, args.log_storage),
            child,
        )
        self.node = IxnNode(
            f"{name}-node",
            WorkloadArgs(args.tenant, args.namespace, links[Party.IXN_NODE], args.node, *rest),
            child,
        )
        self.vq_node = IxnVqNode(
            f"{name}-vqnode",
            WorkloadArgs(args.tenant, args.namespace, links[Party.IXN_VQ_NODE], args.vq_node, *rest),
            child,
        )
        self.connection_check = self._check(name, args, links, child)
        self.connections = connections(name, links, rules_by_row(args.tenant, links, args.isolation))
        # Not the connections, which are for the program to export: they would stand twice in the state.
        self.register_outputs(
            {
                "server": self.server.service.metadata.name,
                "node": self.node.service.metadata.name,
                "vqNode": self.vq_node.service.metadata.name,
            }
        )

    def _check(
        self, name: str, args: IxnArgs, links: Mapping[Party, Links], child: pulumi.ResourceOptions
    ) -> ConnectionCheck | None:
        if args.connection_check is None:
            return None
        ours = {Party.IXN: self.server, Party.IXN_NODE: self.node, Party.IXN_VQ_NODE: self.vq_node}
        check = ConnectionCheckArgs(
            args.tenant, args.namespace, links, args.connection_check, ours, args.isolation
        )
        return ConnectionCheck(f"{name}-check", check, child)


def own_neighbours(tenant: Tenant, namespace: pulumi.Input[str]) -> dict[Party, Neighbour]:
    """Return our three workloads as others see them: their pods, and the Service that is dialled."""
    return {
        party: Neighbour(
            places=(Pods(namespace, policy_labels(party, tenant)),),
            dial=(Endpoint(_host(service_name(party, tenant), namespace)),),
        )
        for party in OURS
    }


def _host(service: str, namespace: pulumi.Input[str]) -> pulumi.Input[str]:
    return lift(namespace, lambda known: f"{service}.{known}.svc")


def _references(args: IxnArgs) -> dict[Party, Reference]:
    given: dict[Party, Database | KafkaReference | RedisReference | Absent] = {
        Party.IXN_DB: args.database,
        Party.IXN_NODE_DB: args.node_database,
        Party.KAFKA: args.kafka,
        Party.ORS_REDIS_STREAM: args.redis,
    }
    return {party: made.reference for party, made in given.items() if not isinstance(made, Absent)}


def _theirs(args: IxnArgs, references: Mapping[Party, Reference]) -> dict[Party, Neighbour | Absent]:
    components = (Party.IXN_DB, Party.IXN_NODE_DB, Party.KAFKA, Party.ORS_REDIS_STREAM)
    twice = [
        f"{party} has an argument of its own, and no place in `neighbours`"
        for party in components
        if party in args.neighbours
    ]
    if twice:
        raise ValueError("\n".join(twice))
    return {
        **args.neighbours,
        **{p: references[p].neighbour if p in references else Absent() for p in components},
    }
