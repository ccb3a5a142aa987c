"""A database in a Cluster of CloudNativePG, whose operator creates it."""

from dataclasses import dataclass

import pulumi

from pulumi_ixn.inputs import apply
from pulumi_ixn.peers import Endpoint, Location, PodSelector

PORT = 5432
"""The port of the operator's Services."""


@dataclass(frozen=True)
class CloudNativePg:
    """A Cluster of CloudNativePG 1.30 or later, and its namespace.

    The operator creates the database and its role from a `Database` and a `DatabaseRole` in that namespace, and
    takes the role's password from a Secret there. This package writes that Secret, unless the database's
    credentials are existing or external: then `role`, the name of the role, and `role_secret` are needed, a Secret
    of the type kubernetes.io/basic-auth in the Cluster's namespace, with the same login. The database waits for
    `depends_on`.
    """

    cluster: pulumi.Input[str]
    namespace: pulumi.Input[str]
    role: pulumi.Input[str] | None = None
    role_secret: pulumi.Input[str] | None = None
    depends_on: tuple[pulumi.Resource, ...] = ()

    @property
    def endpoint(self) -> Endpoint:
        """The Service of the Cluster's primary."""

        def host(cluster: str) -> pulumi.Input[str]:
            return apply(self.namespace, lambda namespace: f"{cluster}-rw.{namespace}.svc")

        return Endpoint(apply(self.cluster, host), PORT)

    @property
    def locations(self) -> tuple[Location, ...]:
        """The Cluster's instances, each of which may become the primary."""
        labels = {"cnpg.io/cluster": self.cluster, "cnpg.io/podRole": "instance"}
        return (PodSelector(self.namespace, labels),)
