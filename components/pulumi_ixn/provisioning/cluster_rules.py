"""The validation rules of a Cluster of CloudNativePG, of its backups and of its recovery."""

from collections.abc import Mapping

from pulumi_ixn import values
from pulumi_ixn.parsing import Invalid, Parser, from_to, matching, one_of
from pulumi_ixn.peer_rules import Issues
from pulumi_ixn.provisioning.backups import (
    ObjectStore,
    ObjectStoreSecret,
    PostgresBackup,
    PostgresRecovery,
    VolumeSnapshots,
)
from pulumi_ixn.provisioning.object_stores import store_kind
from pulumi_ixn.provisioning.postgres_cluster import DatabaseLogin, PostgresClusterArgs, Volume
from pulumi_ixn.provisioning.rules import identifier
from pulumi_ixn.provisioning.schedules import schedule, target_time
from pulumi_ixn.validation import Each, Entries, FieldRule, Plain, RecordRule

MAX_CLUSTER_NAME = 50
"""The characters that the operator accepts: it derives the names of pods and Services."""

_PATH = r"(s3://[a-z0-9][a-z0-9.-]*|gs://[a-z0-9][a-z0-9._-]*|https://[A-Za-z0-9][A-Za-z0-9.-]*/[^\s/]+)(/[^\s]*)?"

cluster_name: Parser[str] = matching(
    f"a Cluster's name: lower-case letters, digits and '-', first a letter, at most {MAX_CLUSTER_NAME}",
    r"[a-z]([a-z0-9-]*[a-z0-9])?",
    MAX_CLUSTER_NAME,
)
instances: Parser[int] = from_to(1, 100)
destination_path: Parser[str] = matching(
    "the path of an object store: 's3://bucket/path', 'gs://bucket/path' or, for Azure, "
    "'https://account.blob.core.windows.net/container/path'",
    _PATH,
    1024,
)
endpoint_url: Parser[str] = matching(
    "an address that begins with 'https://' or 'http://'", r"https?://[^\s/]+\S*", 1024
)
retention: Parser[str] = matching(
    "a recovery window in days, weeks or months, such as '30d', '4w' or '6m'", r"[1-9][0-9]*[dwm]", 8
)
compression: Parser[str] = one_of("gzip", "bzip2", "lz4", "snappy")
server_name: Parser[str] = matching(
    "the name of a directory in the object store", r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", 253
)
credential_field: Parser[str] = matching("a field of an ObjectStore's credentials", "[a-z][A-Za-z]*", 63)
parameter: Parser[str] = matching("the name of a parameter of postgresql.conf", "[a-z][a-z0-9_.]*", 63)


CLUSTER_FIELDS: Mapping[type, Mapping[str, FieldRule]] = {
    Volume: {"size": Plain(values.byte_count), "storage_class": Plain(values.object_name)},
    DatabaseLogin: {"database": identifier, "role": identifier},
    ObjectStoreSecret: {
        "name": values.object_name,
        "keys": Plain(Entries(credential_field, values.secret_key)),
    },
    ObjectStore: {
        "destination_path": Plain(destination_path),
        "endpoint_url": Plain(endpoint_url),
        "retention": Plain(retention),
        "compression": Plain(compression),
    },
    VolumeSnapshots: {"schedule": Plain(schedule), "class_name": values.object_name},
    PostgresBackup: {"schedule": Plain(schedule), "server_name": Plain(server_name)},
    PostgresRecovery: {"server_name": Plain(server_name), "target_time": Plain(target_time)},
    PostgresClusterArgs: {
        "namespace": values.dns_label,
        "cluster_name": Plain(cluster_name),
        "instances": Plain(instances),
        "image_pull_policy": values.pull_policy,
        "image_pull_secrets": Each(values.object_name),
        "parameters": Plain(Entries(parameter, values.text)),
        "service_account_annotations": Entries(values.label_key, values.text),
        "protect": Plain(values.boolean),
        "retain": Plain(values.boolean),
        "ready_timeout": Plain(values.rollout_timeout),
    },
}


def store_issues(record: ObjectStore) -> Issues:
    """Yield an issue for each key that the store does not have, or lacks."""
    if record.secret is None or not (given := record.secret.keys):
        return
    kind = store_kind(record.destination_path)
    if unknown := [each for each in given if each not in kind.known]:
        yield "secret.keys", f"unknown key {unknown[0]!r}; known keys: {', '.join(kind.known)}"
    elif not any(given.keys() >= {*login} for login in kind.logins):
        yield "secret.keys", f"has no login: set {', or '.join(' and '.join(each) for each in kind.logins)}"


def existing_store_issues(record: PostgresBackup | PostgresRecovery) -> Issues:
    """Yield an issue for the name of an existing ObjectStore that Kubernetes would not accept."""
    store = record.object_store
    if isinstance(store, ObjectStore):
        return
    try:
        values.object_name(store)
    except Invalid as error:
        yield "object_store", f"{store!r} {error}"


def cluster_issues(record: PostgresClusterArgs) -> Issues:
    """Yield the violations of a Cluster as a whole."""
    backup, recovery = record.backup, record.recovery
    if backup is None or recovery is None or _place(backup.object_store) != _place(recovery.object_store):
        return
    if (backup.server_name or record.cluster_name) == recovery.server_name:
        message = (
            "is that of the backups to restore from: no two Clusters may write to one directory; name another"
        )
        yield "backup.server_name", f"{recovery.server_name!r} {message}"


def _place(store: ObjectStore | str) -> object:
    if isinstance(store, str):
        return store
    return store.endpoint_url, store.destination_path.rstrip("/")


CLUSTER_RECORDS: Mapping[type, RecordRule] = {
    ObjectStore: store_issues,
    PostgresBackup: existing_store_issues,
    PostgresRecovery: existing_store_issues,
    PostgresClusterArgs: cluster_issues,
}
