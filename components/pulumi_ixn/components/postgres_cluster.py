"""A Cluster of CloudNativePG, its backups and its recovery."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn.components.claims import claim
from pulumi_ixn.components.recovery_guard import refusing_another_recovery
from pulumi_ixn.components.resources import with_depends_on, with_protect
from pulumi_ixn.manifests import postgres_cluster as manifests
from pulumi_ixn.provisioning.cloud_native_pg import CloudNativePg
from pulumi_ixn.provisioning.postgres_cluster import PostgresClusterArgs
from pulumi_ixn.rules import validate

if TYPE_CHECKING:
    from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict

_LABELS = {
    "app.kubernetes.io/name": "ixn-postgres-cluster",
    "app.kubernetes.io/part-of": "ixn",
    "app.kubernetes.io/managed-by": "pulumi",
}


_CLUSTER = (manifests.API_VERSION, manifests.CLUSTER)
_SCHEDULE = (manifests.API_VERSION, manifests.SCHEDULED_BACKUP)
_STORE = (manifests.STORE_API_VERSION, manifests.STORE)


class _Object(NamedTuple):
    """A custom resource."""

    api_version: str
    kind: str
    name: str
    spec: Mapping[str, Any]
    annotations: Mapping[str, str] | None = None


class PostgresCluster(pulumi.ComponentResource):
    """A Cluster of CloudNativePG, for the databases of several tenants, with its backups.

    `reference` is for `Database.in_cluster`: the databases wait until the Cluster is ready.
    """

    cluster: k8s.apiextensions.CustomResource
    reference: CloudNativePg

    def __init__(self, name: str, args: PostgresClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = validate(args)
        super().__init__("ixn:index:PostgresCluster", name, None, opts)
        cluster, seconds = args.cluster_name, f"{args.ready_timeout}s"
        waiting = pulumi.CustomTimeouts(create=seconds, update=seconds)
        stores = [
            self._resource(
                f"{name}-{each}", args, _Object(*_STORE, f"{cluster}-{each}", manifests.store_spec(store))
            )
            for each, store in manifests.created_stores(args).items()
        ]
        self.cluster = self._resource(
            f"{name}-cluster",
            args,
            _Object(*_CLUSTER, cluster, manifests.cluster_spec(args), manifests.ANNOTATIONS),
            with_depends_on(pulumi.ResourceOptions(custom_timeouts=waiting), *stores),
            refusing_another_recovery(name),
        )
        needed = with_depends_on(pulumi.ResourceOptions(), self.cluster)
        for each, spec in manifests.scheduled_backups(args).items():
            self._resource(f"{name}-{each}-schedule", args, _Object(*_SCHEDULE, f"{cluster}-{each}", spec), needed)
        self.reference = CloudNativePg(cluster, args.namespace, depends_on=(self.cluster,))
        self.register_outputs({"cluster": cluster})

    def _resource(
        self, name: str, args: PostgresClusterArgs, what: _Object, *opts: pulumi.ResourceOptions
    ) -> k8s.apiextensions.CustomResource:
        metadata: dict[str, Any] = {
            "name": what.name,
            "namespace": claim(self, what.kind, args.namespace, what.name),
            "labels": {**_LABELS, "app.kubernetes.io/instance": args.cluster_name},
            **({"annotations": what.annotations} if what.annotations else {}),
        }
        # The backups, too: without them, nobody would notice that a database that stays is not backed up any more.
        merged = pulumi.ResourceOptions(parent=self, retain_on_delete=args.retain or None)
        for each in opts:
            merged = pulumi.ResourceOptions.merge(merged, each)
        return k8s.apiextensions.CustomResource(
            name,
            api_version=what.api_version,
            kind=what.kind,
            metadata=cast("ObjectMetaArgsDict", metadata),
            spec=what.spec,
            opts=with_protect(merged, protect=args.protect),
        )
