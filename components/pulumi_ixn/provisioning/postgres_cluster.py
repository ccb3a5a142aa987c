"""A Cluster of CloudNativePG that this package creates, for the databases of several tenants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from pulumi_ixn.args import Image, ResourceRequirements
from pulumi_ixn.provisioning.backups import PostgresBackup, PostgresRecovery

READY_TIMEOUT = 600
"""The seconds in which a Cluster becomes ready, by default."""


@dataclass(frozen=True)
class Volume:
    """The volume of each instance: `size` is a Kubernetes quantity; without a class, the default one."""

    size: str
    storage_class: str | None = None


@dataclass(frozen=True)
class DatabaseLogin:
    """A database, and the only role that may connect to it."""

    database: pulumi.Input[str]
    role: pulumi.Input[str]


@dataclass(frozen=True)
class PostgresClusterArgs:
    """A Cluster of CloudNativePG 1.30 or later: `cluster_name` in `namespace`, with one primary and standbys.

    A role may connect to the database of its own name, and to no other: `logins` are the databases whose role has
    another name. `backup` and `recovery` need the Barman Cloud plugin. `recovery` counts when the Cluster is
    created: it cannot be added to an existing one, and may be removed afterwards.

    Without an `image`, the operator selects one. `parameters` are those of postgresql.conf. `resources` are those
    of each instance. `service_account_annotations` give the pods an identity of the cloud.

    With `protect`, Pulumi refuses to delete or replace the Cluster and the objects of its backups. With `retain`,
    they stay in the cluster, with all data, when Pulumi deletes them. `ready_timeout` is how long the Cluster may
    take until it is ready, in seconds: a recovery has to fetch all data.
    """

    namespace: pulumi.Input[str]
    storage: Volume
    cluster_name: str = "pg"
    instances: int = 3
    image: Image | None = None
    image_pull_policy: str = "IfNotPresent"
    image_pull_secrets: Sequence[pulumi.Input[str]] = ()
    wal_storage: Volume | None = None
    resources: ResourceRequirements | None = None
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    service_account_annotations: Mapping[str, pulumi.Input[str]] = field(
        default_factory=dict[str, pulumi.Input[str]]
    )
    logins: Sequence[DatabaseLogin] = ()
    backup: PostgresBackup | None = None
    recovery: PostgresRecovery | None = None
    protect: bool = False
    retain: bool = True
    ready_timeout: int = READY_TIMEOUT
