"""The existing services that a tenant uses: databases, Kafka and Redis."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi

from pulumi_ixn.certificates import Certificates
from pulumi_ixn.credentials import Credentials
from pulumi_ixn.json_fields import JsonFields
from pulumi_ixn.peers import Endpoint, Location, PortRange
from pulumi_ixn.policies import Isolation, NetworkPolicies
from pulumi_ixn.provisioning.args import Provisioned
from pulumi_ixn.provisioning.cloud_native_pg import CloudNativePg

KAFKA_SECRET, KAFKA_KEY = "kafka-shared-secret", "kafka-secrets"
REDIS_SECRET, REDIS_KEY = "redis-ors-secret", "voice-redis-ors-stream"
"""The vendor's fixed names of the Secrets and of their keys: one Secret of each per namespace."""

KAFKA_CLIENT_CERTIFICATE, REDIS_CLIENT_CERTIFICATE = "kafka-client-certificate", "redis-client-certificate"
"""The names of issued certificates and of their Secrets."""


def server_database_secret(sid: str) -> str:
    """Return the vendor's name of the Secret for the database of IXN Server."""
    return f"ixn-db-secret-{sid}"


def node_database_secret(sid: str) -> str:
    """Return the vendor's name of the Secret for the database of IXN Node."""
    return f"ixn-node-db-secret-{sid}"


@dataclass(frozen=True)
class Database:
    """A PostgreSQL database: the endpoint of its server, and its name.

    It exists, unless a Job creates it, with its role, on that server (`provisioned`), or CloudNativePG's operator
    does: see `in_cluster`. `target_ports` is as in `Peer`.
    """

    endpoint: Endpoint
    name: pulumi.Input[str]
    locations: tuple[Location, ...]
    credentials: Credentials = field(default_factory=Credentials)
    target_ports: pulumi.Input[Sequence[PortRange]] | None = None
    provisioned: Provisioned | None = None
    cloud_native_pg: CloudNativePg | None = None

    @staticmethod
    def in_cluster(
        cluster: CloudNativePg, name: pulumi.Input[str], credentials: Credentials | None = None
    ) -> "Database":
        """Return a database that CloudNativePG's operator creates in a Cluster; its address follows."""
        login = Credentials() if credentials is None else credentials
        return Database(cluster.endpoint, name, cluster.locations, login, cloud_native_pg=cluster)


@dataclass(frozen=True)
class Kafka:
    """An existing Kafka cluster: `endpoints` are its bootstrap brokers, each with its port.

    If this package creates the Secret, it holds `endpoints` and how clients connect: with TLS (`tls`), and with
    SASL if there is a `sasl_mechanism`, for which `credentials` have the username and password. `json_fields`
    change its fields. `advertised` and `target_ports` are as in `Peer`.
    """

    endpoints: pulumi.Input[Sequence[Endpoint]]
    locations: tuple[Location, ...]
    credentials: Credentials = field(default_factory=Credentials)
    advertised: pulumi.Input[Sequence[Endpoint]] = ()
    target_ports: pulumi.Input[Sequence[PortRange]] | None = None
    tls: bool = False
    sasl_mechanism: str | None = None
    certificates: Certificates = field(default_factory=Certificates)
    json_fields: JsonFields = field(default_factory=JsonFields)


@dataclass(frozen=True)
class Sentinel:
    """Sentinels, which name the Redis node to connect to: that of the `master` of this name.

    `username` and `password` are for the Sentinels themselves, if they have any.
    """

    master: pulumi.Input[str]
    username: pulumi.Input[str] | None = None
    password: pulumi.Input[str] | None = None


@dataclass(frozen=True)
class Redis:
    """An existing Redis: `endpoints` are its nodes, each with its port.

    If this package creates the Secret, it holds the first of them. IXN Node is configured with `cluster`, `tls`
    and `reject_unauthorized` (reject certificates that cannot be verified). `server_name` is the name in the
    certificates if it is not the first host. With `sentinel`, `endpoints` are the Sentinels and `advertised` the
    nodes. The username in `credentials` is that of an ACL user. `json_fields` change the fields of the Secret.
    `advertised` and `target_ports` are as in `Peer`.
    """

    endpoints: pulumi.Input[Sequence[Endpoint]]
    locations: tuple[Location, ...]
    credentials: Credentials = field(default_factory=Credentials)
    cluster: bool = True
    tls: bool = False
    reject_unauthorized: bool = False
    advertised: pulumi.Input[Sequence[Endpoint]] = ()
    target_ports: pulumi.Input[Sequence[PortRange]] | None = None
    server_name: pulumi.Input[str] | None = None
    sentinel: Sentinel | None = None
    certificates: Certificates = field(default_factory=Certificates)
    json_fields: JsonFields = field(default_factory=JsonFields)


@dataclass(frozen=True)
class DatabaseReferenceArgs:
    """A database for the workloads of a namespace. `secret_name` is the default for credentials without one.

    With `protect`, Pulumi refuses to delete or replace the Secret and, unless a Job sets it, a generated password.
    The Job of a provisioned database is named `job_name` (by default as the component) and a digest, the objects
    of one in CloudNativePG `job_name`; `isolation` restricts the Job's traffic.
    """

    namespace: pulumi.Input[str]
    database: Database
    secret_name: str | None = None
    protect: bool = False
    job_name: str | None = None
    isolation: Isolation = field(default_factory=NetworkPolicies)


@dataclass(frozen=True)
class KafkaReferenceArgs:
    """A Kafka cluster for the workloads of a namespace. `protect` is as in `DatabaseReferenceArgs`."""

    namespace: pulumi.Input[str]
    kafka: Kafka
    protect: bool = False


@dataclass(frozen=True)
class RedisReferenceArgs:
    """A Redis for the IXN Nodes of a namespace. `protect` is as in `DatabaseReferenceArgs`."""

    namespace: pulumi.Input[str]
    redis: Redis
    protect: bool = False
