"""Genesys Interaction Server (IXN), private edition, on Kubernetes, as Pulumi components.

`Ixn` is one tenant: IXN Server, IXN Node and IXN VQ Node. `DatabaseReference`, `KafkaReference` and
`RedisReference` represent existing services that tenants use.
"""

from pulumi_ixn.args import (
    OPENSHIFT,
    ConnectivityCheckOptions,
    DashboardsArgs,
    Image,
    IxnServerArgs,
    LogStorage,
    Monitoring,
    PodArgs,
    ResourceRequirements,
    SecurityContext,
    Versions,
    WorkloadArgs,
)
from pulumi_ixn.certificates import (
    CertificateAuthority,
    Certificates,
    ClientCertificate,
    IssuedCertificate,
    Issuer,
)
from pulumi_ixn.components.connections import Connection, connections
from pulumi_ixn.components.connectivity_check import ConnectivityCheck, ConnectivityCheckArgs, TenantWorkload
from pulumi_ixn.components.dashboards import Dashboards
from pulumi_ixn.components.database import DatabaseReference
from pulumi_ixn.components.kafka import KafkaReference
from pulumi_ixn.components.node import IxnNode
from pulumi_ixn.components.postgres_cluster import PostgresCluster
from pulumi_ixn.components.redis import RedisReference
from pulumi_ixn.components.resources import Policy
from pulumi_ixn.components.scaling import Autoscaler
from pulumi_ixn.components.server import IxnServer
from pulumi_ixn.components.tenant import Ixn, IxnArgs, workload_peers
from pulumi_ixn.components.vq_node import IxnVqNode
from pulumi_ixn.credentials import Credentials
from pulumi_ixn.external_secrets import ExternalSource, RemoteKey, RemoteKeys, SecretStore
from pulumi_ixn.json_fields import JsonFields
from pulumi_ixn.links import Link, Links, Ports, resolve
from pulumi_ixn.monitoring.alert_args import Alerts
from pulumi_ixn.naming import NODE, SERVER, VQ_NODE, WORKLOADS, Tenant, WorkloadId
from pulumi_ixn.peers import (
    Absent,
    CidrBlocks,
    DnsNames,
    Endpoint,
    InboundPeer,
    Location,
    NodeAgent,
    NodePeer,
    OutboundPeer,
    Peer,
    Peers,
    PodSelector,
    PortRange,
    PropertyValue,
    SecretFile,
    SecretRef,
    Service,
    StringList,
)
from pulumi_ixn.policies import OPENSHIFT_DNS, CiliumPolicies, Dns, Isolation, NetworkPolicies, NoPolicies
from pulumi_ixn.policies.renderer import Rule, rules_by_row
from pulumi_ixn.provisioning.args import Administrator, DatabaseTls, Provisioned, SslMode
from pulumi_ixn.provisioning.backups import (
    ObjectStore,
    ObjectStoreSecret,
    PostgresBackup,
    PostgresRecovery,
    VolumeSnapshots,
)
from pulumi_ixn.provisioning.cloud_native_pg import CloudNativePg
from pulumi_ixn.provisioning.postgres_cluster import DatabaseLogin, PostgresClusterArgs, Volume
from pulumi_ixn.rollout import Rollout, RolloutWaiter
from pulumi_ixn.scaling.autoscalers import Autoscaling, Hpa, Keda, KedaAuthenticationRef, KedaFallback, KedaTrigger
from pulumi_ixn.scaling.budget import DisruptionBudget
from pulumi_ixn.services import (
    Database,
    DatabaseReferenceArgs,
    Kafka,
    KafkaReferenceArgs,
    Redis,
    RedisReferenceArgs,
    Sentinel,
)
from pulumi_ixn.spec import CONNECTIONS, Parameter, Party, Row
from pulumi_ixn.spread import spread
from pulumi_ixn.validation import InvalidInputs, Issue

__all__ = [
    "CONNECTIONS",
    "NODE",
    "OPENSHIFT",
    "OPENSHIFT_DNS",
    "SERVER",
    "VQ_NODE",
    "WORKLOADS",
    "Absent",
    "Administrator",
    "Alerts",
    "Autoscaler",
    "Autoscaling",
    "CertificateAuthority",
    "Certificates",
    "CidrBlocks",
    "CiliumPolicies",
    "ClientCertificate",
    "CloudNativePg",
    "Connection",
    "ConnectivityCheck",
    "ConnectivityCheckArgs",
    "ConnectivityCheckOptions",
    "Credentials",
    "Dashboards",
    "DashboardsArgs",
    "Database",
    "DatabaseLogin",
    "DatabaseReference",
    "DatabaseReferenceArgs",
    "DatabaseTls",
    "DisruptionBudget",
    "Dns",
    "DnsNames",
    "Endpoint",
    "ExternalSource",
    "Hpa",
    "Image",
    "InboundPeer",
    "InvalidInputs",
    "Isolation",
    "Issue",
    "IssuedCertificate",
    "Issuer",
    "Ixn",
    "IxnArgs",
    "IxnNode",
    "IxnServer",
    "IxnServerArgs",
    "IxnVqNode",
    "JsonFields",
    "Kafka",
    "KafkaReference",
    "KafkaReferenceArgs",
    "Keda",
    "KedaAuthenticationRef",
    "KedaFallback",
    "KedaTrigger",
    "Link",
    "Links",
    "Location",
    "LogStorage",
    "Monitoring",
    "NetworkPolicies",
    "NoPolicies",
    "NodeAgent",
    "NodePeer",
    "ObjectStore",
    "ObjectStoreSecret",
    "OutboundPeer",
    "Parameter",
    "Party",
    "Peer",
    "Peers",
    "PodArgs",
    "PodSelector",
    "Policy",
    "PortRange",
    "Ports",
    "PostgresBackup",
    "PostgresCluster",
    "PostgresClusterArgs",
    "PostgresRecovery",
    "PropertyValue",
    "Provisioned",
    "Redis",
    "RedisReference",
    "RedisReferenceArgs",
    "RemoteKey",
    "RemoteKeys",
    "ResourceRequirements",
    "Rollout",
    "RolloutWaiter",
    "Row",
    "Rule",
    "SecretFile",
    "SecretRef",
    "SecretStore",
    "SecurityContext",
    "Sentinel",
    "Service",
    "SslMode",
    "StringList",
    "Tenant",
    "TenantWorkload",
    "Versions",
    "Volume",
    "VolumeSnapshots",
    "WorkloadArgs",
    "WorkloadId",
    "connections",
    "resolve",
    "rules_by_row",
    "spread",
    "workload_peers",
]
