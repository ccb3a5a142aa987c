"""The validation rules of the arguments: for each field, and for each record as a whole."""

from collections.abc import Mapping

from pulumi_ixn import external_secrets, images, random_passwords, rotation, values
from pulumi_ixn.args import (
    ConnectivityCheckOptions,
    DashboardsArgs,
    Image,
    IxnServerArgs,
    LogStorage,
    Monitoring,
    PodArgs,
    ResourceRequirements,
    Versions,
    WorkloadArgs,
)
from pulumi_ixn.credentials import PASSWORD, USERNAME, Credentials
from pulumi_ixn.database_rules import database_issues
from pulumi_ixn.external_secrets import ExternalSource, RemoteKey, SecretStore
from pulumi_ixn.fragments import rules as fragments
from pulumi_ixn.monitoring import alert_args
from pulumi_ixn.monitoring.alert_args import Alerts
from pulumi_ixn.naming import Tenant
from pulumi_ixn.parsing import Invalid
from pulumi_ixn.peer_rules import LOCATED, LOCATIONS, NON_EMPTY, PEER_FIELDS, PEER_RECORDS, Issues
from pulumi_ixn.peers import DnsNames
from pulumi_ixn.policies import CiliumPolicies, Dns, NetworkPolicies
from pulumi_ixn.provisioning.cluster_rules import CLUSTER_FIELDS, CLUSTER_RECORDS
from pulumi_ixn.provisioning.rules import PROVISIONING_FIELDS, PROVISIONING_RECORDS, job_name
from pulumi_ixn.scaling.rules import SCALING_FIELDS, SCALING_RECORDS
from pulumi_ixn.service_rules import SERVICE_FIELDS, SERVICE_RECORDS, source_keys
from pulumi_ixn.services import Database, DatabaseReferenceArgs, KafkaReferenceArgs, RedisReferenceArgs
from pulumi_ixn.validation import Each, Entries, FieldRule, Plain, RecordRule, Validator

_ADDED_LABELS = Entries(values.added_label_key, values.label_value)
_ANNOTATIONS = Entries(values.annotation_key, values.text)
_AMOUNTS = Entries(values.label_key, values.amount)
_PULL_SECRETS = Each(values.object_name)

_PROTECT = Plain(values.boolean)
_NAMESPACED: Mapping[str, FieldRule] = {"namespace": values.dns_label}
_REFERENCE: Mapping[str, FieldRule] = {**_NAMESPACED, "protect": _PROTECT}

FIELDS: Mapping[type, Mapping[str, FieldRule]] = {
    **PEER_FIELDS,
    **SCALING_FIELDS,
    **PROVISIONING_FIELDS,
    **CLUSTER_FIELDS,
    Tenant: {"id": Plain(values.tenant_id), "sid": Plain(values.sid)},
    Versions: dict.fromkeys(("server", "node", "vq_node"), Plain(values.image_tag)),
    Dns: {"locations": LOCATIONS, "ports": Each(values.port, NON_EMPTY)},
    NetworkPolicies: {},
    CiliumPolicies: {},
    Credentials: {
        "secret_name": values.object_name,
        "username": values.line,
        "password": values.password,
        "username_key": values.secret_key,
        "password_key": values.secret_key,
        "version": values.line,
        "length": Plain(random_passwords.length),
        "alphabet": Plain(Each(random_passwords.characters, NON_EMPTY)),
        "rotation": Plain(rotation.rotation),
    },
    SecretStore: {"name": values.object_name, "kind": Plain(external_secrets.store_kind)},
    RemoteKey: dict.fromkeys(("key", "property", "version"), values.line),
    ExternalSource: {
        "keys": Plain(Entries(external_secrets.value_name, non_empty=NON_EMPTY)),
        "refresh_interval": Plain(external_secrets.refresh_interval),
    },
    Database: {**LOCATED, "name": values.line},
    **SERVICE_FIELDS,
    DatabaseReferenceArgs: {**_REFERENCE, "job_name": Plain(job_name)},
    KafkaReferenceArgs: _REFERENCE,
    RedisReferenceArgs: _REFERENCE,
    Image: {
        "repository": Plain(values.repository),
        "tag": Plain(values.image_tag),
        "registry": Plain(values.registry_or_none),
        "digest": Plain(images.digest),
    },
    ResourceRequirements: {"requests": _AMOUNTS, "limits": _AMOUNTS},
    Monitoring: {
        "enabled": values.boolean,
        "interval": values.duration,
        "path": values.http_path,
        "labels": _ADDED_LABELS,
    },
    Alerts: {
        "enabled": Plain(values.boolean),
        "labels": Entries(alert_args.alert_label_key, alert_args.alert_label_value),
        "runbook_base_url": Plain(alert_args.runbook_base_url),
        "thresholds": Entries(alert_args.alert_with_threshold, Plain(alert_args.threshold)),
        "severities": Entries(alert_args.alert_name, Plain(alert_args.severity)),
        "durations": Entries(alert_args.alert_name, Plain(alert_args.alert_duration)),
        "disabled": Each(Plain(alert_args.alert_name)),
        "certificates": Each(Plain(values.object_name)),
    },
    DashboardsArgs: {
        **_NAMESPACED,
        "labels": Entries(values.added_label_key, values.label_value, NON_EMPTY),
        "folder": values.line,
        "folder_annotation": Plain(values.annotation_key),
    },
    LogStorage: {
        "size": values.byte_count,
        "storage_class": values.object_name,
        "size_limit": values.byte_count,
    },
    PodArgs: {
        "replicas": Plain(values.replicas),
        "image_pull_policy": values.pull_policy,
        "image_pull_secrets": _PULL_SECRETS,
        "env": Entries(values.env_name, values.text_or_none),
        "labels": _ADDED_LABELS,
        "annotations": _ANNOTATIONS,
        "pod": fragments.pod(fragments.SNAKE),
        "container": fragments.container(fragments.SNAKE),
        "sidecars": fragments.sidecars(fragments.SNAKE),
    },
    WorkloadArgs: {**_NAMESPACED, "reloader": Plain(values.boolean)},
    IxnServerArgs: {"protect": _PROTECT},
    ConnectivityCheckOptions: {
        "deadline": Plain(values.deadline),
        "image_pull_policy": values.pull_policy,
        "image_pull_secrets": _PULL_SECRETS,
        "labels": _ADDED_LABELS,
        "annotations": _ANNOTATIONS,
    },
}


