"""The settings of a database in a Cluster of CloudNativePG."""

from typing import Self

import pulumi
from pydantic import Field, model_validator

from pulumi_ixn import services
from pulumi_ixn.components.database import database_peer
from pulumi_ixn.config.fields import DnsLabel, Line, Model, ObjectName
from pulumi_ixn.config.provisioned import Identifier
from pulumi_ixn.config.records import raise_at
from pulumi_ixn.config.services import DatabaseSecret
from pulumi_ixn.database_rules import database_issues
from pulumi_ixn.peers import Peer
from pulumi_ixn.provisioning.cloud_native_pg import CloudNativePg


class CloudNativePgSettings(Model):
    """A Cluster of CloudNativePG 1.30 or later, whose operator creates the database and its role."""

    cluster: DnsLabel = Field(description="the name of the Cluster, which exists or is ixn:postgresCluster")
    namespace: DnsLabel | None = Field(
        default=None, description="the Cluster's namespace; if omitted, that of the tenants"
    )
    role: Identifier | None = Field(
        default=None,
        description="the name of the role, if `secret` is `existing` or `external`; otherwise its `username`",
    )
    role_secret: ObjectName | None = Field(
        default=None,
        description="a Secret in the Cluster's namespace with the same login as `secret`, of the type "
        "kubernetes.io/basic-auth, if that is `existing` or `external`; otherwise this package writes it",
    )

    def args(self, namespace: pulumi.Input[str], depends_on: tuple[pulumi.Resource, ...] = ()) -> CloudNativePg:
        """Return the library's values; `namespace` is that of the tenants."""
        return CloudNativePg(self.cluster, self.namespace or namespace, self.role, self.role_secret, depends_on)


class CloudNativePgPeer(Model):
    """A database in a Cluster of CloudNativePG."""

    cloud_native_pg: CloudNativePgSettings = Field(
        alias="cloudNativePG",
        description="a Cluster, in the place of `endpoint` and `locations`; its operator creates the database and "
        "its role",
    )
    name: Line = Field(description="the database's name")
    secret: DatabaseSecret = Field(
        default_factory=lambda: DatabaseSecret.model_validate({"existing": {}}),
        description="the source of the credentials",
    )

    @model_validator(mode="after")
    def _rules(self) -> Self:
        paths = {"cloud_native_pg": "cloudNativePG", "credentials": self.secret.login_path}
        raise_at(database_issues(self.service(None, "")), paths)
        return self

    def args(self) -> Peer:
        """Return the library's peer, without its Secret, and without the namespace if the settings have none."""
        return database_peer(self.service(None, ""))

    def service(
        self,
        password: pulumi.Input[str] | None,
        namespace: pulumi.Input[str],
        depends_on: tuple[pulumi.Resource, ...] = (),
    ) -> services.Database:
        """Return the library's database; `namespace` is that of the tenants."""
        cluster = self.cloud_native_pg.args(namespace, depends_on)
        return services.Database.in_cluster(cluster, self.name, self.secret.args(password))
