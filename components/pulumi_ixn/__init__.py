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
from pulumi_ixn.connection_check import ConnectionCheck, ConnectionCheckArgs
from pulumi_ixn.connections import Connection, connections
from pulumi_ixn.credentials import ExistingSecret, GeneratedPassword, GivenPassword
from pulumi_ixn.database import Database, DatabaseArgs, PostgreSql
from pulumi_ixn.identity import Tenant
from pulumi_ixn.isolation import OPENSHIFT_DNS, CiliumPolicies, Dns, Isolation, NetworkPolicies, Open
from pulumi_ixn.kafka import KafkaReference, KafkaReferenceArgs
from pulumi_ixn.node import IxnNode
from pulumi_ixn.redis import RedisPassword, RedisReference, RedisReferenceArgs
from pulumi_ixn.references import Reference, SecretRef
from pulumi_ixn.server import IxnServer
from pulumi_ixn.spec import CONNECTIONS, Parameter, Party, Row
from pulumi_ixn.tenant import Ixn, IxnArgs, own_neighbours
from pulumi_ixn.topology import (
    Absent,
    Cidrs,
    Endpoint,
    Fqdns,
    Link,
    Neighbour,
    OwnNode,
    Pods,
    PortRange,
    resolve,
)
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
    "Database",
    "DatabaseArgs",
    "Dns",
    "Endpoint",
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
    "LogStorage",
    "Monitoring",
    "Neighbour",
    "NetworkPolicies",
    "Open",
    "OwnNode",
    "Parameter",
    "Party",
    "PodArgs",
    "Pods",
    "PortRange",
    "PostgreSql",
    "RedisPassword",
    "RedisReference",
    "RedisReferenceArgs",
    "Reference",
    "Resources",
    "Row",
    "SecretRef",
    "Security",
    "Tenant",
    "WorkloadArgs",
    "connections",
    "own_neighbours",
    "resolve",
]
