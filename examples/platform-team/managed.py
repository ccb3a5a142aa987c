"""Managed services that the team runs next to IXN. Their outputs are unknown until they exist.

Each represents cloud resources. Its outputs look like those of a cloud, but are made of random strings, so that
they are unknown in a preview. Each service has a CA of its own, and keeps its logins in the team's secret store.
"""

from collections.abc import Sequence
from typing import TypeVar

import pulumi
import pulumi_random as random
from pulumi_ixn import Endpoint

T = TypeVar("T")


class ManagedPostgreSql(pulumi.ComponentResource):
    """A PostgreSQL server outside the cluster."""

    address: pulumi.Output[str]
    port: pulumi.Output[int]
    subnet: pulumi.Output[str]
    login: pulumi.Output[str]
    """The key in the store of a value with the properties `username` and `password`: a role without rights."""

    administrator: pulumi.Output[str]
    """The same of a role that may create databases and roles."""

    certificate: pulumi.Output[str]

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:managed:PostgreSql", name, None, opts)
        identifier = _identifier(name, self)

        self.address = pulumi.Output.concat("postgres-", identifier, ".db.example.com")
        self.port = _once_known(identifier, 5432)
        self.subnet = _once_known(identifier, "10.20.0.0/24")
        self.login = pulumi.Output.concat("postgres/", identifier)
        self.administrator = pulumi.Output.concat("postgres/", identifier, "/administrator")
        self.certificate = _certificate(identifier)
        self.register_outputs({"address": self.address, "port": self.port})


class ManagedKafka(pulumi.ComponentResource):
    """Kafka outside the Kubernetes cluster, with a listener for each way to log in; both use TLS.

    Its operator writes a Secret with the vendor's JSON, which has a SASL login, to the team's namespace.
    """

    sasl_brokers: pulumi.Output[str]
    """For clients that log in with SCRAM-SHA-512, in the format of cloud providers: `host:port,host:port`."""

    mutual_tls_brokers: pulumi.Output[str]
    """For clients that log in with a certificate."""

    subnet: pulumi.Output[str]
    secret_name: pulumi.Output[str]
    certificate: pulumi.Output[str]

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:managed:Kafka", name, None, opts)
        identifier = _identifier(name, self)

        hosts = [pulumi.Output.concat(f"b-{n}.", identifier, ".kafka.example.com") for n in (1, 2, 3)]
        self.sasl_brokers = _listed(hosts, 9096)
        self.mutual_tls_brokers = _listed(hosts, 9094)
        self.subnet = _once_known(identifier, "10.20.1.0/24")
        self.secret_name = pulumi.Output.concat("kafka-client-", identifier)
        self.certificate = _certificate(identifier)
        self.register_outputs({"brokers": self.sasl_brokers})


class ManagedRedis(pulumi.ComponentResource):
    """A Redis Cluster in the Kubernetes cluster, run by an operator that chooses its namespace and labels.

    It uses TLS. Clients start at one address, and are redirected to the nodes.
    """

    address: pulumi.Output[str]
    port: pulumi.Output[int]
    nodes: pulumi.Output[str]
    """In the format of `ManagedKafka.sasl_brokers`."""

    namespace: pulumi.Output[str]
    instance: pulumi.Output[str]
    """The value of the label `app.kubernetes.io/instance` of its pods."""

    user: pulumi.Output[str]
    password: pulumi.Output[str]
    """The key of the ACL user's password in the store."""

    certificate: pulumi.Output[str]

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:managed:Redis", name, None, opts)
        identifier = _identifier(name, self)

        self.namespace = pulumi.Output.concat("redis-", identifier)
        self.instance = identifier
        self.address = pulumi.Output.concat(identifier, ".", self.namespace, ".svc")
        self.port = _once_known(identifier, 6380)
        pods = [pulumi.Output.concat(identifier, f"-{n}.", self.address) for n in range(3)]
        self.nodes = _listed(pods, 6380)
        self.user = _once_known(identifier, "ixn")
        self.password = pulumi.Output.concat("redis/", identifier, "/password")
        self.certificate = _certificate(identifier)
        self.register_outputs({"address": self.address, "port": self.port})


def endpoints(addresses: pulumi.Output[str]) -> pulumi.Output[Sequence[Endpoint]]:
    """Parse endpoints from a string such as `host:port,host:port`; even their number may be unknown."""
    return addresses.apply(lambda known: [_endpoint(address) for address in known.split(",")])


def _endpoint(address: str) -> Endpoint:
    host, _, port = address.rpartition(":")
    return Endpoint(host, int(port))


def _listed(hosts: Sequence[pulumi.Output[str]], port: int) -> pulumi.Output[str]:
    return pulumi.Output.all(*hosts).apply(lambda known: ",".join(f"{host}:{port}" for host in known))


def _identifier(name: str, parent: pulumi.Resource) -> pulumi.Output[str]:
    opts = pulumi.ResourceOptions(parent=parent)
    generated = random.RandomPassword(f"{name}-id", length=8, special=False, upper=False, opts=opts)
    return pulumi.Output.unsecret(generated.result)


def _certificate(identifier: pulumi.Output[str]) -> pulumi.Output[str]:
    """Return what stands for the certificate of the service's CA, in PEM."""
    return pulumi.Output.concat("-----BEGIN CERTIFICATE-----\n", identifier, "\n-----END CERTIFICATE-----\n")


def _once_known(identifier: pulumi.Output[str], value: T) -> pulumi.Output[T]:
    """Return `value`, unknown until the service exists."""
    return identifier.apply(lambda _: value)
