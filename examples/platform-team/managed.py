"""Managed services that the team runs next to IXN. Their outputs are unknown until they exist.

Each represents cloud resources. Its outputs look like those of a cloud, but are made of random strings, so that
they are unknown in a preview.
"""

from collections.abc import Sequence
from typing import TypeVar

import pulumi
import pulumi_random as random
from pulumi_ixn import Endpoint

T = TypeVar("T")


class ManagedPostgreSql(pulumi.ComponentResource):
    """A PostgreSQL server outside the cluster. Its service keeps the login in the team's secret store."""

    address: pulumi.Output[str]
    port: pulumi.Output[int]
    subnet: pulumi.Output[str]
    login: pulumi.Output[str]
    """The key in the store of a value with the properties `username` and `password`."""

    certificate: pulumi.Output[str]

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:managed:PostgreSql", name, None, opts)
        identifier = _identifier(name, self)

        self.address = pulumi.Output.concat("postgres-", identifier, ".db.example.com")
        self.port = _once_known(identifier, 5432)
        self.subnet = _once_known(identifier, "10.20.0.0/24")
        self.login = pulumi.Output.concat("postgres/", identifier)
        self.certificate = _certificate(identifier)
        self.register_outputs({"address": self.address, "port": self.port})


class ManagedKafka(pulumi.ComponentResource):
    """Kafka outside the Kubernetes cluster, and the Secret that its operator writes to the team's namespace."""

    brokers: pulumi.Output[str]
    """In the format of cloud providers: `host:port,host:port`."""

    subnet: pulumi.Output[str]
    secret_name: pulumi.Output[str]
    certificate: pulumi.Output[str]

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:managed:Kafka", name, None, opts)
        identifier = _identifier(name, self)

        hosts = [pulumi.Output.concat(f"b-{n}.", identifier, ".kafka.example.com:9094") for n in (1, 2, 3)]
        self.brokers = pulumi.Output.all(*hosts).apply(",".join)
        self.subnet = _once_known(identifier, "10.20.1.0/24")
        self.secret_name = pulumi.Output.concat("kafka-client-", identifier)
        self.certificate = _certificate(identifier)
        self.register_outputs({"brokers": self.brokers})


class ManagedRedis(pulumi.ComponentResource):
    """Redis in the Kubernetes cluster, run by an operator that chooses its namespace and the label of its pods.

    The operator keeps the password in the team's secret store.
    """

    address: pulumi.Output[str]
    port: pulumi.Output[int]
    namespace: pulumi.Output[str]
    instance: pulumi.Output[str]
    password: pulumi.Output[str]
    """The key of the password in the store."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:managed:Redis", name, None, opts)
        identifier = _identifier(name, self)

        self.namespace = pulumi.Output.concat("redis-", identifier)
        self.instance = identifier
        self.address = pulumi.Output.concat(identifier, ".", self.namespace, ".svc")
        self.port = _once_known(identifier, 6380)
        self.password = pulumi.Output.concat("redis/", identifier, "/password")
        self.register_outputs({"address": self.address, "port": self.port})


def endpoints(addresses: pulumi.Output[str]) -> pulumi.Output[Sequence[Endpoint]]:
    """Parse endpoints from a string such as `host:port,host:port`; even their number may be unknown."""
    return addresses.apply(lambda known: [_endpoint(address) for address in known.split(",")])


def _endpoint(address: str) -> Endpoint:
    host, _, port = address.rpartition(":")
    return Endpoint(host, int(port))


def _identifier(name: str, parent: pulumi.Resource) -> pulumi.Output[str]:
    opts = pulumi.ResourceOptions(parent=parent)
    generated = random.RandomPassword(f"{name}-id", length=8, special=False, upper=False, opts=opts)
    return pulumi.Output.unsecret(generated.result)


def _certificate(identifier: pulumi.Output[str]) -> pulumi.Output[str]:
    return pulumi.Output.concat("-----BEGIN CERTIFICATE-----\n", identifier, "\n-----END CERTIFICATE-----\n")


def _once_known(identifier: pulumi.Output[str], value: T) -> pulumi.Output[T]:
    """Return `value`, unknown until the service exists."""
    return identifier.apply(lambda _: value)
