"""The models of databases, Kafka and Redis, and of their credentials."""

from dataclasses import replace
from typing import Annotated, Self

import pulumi
from pydantic import Field, model_validator

from pulumi_ixn import services, values
from pulumi_ixn.args import Image
from pulumi_ixn.components.database import database_peer
from pulumi_ixn.components.kafka import kafka_peer
from pulumi_ixn.components.redis import redis_peer
from pulumi_ixn.config.certificates import CertificatesSettings
from pulumi_ixn.config.credentials import Generated, Login
from pulumi_ixn.config.external_secrets import ExternalFile, ExternalLogin, ExternalRedisFile
from pulumi_ixn.config.fields import (
    Host,
    HostPort,
    Line,
    Model,
    ObjectName,
    SecretKey,
    StrictBool,
    empty,
)
from pulumi_ixn.config.json_fields import JsonFieldsSettings
from pulumi_ixn.config.peer_models import EndpointsPeer, OneOf, OutboundPeer, endpoints_of
from pulumi_ixn.config.provisioned import ProvisionedSettings
from pulumi_ixn.config.records import check_paths, raise_at
from pulumi_ixn.config.service_secrets import KafkaSecrets, RedisSecrets, secret_output
from pulumi_ixn.config.validators import Parsed
from pulumi_ixn.credentials import Credentials
from pulumi_ixn.database_rules import database_issues
from pulumi_ixn.peers import Peer
from pulumi_ixn.provisioning.args import Provisioned


class ExistingCredentials(Model):
    """An existing Secret in the tenants' namespace."""

    name: ObjectName | None = Field(default=None, description="the Secret's name; if omitted, the vendor's")
    username_key: SecretKey = Field(default="username", description="the key of the username in the Secret")
    password_key: SecretKey = Field(default="password", description="the key of the password in the Secret")
    version: Line | None = Field(
        default=None, description="any text; change it when the Secret changes, to restart the pods"
    )


class ExistingSecret(Model):
    """An existing Secret in the tenants' namespace, in the vendor's format."""

    name: ObjectName | None = Field(default=None, description="the Secret's name; if omitted, the vendor's")
    version: Line | None = Field(
        default=None, description="any text; change it when the Secret changes, to restart the pods"
    )


class Managed(Model):
    """Has no keys: the content comes from the peer's other settings and from `ixn:secrets`."""


class DatabaseSecret(OneOf):
    """The source of the credentials of a database: exactly one of the keys."""

    existing: ExistingCredentials | None = Field(default=None, description="an existing Secret")
    generated: Generated | None = Field(
        default=None, description="a Secret that this package creates, with a generated password"
    )
    managed: Login | None = Field(
        default=None, description="a Secret that this package creates, with the password from ixn:secrets"
    )
    external: ExternalLogin | None = Field(
        default=None, description="a Secret that the External Secrets operator makes from a secret store"
    )

    @property
    def login_path(self) -> str:
        """The path of the username of a login that this package creates, in a peer, without its last key."""
        return f"secret.{'managed' if self.managed else 'generated'}"

    def args(self, password: pulumi.Input[str] | None) -> Credentials:
        """Return the library's credentials."""
        if self.generated is not None:
            return self.generated.args()
        if self.managed is not None:
            return Credentials.managed(self.managed.username, password)
        if self.external is not None:
            return self.external.args()
        existing = self.existing or ExistingCredentials.model_validate({})
        return Credentials.existing(
            existing.name,
            username_key=existing.username_key,
            password_key=existing.password_key,
            version=existing.version,
        )


class KafkaSecret(OneOf):
    """The source of Kafka's Secret, in the vendor's format: exactly one of the keys."""

    existing: ExistingSecret | None = Field(default=None, description="an existing Secret")
    managed: Managed | None = Field(
        default=None, description="a Secret that this package creates from these settings"
    )
    external: ExternalFile | None = Field(
        default=None, description="a Secret that the External Secrets operator makes from a secret store"
    )

    def args(self, username: str | None, password: pulumi.Input[str] | None) -> Credentials:
        """Return the library's credentials."""
        return _file_credentials(self, username, password)


class RedisSecret(OneOf):
    """The source of Redis' Secret, in the vendor's format: exactly one of the keys."""

    existing: ExistingSecret | None = Field(default=None, description="an existing Secret")
    managed: Managed | None = Field(
        default=None, description="a Secret that this package creates from these settings"
    )
    external: ExternalRedisFile | None = Field(
        default=None, description="a Secret that the External Secrets operator makes from a secret store"
    )

    def args(self, username: str | None, password: pulumi.Input[str] | None) -> Credentials:
        """Return the library's credentials."""
        return _file_credentials(self, username, password)


def _file_credentials(
    secret: KafkaSecret | RedisSecret, username: str | None, password: pulumi.Input[str] | None
) -> Credentials:
    if secret.external is not None:
        return replace(secret.external.args(), username=username)
    if secret.existing is None:
        return Credentials.managed(username, password)
    return Credentials("existing", secret.existing.name, username, version=secret.existing.version)


class DatabasePeer(OutboundPeer):
    """A PostgreSQL database, which exists unless it is provisioned."""

    endpoint: HostPort = Field(description="the server's address, 'host:port'")
    name: Line = Field(description="the database's name")
    secret: DatabaseSecret = Field(
        default_factory=lambda: DatabaseSecret.model_validate({"existing": {}}),
        description="the source of the credentials",
    )
    provisioned: ProvisionedSettings | None = Field(
        default=None,
        description="a Job creates the database and its role on the server; if omitted, both exist",
    )

    @model_validator(mode="after")
    def _names(self) -> Self:
        database, given = self.service(None), self.provisioned
        if given is not None:
            provisioned = Provisioned(given.administrator.args(), Image("", ""), owner=given.owner)
            database = replace(database, provisioned=provisioned)
        raise_at(database_issues(database), {"credentials": self.secret.login_path})
        return self

    def args(self) -> Peer:
        """Return the library's peer, without its Secret."""
        return database_peer(self.service(None))

    def service(self, password: pulumi.Input[str] | None) -> services.Database:
        """Return the library's database."""
        return services.Database(
            endpoints_of([self.endpoint])[0],
            self.name,
            self.location_args(),
            self.secret.args(password),
            self.target_port_args(),
        )


