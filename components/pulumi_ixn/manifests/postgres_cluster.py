"""The custom resources of a Cluster of CloudNativePG, its backups and the stores of these."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import pulumi

from pulumi_ixn.inputs import all_of, apply, apply_all
from pulumi_ixn.manifests.cloud_native_pg import API_VERSION
from pulumi_ixn.provisioning.backups import ObjectStore, PostgresBackup, PostgresRecovery
from pulumi_ixn.provisioning.object_stores import store_kind
from pulumi_ixn.provisioning.postgres_cluster import DatabaseLogin, PostgresClusterArgs, Volume

Spec: TypeAlias = dict[str, Any]

CLUSTER, SCHEDULED_BACKUP = "Cluster", "ScheduledBackup"
STORE_API_VERSION, STORE = "barmancloud.cnpg.io/v1", "ObjectStore"
__all__ = ["API_VERSION", "CLUSTER", "SCHEDULED_BACKUP", "STORE", "STORE_API_VERSION"]

RETAINED = (CLUSTER, SCHEDULED_BACKUP, STORE)
"""The kinds that stay in a cluster: Pulumi never deletes them."""

PLUGIN = "barman-cloud.cloudnative-pg.io"

ANNOTATIONS = {
    # `up` waits for the primary and its standbys.
    "pulumi.com/waitFor": "condition=Ready",
}

_SOURCE = "source"
"""The name of the external cluster from which a Cluster is restored."""

BACKUP, SNAPSHOTS, RECOVERY = "backup", "snapshots", "recovery"
"""What the names of the objects end with, after the Cluster's."""


def cluster_spec(args: PostgresClusterArgs) -> Spec:
    """Return the spec of a Cluster."""
    name, resources = args.cluster_name, args.resources
    optional: Spec = {
        "imageName": args.image and args.image.reference,
        "imagePullSecrets": [{"name": each} for each in args.image_pull_secrets] or None,
        "walStorage": args.wal_storage and _volume(args.wal_storage),
        "resources": resources and {"requests": resources.requests, "limits": resources.limits},
        "serviceAccountTemplate": args.service_account_annotations
        and {"metadata": {"annotations": args.service_account_annotations}},
        **_backup(name, args.backup),
        **_recovery(name, args.recovery),
    }
    return {
        "instances": args.instances,
        "imagePullPolicy": args.image_pull_policy,
        "storage": _volume(args.storage),
        "postgresql": {
            "pg_hba": pg_hba(args.logins),
            **({"parameters": args.parameters} if args.parameters else {}),
        },
        **{key: value for key, value in optional.items() if value},
    }


def pg_hba(logins: Sequence[DatabaseLogin]) -> pulumi.Input[list[str]]:
    """Return the rules of logins by TCP: each database for its own role, whose name it has unless `logins` differ.

    The operator puts its own rules (local ones, replication, poolers) before these, and one that lets every role
    into every database behind them.
    """
    own = [apply_all([each.database, each.role], lambda names: _rules(*names)) for each in logins]
    rest = ["host sameuser all all scram-sha-256", "host all all all reject"]
    return apply(all_of(own), lambda rules: [*(rule for each in rules for rule in each), *rest])


def _rules(database: str, role: str) -> list[str]:
    if database == role:
        return []
    name = _quoted(database)
    # Also for the role that has the name of this database.
    return [f"host {name} {_quoted(role)} all scram-sha-256", f"host {name} all all reject"]


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))


def scheduled_backups(args: PostgresClusterArgs) -> Mapping[str, Spec]:
    """Return the specs of the ScheduledBackups, by the end of their names."""
    if (backup := args.backup) is None:
        return {}
    plugin: Spec = {"method": "plugin", "pluginConfiguration": {"name": PLUGIN}}
    found = {BACKUP: _scheduled(args.cluster_name, backup.schedule, plugin)}
    if (snapshots := backup.volume_snapshots) is not None:
        found[SNAPSHOTS] = _scheduled(args.cluster_name, snapshots.schedule, {"method": "volumeSnapshot"})
    return found


def _scheduled(cluster: str, schedule: str, method: Spec) -> Spec:
    return {
        "cluster": {"name": cluster},
        "schedule": schedule,
        # Without a first base backup, WAL alone restores nothing.
        "immediate": True,
        "backupOwnerReference": "cluster",
        **method,
    }


def created_stores(args: PostgresClusterArgs) -> Mapping[str, ObjectStore]:
    """Return the object stores that do not exist as ObjectStores, by the end of the names of these."""
    used = {BACKUP: args.backup, RECOVERY: args.recovery}
    stores = {name: each.object_store for name, each in used.items() if each is not None}
    return {name: each for name, each in stores.items() if isinstance(each, ObjectStore)}


def store_spec(store: ObjectStore) -> Spec:
    """Return the spec of an ObjectStore. It has names of Secrets, and no secret value."""
    compression, ca = store.compression, store.endpoint_ca
    optional: Spec = {
        "endpointURL": store.endpoint_url,
        "endpointCA": ca and {"name": ca.secret_name, "key": ca.key},
        "wal": compression and {"compression": compression},
        "data": compression and {"compression": compression},
    }
    configuration = {
        "destinationPath": store.destination_path,
        **_credentials(store),
        **{key: value for key, value in optional.items() if value},
    }
    return {"configuration": configuration, **({"retentionPolicy": store.retention} if store.retention else {})}


def _credentials(store: ObjectStore) -> Spec:
    kind = store_kind(store.destination_path)
    if (secret := store.secret) is None:
        return {kind.field: {kind.inherited: True}}
    keys = secret.keys or kind.usual
    return {kind.field: {name: {"name": secret.name, "key": key} for name, key in keys.items()}}


def _volume(volume: Volume) -> Spec:
    return {"size": volume.size, **({"storageClass": volume.storage_class} if volume.storage_class else {})}


def _backup(cluster: str, backup: PostgresBackup | None) -> Spec:
    if backup is None:
        return {}
    parameters = _plugin_parameters(backup.object_store, f"{cluster}-{BACKUP}", backup.server_name)
    found: Spec = {"plugins": [{"name": PLUGIN, "isWALArchiver": True, "parameters": parameters}]}
    if (snapshots := backup.volume_snapshots) is not None:
        class_name = snapshots.class_name
        found["backup"] = {"volumeSnapshot": {} if class_name is None else {"className": class_name}}
    return found


def _recovery(cluster: str, recovery: PostgresRecovery | None) -> Spec:
    if recovery is None:
        return {}
    target = {"recoveryTarget": {"targetTime": recovery.target_time}} if recovery.target_time else {}
    parameters = _plugin_parameters(recovery.object_store, f"{cluster}-{RECOVERY}", recovery.server_name)
    return {
        "bootstrap": {"recovery": {"source": _SOURCE, **target}},
        "externalClusters": [{"name": _SOURCE, "plugin": {"name": PLUGIN, "parameters": parameters}}],
    }


def _plugin_parameters(store: ObjectStore | str, default: str, server_name: str | None) -> Spec:
    name = store if isinstance(store, str) else default
    return {"barmanObjectName": name, **({"serverName": server_name} if server_name else {})}
