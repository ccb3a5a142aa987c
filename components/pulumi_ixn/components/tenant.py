"""One IXN tenant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TypeAlias

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn import values
from pulumi_ixn.args import (
    REPOSITORIES,
    ConnectivityCheckOptions,
    Image,
    IxnServerArgs,
    LogStorage,
    Monitoring,
    PodArgs,
    Versions,
    WorkloadArgs,
)
from pulumi_ixn.components.alerts import prometheus_rule
from pulumi_ixn.components.connections import Connection, connections
from pulumi_ixn.components.connectivity_check import ConnectivityCheck, ConnectivityCheckArgs
from pulumi_ixn.components.database import DatabaseReference, database_peer
from pulumi_ixn.components.kafka import KafkaReference, kafka_peer
from pulumi_ixn.components.node import IxnNode
from pulumi_ixn.components.redis import RedisReference, redis_peer
from pulumi_ixn.components.resources import with_depends_on
from pulumi_ixn.components.server import IxnServer
from pulumi_ixn.components.vq_node import IxnVqNode
from pulumi_ixn.contract import NODE_CONTRACT, SERVER_CONTRACT, VQ_NODE_CONTRACT
from pulumi_ixn.database_rules import shared_issues
from pulumi_ixn.inputs import apply
from pulumi_ixn.links import Links, Ports, resolve_validated
from pulumi_ixn.manifests.fragment_issues import PodContext
from pulumi_ixn.manifests.workload import pod_issues
from pulumi_ixn.naming import (
    NODE,
    SERVER,
    VQ_NODE,
    WORKLOADS,
    Tenant,
    WorkloadId,
    database_job_name,
    policy_labels,
    service_name,
)
from pulumi_ixn.peers import Absent, Endpoint, Peer, Peers, PodSelector
from pulumi_ixn.policies import Isolation, NetworkPolicies
from pulumi_ixn.policies.renderer import location_issues, rules_by_row
from pulumi_ixn.rollout import RolloutWaiter
from pulumi_ixn.rules import FIELDS, RECORDS
from pulumi_ixn.services import (
    Database,
    DatabaseReferenceArgs,
    Kafka,
    KafkaReferenceArgs,
    Redis,
    RedisReferenceArgs,
    node_database_secret,
    server_database_secret,
)
from pulumi_ixn.spec import Parameter, Party, default_port, owner
from pulumi_ixn.validation import InvalidInputs, Issue, Plain, Validator, raise_for

ServiceArg: TypeAlias = Database | DatabaseReference | Kafka | KafkaReference | Redis | RedisReference | Absent


@dataclass(frozen=True)
class IxnArgs:
    """One tenant: its three workloads, and every peer of the table, configured or declared absent.

    For a `Database`, `Kafka` or `Redis`, this tenant creates the Secret; several tenants of one namespace share a
    `KafkaReference` and a `RedisReference` instead. `versions` are the tags of the vendor's images, `registry` is
    where they are pulled from. `ports` override the ports of the table's parameters, each 1 to 65535. With
    `connectivity_check`, Jobs try the outgoing connections from within the cluster. With `protect`, Pulumi refuses
    to delete or replace IXN Server's StatefulSet, the Secrets that this tenant creates, and their generated
    passwords. `rollout` waits for the pods of each workload after each update; without it, the provider
    waits as it does by default. With `reloader`, Stakater's Reloader restarts the pods when a Secret that they
    read changes.
    """

    tenant: Tenant
    versions: Versions
    database: Database | DatabaseReference | Absent
    node_database: Database | DatabaseReference | Absent
    kafka: Kafka | KafkaReference | Absent
    redis: Redis | RedisReference | Absent
    peers: Peers
    registry: str = ""
    namespace: pulumi.Input[str] = "ixn"
    server: PodArgs = field(default_factory=PodArgs)
    node: PodArgs = field(default_factory=PodArgs)
    vq_node: PodArgs = field(default_factory=PodArgs)
    ports: Ports = field(default_factory=dict[Parameter, pulumi.Input[int]])
    monitoring: Monitoring = field(default_factory=Monitoring)
    log_storage: LogStorage = field(default_factory=LogStorage)
    isolation: Isolation = field(default_factory=NetworkPolicies)
    connectivity_check: ConnectivityCheckOptions | None = None
    protect: bool = False
    rollout: RolloutWaiter | None = None
    reloader: bool = False


_ARGS = {
    "namespace": values.dns_label,
    "registry": Plain(values.registry_or_none),
    "protect": Plain(values.boolean),
    "reloader": Plain(values.boolean),
}
_validator = Validator({**FIELDS, IxnArgs: _ARGS}, RECORDS)

_DATABASES = {"database": SERVER, "node_database": NODE}
"""The arguments that are databases, and whose they are."""


class Ixn(pulumi.ComponentResource):
    """IXN Server, IXN Node and IXN VQ Node of one tenant, and their nineteen connections.

    Raises InvalidInputs with every violation before anything is registered.
    """

    server: IxnServer
    node: IxnNode
    vq_node: IxnVqNode
    alerts: k8s.apiextensions.CustomResource | None
    """The PrometheusRule; None if the tenant is not monitored, or its alerts are disabled."""

    connectivity_check: ConnectivityCheck | None
    connections: pulumi.Output[Sequence[Connection]]

    def __init__(self, name: str, args: IxnArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args, links = _validated(args)
        super().__init__("ixn:index:Ixn", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        if services := _services(name, args, child):
            args = replace(args, **services)  # pyright: ignore[reportArgumentType]
            links = _links(args, [])
        common = (args.tenant, args.namespace)
        rest = (args.monitoring, args.isolation)

        def workload(which: WorkloadId) -> WorkloadArgs:
            own = (*common, links[which], _pod(args, which), *rest)
            return WorkloadArgs(*own, rollout=args.rollout, reloader=args.reloader)

        server = IxnServerArgs(**vars(workload(SERVER)), log_storage=args.log_storage, protect=args.protect)
        self.server = IxnServer(f"{name}-server", server, child)
        self.node = IxnNode(f"{name}-node", workload(NODE), child)
        self.vq_node = IxnVqNode(f"{name}-vqnode", workload(VQ_NODE), child)
        logs = (args.server.contract or SERVER_CONTRACT, args.log_storage)
        # Last: it is larger than all other objects together, and every later step writes it to the state again.
        last = with_depends_on(child, self.server.stateful_set, self.node.deployment, self.vq_node.deployment)
        self.alerts = prometheus_rule(f"{name}-alerts", common, links, args.monitoring, logs, last)
        self.connectivity_check = self._check(name, args, links, child)
        self.connections = connections(name, links, rules_by_row(args.tenant, links, args.isolation))
        # Do not register the connections: the program exports them, and the state would contain them twice.
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
        check = ConnectivityCheckArgs(
            args.tenant, args.namespace, links, args.connectivity_check, own, args.isolation
        )
        return ConnectivityCheck(f"{name}-check", check, child)


def workload_peers(
    tenant: Tenant, namespace: pulumi.Input[str], workloads: Iterable[WorkloadId] = WORKLOADS
) -> dict[WorkloadId, Peer]:
    """Return the workloads (by default the three of a tenant) as peers, with their pods and Services."""
    return {
        workload: Peer(
            locations=(PodSelector(namespace, policy_labels(workload, tenant)),),
            endpoints=(Endpoint(_host(service_name(workload, tenant), namespace)),),
        )
        for workload in workloads
    }


def _host(service: str, namespace: pulumi.Input[str]) -> pulumi.Input[str]:
    return apply(namespace, lambda known: f"{service}.{known}.svc")


def _validated(args: IxnArgs) -> tuple[IxnArgs, Mapping[WorkloadId, Links]]:
    """Return the arguments with parsed values, and the links. Raises InvalidInputs with every violation."""
    issues: list[Issue] = []
    args = _validator.collect(args, "", issues)
    if args.server.replicas != 1:
        issues.append(Issue("server.replicas", f"is not {values.one_replica.expected}", args.server.replicas))
    databases = {name: each for name in _DATABASES if isinstance(each := getattr(args, name), Database)}
    issues += (Issue(path, message) for path, message in shared_issues(databases))
    before = tuple(issues)
    contracts = {
        "server": (SERVER, SERVER_CONTRACT),
        "node": (NODE, NODE_CONTRACT),
        "vq_node": (VQ_NODE, VQ_NODE_CONTRACT),
    }
    for name, (workload, contract) in contracts.items():
        pod: PodArgs = getattr(args, name)
        context = PodContext(workload, pod.contract or contract, _ports(args, workload))
        issues += pod_issues(context, pod, name, before)
    links: Mapping[WorkloadId, Links] = {}
    try:
        links = _links(args, issues)
    except InvalidInputs as error:
        issues = list(error.issues)
    raise_for([*issues, *location_issues(chain.from_iterable(links.values()), args.isolation)])
    return args, links


def _ports(args: IxnArgs, workload: WorkloadId) -> Sequence[pulumi.Input[int]]:
    """Return the ports on which a workload listens."""
    return [args.ports.get(each, default_port(each)) for each in Parameter if owner(each) is workload.party]


def _links(args: IxnArgs, issues: Sequence[Issue]) -> Mapping[WorkloadId, Links]:
    peers = {
        **args.peers.by_party(),
        Party.IXN_DB: _peer(args.database),
        Party.IXN_NODE_DB: _peer(args.node_database),
        Party.KAFKA: _peer(args.kafka),
        Party.ORS_REDIS_STREAM: _peer(args.redis),
    }
    return resolve_validated(workload_peers(args.tenant, args.namespace), peers, args.ports, issues=issues)


def _peer(service: ServiceArg) -> Peer | Absent:
    match service:
        case Database():
            return database_peer(service)
        case Kafka():
            return kafka_peer(service)
        case Redis():
            return redis_peer(service)
        case Absent():
            return service
        case _:
            return service.peer


def _services(name: str, args: IxnArgs, child: pulumi.ResourceOptions) -> dict[str, ServiceArg]:
    """Register a reference for each service that is this tenant's own, and return them by argument name."""
    changes: dict[str, ServiceArg] = {}
    secrets = {"database": server_database_secret, "node_database": node_database_secret}
    for key, suffix in (("database", "server-db"), ("node_database", "node-db")):
        database: Database | DatabaseReference | Absent = getattr(args, key)
        if isinstance(database, Database):
            secret = secrets[key](args.tenant.sid)
            job = database_job_name(_DATABASES[key], args.tenant)
            reference = DatabaseReferenceArgs(args.namespace, database, secret, args.protect, job, args.isolation)
            changes[key] = DatabaseReference(f"{name}-{suffix}", reference, child)
    if isinstance(args.kafka, Kafka):
        kafka = KafkaReferenceArgs(args.namespace, args.kafka, args.protect)
        changes["kafka"] = KafkaReference(f"{name}-kafka", kafka, child)
    if isinstance(args.redis, Redis):
        redis = RedisReferenceArgs(args.namespace, args.redis, args.protect)
        changes["redis"] = RedisReference(f"{name}-redis", redis, child)
    return changes


def _pod(args: IxnArgs, workload: WorkloadId) -> PodArgs:
    """Return the arguments of a workload's pods, with the vendor's image by default."""
    pod, tag = {
        SERVER: (args.server, args.versions.server),
        NODE: (args.node, args.versions.node),
        VQ_NODE: (args.vq_node, args.versions.vq_node),
    }[workload]
    return pod if pod.image else replace(pod, image=Image(REPOSITORIES[workload], tag, args.registry))
