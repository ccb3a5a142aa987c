"""The objects from which CloudNativePG's operator creates a database and its role."""

from typing import TYPE_CHECKING, Any, cast

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn.components.claims import claim, claim_on_server
from pulumi_ixn.components.resources import with_depends_on, with_protect
from pulumi_ixn.credentials import PASSWORD, USERNAME, Credentials
from pulumi_ixn.manifests import cloud_native_pg as manifests
from pulumi_ixn.provisioning.cloud_native_pg import CloudNativePg
from pulumi_ixn.services import DatabaseReferenceArgs

if TYPE_CHECKING:
    from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict

_LABELS = {
    "app.kubernetes.io/name": "ixn-database",
    "app.kubernetes.io/part-of": "ixn",
    "app.kubernetes.io/managed-by": "pulumi",
}


def cloud_native_database(
    owner: pulumi.ComponentResource,
    name: str,
    args: DatabaseReferenceArgs,
    cluster: CloudNativePg,
    credentials: Credentials,
) -> tuple[pulumi.Resource, ...]:
    """Register the `Database`, the `DatabaseRole` and, unless it exists, the Secret of its password.

    Returns what the workload waits for. Raises InvalidInputs if another component of the program creates the same.
    """
    object_name, child = args.job_name or name, pulumi.ResourceOptions(parent=owner)
    role = cluster.role if cluster.role is not None else credentials.username or ""
    namespace = claim(owner, manifests.DATABASE, cluster.namespace, object_name)
    claim_on_server(owner, "database", cluster.endpoint, args.database.name)
    claim_on_server(owner, "role", cluster.endpoint, role)
    metadata: dict[str, Any] = {
        "name": object_name,
        "namespace": namespace,
        "labels": {**_LABELS, "app.kubernetes.io/instance": object_name},
    }
    secret_name, secret = cluster.role_secret, None
    if secret_name is None:
        secret_name = object_name
        secret = _secret(f"{name}-role", metadata, credentials, with_protect(child, protect=args.protect))

    def resource(suffix: str, kind: str, spec: dict[str, Any], *needed: pulumi.Resource | None) -> pulumi.Resource:
        # Another name is another database: the operator keeps the previous one.
        opts = pulumi.ResourceOptions(replace_on_changes=list(manifests.IMMUTABLE), delete_before_replace=True)
        return k8s.apiextensions.CustomResource(
            f"{name}-{suffix}",
            api_version=manifests.API_VERSION,
            kind=kind,
            metadata=cast("ObjectMetaArgsDict", {**metadata, "annotations": manifests.ANNOTATIONS}),
            spec=spec,
            opts=with_depends_on(pulumi.ResourceOptions.merge(child, opts), *cluster.depends_on, *needed),
        )

    made = resource("login", manifests.ROLE, manifests.role_spec(cluster.cluster, role, secret_name), secret)
    spec = manifests.database_spec(cluster.cluster, args.database.name, role)
    return made, resource("database", manifests.DATABASE, spec, made)


def _secret(
    name: str, metadata: dict[str, Any], credentials: Credentials, opts: pulumi.ResourceOptions
) -> k8s.core.v1.Secret:
    """Register the Secret in the form that the operator reads, in the Cluster's namespace."""
    return k8s.core.v1.Secret(
        name,
        metadata=cast(
            "ObjectMetaArgsDict", {**metadata, "labels": {**metadata["labels"], **manifests.SECRET_LABELS}}
        ),
        type=manifests.SECRET_TYPE,
        string_data={
            USERNAME: credentials.username or "",
            PASSWORD: pulumi.Output.secret(credentials.password or ""),
        },
        opts=opts,
    )
