"""The settings of a database that a Job creates on an existing PostgreSQL server."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from pulumi_ixn.config.certificates import CertificateAuthoritySettings
from pulumi_ixn.config.fields import Model, ObjectName, SecretKey, StrictBool, empty
from pulumi_ixn.config.records import check_paths
from pulumi_ixn.config.validators import Expect, Parsed
from pulumi_ixn.config.workloads import AddedLabels, ImageSettings, PodAnnotations, ResourcesSettings
from pulumi_ixn.provisioning.args import RESOURCES, Administrator, DatabaseTls, SslMode
from pulumi_ixn.provisioning.rules import identifier, ssl_mode

Identifier = Annotated[str, Field(min_length=1), Parsed(identifier)]
_RESOURCES = ResourcesSettings.of(RESOURCES)


class AdministratorSettings(Model):
    """The login that creates the database: an existing Secret in the tenants' namespace."""

    name: ObjectName = Field(description="the Secret's name")
    username_key: SecretKey = Field(default="username", description="the key of the username in the Secret")
    password_key: SecretKey = Field(default="password", description="the key of the password in the Secret")
    database: Identifier = Field(default="postgres", description="an existing database to which it connects")

    def args(self) -> Administrator:
        """Return the library's administrator."""
        return Administrator(self.name, self.username_key, self.password_key, self.database)


class DatabaseTlsSettings(Model):
    """How the Job's connections use TLS."""

    mode: Annotated[SslMode, Expect(ssl_mode.expected)] = Field(
        default="prefer", description="libpq's sslmode; 'verify-full' verifies the certificate and its name"
    )
    ca: CertificateAuthoritySettings | None = Field(
        default=None, description="the CA of the server's certificate, for 'verify-ca' and 'verify-full'"
    )

    @model_validator(mode="after")
    def _rules(self) -> Self:
        check_paths(self.args(), {})
        return self

    def args(self) -> DatabaseTls:
        """Return the library's values."""
        return DatabaseTls(self.mode, self.ca.args() if self.ca else None)


class ProvisionedSettings(Model):
    """A Job that creates the database and its role on the server."""

    administrator: AdministratorSettings = Field(
        description="the login that creates them, with CREATEDB and CREATEROLE"
    )
    image: ImageSettings = Field(description="the image, which needs a POSIX shell and psql 15 or later")
    owner: Identifier | None = Field(
        default=None,
        description="the role that owns the database, if it is not that of the login, which then acts as it, and "
        "which another login can replace",
    )
    repair: StrictBool = Field(
        default=False,
        description="true takes over a role and a database that exist, such as those of the vendor's script",
    )
    tls: DatabaseTlsSettings = Field(
        default_factory=empty(DatabaseTlsSettings), description="how the Job's connections use TLS"
    )
    resources: ResourcesSettings = Field(default=_RESOURCES, description="requests and limits")
    pod_labels: AddedLabels = Field(
        default_factory=dict,
        description="labels added to the pods, for the policies of a server that selects by them",
    )
    pod_annotations: PodAnnotations = Field(default_factory=dict, description="annotations added to the pods")