def _requests_within_limits(record: ResourceRequirements) -> Issues:
    for side in ("requests", "limits"):
        memory = getattr(record, side).get("memory")
        try:
            values.byte_count(memory) if memory is not None else None
        except Invalid as error:
            yield f"{side}.memory", f"{memory!r} {error}"
    for name in sorted(record.requests.keys() & record.limits.keys()):
        request, limit = record.requests[name], record.limits[name]
        if values.quantity(request) > values.quantity(limit):
            yield "", f"requests more {name} than its limit allows: {request} is above {limit}"


def _class_with_size(record: LogStorage) -> Issues:
    # A size without a class is valid: it is the vendor's sample, which uses an emptyDir.
    if record.storage_class is not None and record.size is None:
        yield "", "has a storage class without a size: no PersistentVolumeClaim would be created"
    if record.claimed and record.size_limit is not None:
        yield "size_limit", "is for an emptyDir, not for a PersistentVolumeClaim"


def _dns_by_name(record: Dns) -> Issues:
    for index, location in enumerate(record.locations):
        if isinstance(location, DnsNames):
            yield f"locations[{index}]", "cannot locate the DNS resolver by DNS name; use pods or CIDRs"


def _credentials(record: Credentials) -> Issues:
    if record.kind not in ("existing", "managed", "generated", "external"):
        yield "kind", "is not 'existing', 'managed', 'generated' or 'external'"
    if (record.kind == "external") != (record.source is not None):
        yield "source", "is needed for 'external', and for no other kind"
    if record.rotation and record.kind != "generated":
        yield "rotation", "is not used: only generated passwords are rotated"
    yield from (("alphabet", message) for message in random_passwords.alphabet_issues(record.alphabet or ()))
    messages = random_passwords.strength_issues(record.length, record.alphabet)
    yield from (("length", message) for message in messages)


def _login(record: Database) -> Issues:
    credentials = record.credentials
    yield from source_keys(credentials, {USERNAME, PASSWORD})
    if credentials.kind in ("managed", "generated") and credentials.username is None:
        yield "credentials.username", "is missing"
    if credentials.kind == "managed" and credentials.password is None:
        yield "credentials.password", "is missing"
    if credentials.kind == "external" and credentials.username is not None:
        yield "credentials.username", "is not used: the store has it"
    yield from database_issues(record)


RECORDS: Mapping[type, RecordRule] = {
    **PEER_RECORDS,
    **SCALING_RECORDS,
    **PROVISIONING_RECORDS,
    **CLUSTER_RECORDS,
    ResourceRequirements: _requests_within_limits,
    LogStorage: _class_with_size,
    Alerts: alert_args.threshold_issues,
    Dns: _dns_by_name,
    Credentials: _credentials,
    Database: _login,
    **SERVICE_RECORDS,
}

validate: Validator = Validator(FIELDS, RECORDS)
"""Return arguments with parsed values. Raises InvalidInputs with every violation."""