class SaslSettings(Model):
    """The login of the workloads at Kafka."""

    mechanism: Annotated[str, Parsed(values.sasl_mechanism)] = Field(description="the mechanism")
    username: Line = Field(description="the username; the password is ixn:secrets.kafka.password")


class KafkaPeer(EndpointsPeer):
    """An existing Kafka cluster."""

    advertised: list[HostPort] = Field(
        default_factory=list[str],
        description="the brokers' addresses, 'host:port', to which clients are redirected",
    )
    secret: KafkaSecret = Field(
        default_factory=lambda: KafkaSecret.model_validate({"existing": {}}),
        description="the source of the Secret",
    )
    tls: StrictBool = Field(default=False, description="whether connections use TLS")
    sasl: SaslSettings | None = Field(default=None, description="how clients log in; if omitted, they do not")
    certificates: CertificatesSettings = Field(
        default_factory=empty(CertificatesSettings), description="the certificates, mounted into the pods"
    )
    json_fields: JsonFieldsSettings = Field(
        default_factory=empty(JsonFieldsSettings), description="changes to the JSON in a managed Secret"
    )

    @model_validator(mode="after")
    def _rules(self) -> Self:
        check_paths(self.service(_KAFKA_SECRETS), {"sasl_mechanism": "sasl", **_PATHS})
        return self

    def args(self) -> Peer:
        """Return the library's peer, without its Secret."""
        return kafka_peer(self.service())

    def service(self, secrets: KafkaSecrets | None = None) -> services.Kafka:
        """Return the library's Kafka, with the values from ixn:secrets."""
        secrets = secrets or KafkaSecrets.model_validate({})
        return services.Kafka(
            endpoints_of(self.endpoints),
            self.location_args(),
            self.secret.args(self.sasl and self.sasl.username, self.sasl and secret_output(secrets.password)),
            endpoints_of(self.advertised),
            self.target_port_args(),
            self.tls,
            self.sasl and self.sasl.mechanism,
            self.certificates.args(),
            self.json_fields.args(secrets.json_fields),
        )


class SentinelSettings(Model):
    """Redis behind Sentinels, whose addresses are the peer's `endpoints`."""

    master: Line = Field(description="the name of the master")
    username: Line | None = Field(default=None, description="the ACL user of the Sentinels, if they have one")


class RedisPeer(EndpointsPeer):
    """An existing Redis with the ORS stream."""

    advertised: list[HostPort] = Field(
        default_factory=list[str], description="the nodes' addresses, 'host:port', to which clients are redirected"
    )
    secret: RedisSecret = Field(
        default_factory=lambda: RedisSecret.model_validate({"existing": {}}),
        description="the source of the Secret",
    )
    cluster: StrictBool = Field(default=True, description="whether it is a Redis Cluster")
    tls: StrictBool = Field(default=False, description="whether connections use TLS")
    reject_unauthorized: StrictBool = Field(
        default=False, description="whether certificates that cannot be verified are rejected"
    )
    server_name: Host | None = Field(
        default=None, description="the name in the certificates; if omitted, the first host"
    )
    username: Line | None = Field(default=None, description="the ACL user; if omitted, the default user")
    sentinel: SentinelSettings | None = Field(default=None, description="Redis behind Sentinels")
    certificates: CertificatesSettings = Field(
        default_factory=empty(CertificatesSettings), description="the certificates, mounted into the pods"
    )
    json_fields: JsonFieldsSettings = Field(
        default_factory=empty(JsonFieldsSettings), description="changes to the JSON in a managed Secret"
    )

    @model_validator(mode="after")
    def _rules(self) -> Self:
        check_paths(self.service(_REDIS_SECRETS), {"credentials.username": "username", **_PATHS})
        return self

    def args(self) -> Peer:
        """Return the library's peer, without its Secret."""
        return redis_peer(self.service())

    def service(self, secrets: RedisSecrets | None = None) -> services.Redis:
        """Return the library's Redis, with the values from ixn:secrets."""
        own = self.sentinel
        password = secrets and secret_output(secrets.sentinel_password)
        return services.Redis(
            endpoints_of(self.endpoints),
            self.location_args(),
            self.secret.args(self.username, secrets and secret_output(secrets.password)),
            self.cluster,
            self.tls,
            self.reject_unauthorized,
            endpoints_of(self.advertised),
            self.target_port_args(),
            self.server_name,
            own and services.Sentinel(own.master, own.username, password),
            self.certificates.args(),
            self.json_fields.args(secrets.json_fields if secrets else {}),
        )


_PATHS = {
    "certificates.client.private_key": "certificates.client.existing.privateKey",
    **{
        f"certificates.client.{name}": f"certificates.client.certManager.{key}"
        for name, key in (("issuer", "issuer"), ("duration", "duration"), ("renew_before", "renewBefore"))
    },
}
"""The settings' paths of the library's fields, where they differ in more than camel case."""

_KAFKA_SECRETS = KafkaSecrets.model_validate({"password": "any"})
_REDIS_SECRETS = RedisSecrets.model_validate({"password": "any"})
"""Stand for those of ixn:secrets in checks of a peer alone; whether these exist is checked separately."""
