"""How a database is created on an existing PostgreSQL server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import pulumi

from pulumi_ixn.args import Image, ResourceRequirements, SecurityContext
from pulumi_ixn.certificates import CertificateAuthority
from pulumi_ixn.credentials import PASSWORD, USERNAME

SslMode: TypeAlias = Literal["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]
"""libpq's sslmode."""

RESOURCES = ResourceRequirements({"cpu": "10m", "memory": "32Mi"}, {"cpu": "200m", "memory": "128Mi"})


@dataclass(frozen=True)
class Administrator:
    """The login that creates the database: an existing Secret in the tenants' namespace.

    It needs CREATEDB and CREATEROLE, and no more. `database` is an existing database to which it connects.
    """

    secret_name: pulumi.Input[str]
    username_key: str = USERNAME
    password_key: str = PASSWORD
    database: pulumi.Input[str] = "postgres"


@dataclass(frozen=True)
class DatabaseTls:
    """How the Job's connections use TLS. `verify-ca` and `verify-full` need a `ca`."""

    mode: SslMode = "prefer"
    ca: CertificateAuthority | None = None


@dataclass(frozen=True)
class Provisioned:
    """A Job that creates the database and its login role before the workload starts.

    The role, whose name and password are those of the database's credentials, owns the database, and no other role
    may connect to it. With `owner`, that role owns it instead, and the login of the credentials acts as it, so
    that another login can replace that one. The Job never drops anything, and changes only what this package has
    made. With `repair`, it takes over a role and a database that exist, and gives the role what it lacks.

    `image` needs a POSIX shell at /bin/sh and psql 15 or later. `labels` and `annotations` are added to the pods,
    for the policies of a server that select by them.
    """

    administrator: Administrator
    image: Image
    owner: pulumi.Input[str] | None = None
    repair: bool = False
    tls: DatabaseTls = field(default_factory=DatabaseTls)
    image_pull_policy: str = "IfNotPresent"
    image_pull_secrets: Sequence[pulumi.Input[str]] = ()
    resources: ResourceRequirements = RESOURCES
    labels: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    annotations: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    security: SecurityContext = field(default_factory=SecurityContext)
