"""Genesys Interaction Server (IXN), private edition, on Kubernetes, as Pulumi components.

`Ixn` is one tenant: IXN Server, IXN Node and IXN VQ Node. `Database`, `KafkaReference` and `RedisReference`
stand for what it needs and does not run. What the components are given and give back is typed beside them.
"""

from pulumi_ixn.args import (
    OPENSHIFT,
    ConnectionCheckOptions,
    Image,
    IxnServerArgs,
    LogStorage,
    Monitoring,
    PodArgs,
    Resources,
    Security,
    WorkloadArgs,
)
from pulumi_ixn.connection_check import ConnectionCheck, ConnectionCheckArgs, OwnWorkload
from pulumi_ixn.connections import Connection, connections
from pulumi_ixn.credentials import Credentials, ExistingSecret, GeneratedPassword, GivenPassword
from pulumi_ixn.database import Database, DatabaseArgs, Engine, PostgreSql
from pulumi_ixn.identity import Tenant
from pulumi_ixn.isolation import OPENSHIFT_DNS, CiliumPolicies, Dns, Isolation, NetworkPolicies, Open
from pulumi_ixn.kafka import KafkaReference, KafkaReferenceArgs
from pulumi_ixn.manifests.rules import Rule, rules_by_row
from pulumi_ixn.neighbours import Absent, Cidrs, Endpoint, Fqdns, Neighbour, OwnNode, Place, Pods, PortRange, Texts
from pulumi_ixn.node import IxnNode
from pulumi_ixn.objects import Policy
from pulumi_ixn.redis import RedisPassword, RedisReference, RedisReferenceArgs
from pulumi_ixn.references import Property, Reference, SecretRef
from pulumi_ixn.server import IxnServer
from pulumi_ixn.spec import CONNECTIONS, Parameter, Party, Row
from pulumi_ixn.tenant import Ixn, IxnArgs, own_neighbours
from pulumi_ixn.topology import Link, Links, Ports, resolve
from pulumi_ixn.vq_node import IxnVqNode

__all__ = [
    "CONNECTIONS",
    "OPENSHIFT",
    "OPENSHIFT_DNS",
    "Absent",
    "Cidrs",
    "CiliumPolicies",
    "Connection",
    "ConnectionCheck",
    "ConnectionCheckArgs",
    "ConnectionCheckOptions",
    "Credentials",
    "Database",
    "DatabaseArgs",
    "Dns",
    "Endpoint",
    "Engine",
    "ExistingSecret",
    "Fqdns",
    "GeneratedPassword",
    "GivenPassword",
    "Image",
    "Isolation",
    "Ixn",
    "IxnArgs",
    "IxnNode",
    "IxnServer",
    "IxnServerArgs",
    "IxnVqNode",
    "KafkaReference",
    "KafkaReferenceArgs",
    "Link",
    "Links",
    "LogStorage",
    "Monitoring",
    "Neighbour",
    "NetworkPolicies",
    "Open",
    "OwnNode",
    "OwnWorkload",
    "Parameter",
    "Party",
    "Place",
    "PodArgs",
    "Pods",
    "Policy",
    "PortRange",
    "Ports",
    "PostgreSql",
    "Property",
    "RedisPassword",
    "RedisReference",
    "RedisReferenceArgs",
    "Reference",
    "Resources",
    "Row",
    "Rule",
    "SecretRef",
    "Security",
    "Tenant",
    "Texts",
    "WorkloadArgs",
    "connections",
    "own_neighbours",
    "resolve",
    "rules_by_row",
]
