"""The validation rules of how a database is provisioned."""

from collections.abc import Mapping
from typing import get_args

from pulumi_ixn import values
from pulumi_ixn.parsing import Parser, one_of, string
from pulumi_ixn.peer_rules import Issues
from pulumi_ixn.provisioning.args import Administrator, DatabaseTls, Provisioned, SslMode
from pulumi_ixn.provisioning.cloud_native_pg import CloudNativePg
from pulumi_ixn.validation import Each, Entries, FieldRule, Plain, RecordRule

MAX_IDENTIFIER = 63
"""The bytes of a name that PostgreSQL keeps."""

_VERIFYING = ("verify-ca", "verify-full")

ssl_mode: Parser[str] = one_of(*get_args(SslMode))


def _identifier(value: object) -> str:
    text = values.line(value)
    if len(text.encode()) > MAX_IDENTIFIER:
        raise ValueError(value)
    return text


identifier: Parser[str] = Parser(
    f"a name of at most {MAX_IDENTIFIER} bytes, which is what PostgreSQL keeps", _identifier
)


def _job_name(value: object) -> str:
    if len(values.dns_label(string(value))) > values.MAX_JOB_NAME:
        raise ValueError(value)
    return string(value)


job_name: Parser[str] = Parser(
    f"a Kubernetes name of at most {values.MAX_JOB_NAME} characters, to which a digest is added", _job_name
)

PROVISIONING_FIELDS: Mapping[type, Mapping[str, FieldRule]] = {
    Administrator: {
        "secret_name": values.object_name,
        "username_key": values.secret_key,
        "password_key": values.secret_key,
        "database": identifier,
    },
    CloudNativePg: {
        "cluster": values.dns_label,
        "namespace": values.dns_label,
        "role": identifier,
        "role_secret": values.object_name,
    },
    DatabaseTls: {"mode": Plain(ssl_mode)},
    Provisioned: {
        "owner": identifier,
        "repair": Plain(values.boolean),
        "image_pull_policy": values.pull_policy,
        "image_pull_secrets": Each(values.object_name),
        "labels": Entries(values.added_label_key, values.label_value),
        "annotations": Entries(values.annotation_key, values.text),
    },
}


def tls_issues(record: DatabaseTls) -> Issues:
    """Yield an issue for a CA that is missing, or that nothing uses."""
    if record.mode in _VERIFYING and record.ca is None:
        yield "ca", f"is missing: {record.mode!r} verifies the server's certificate"
    if record.mode not in _VERIFYING and record.ca is not None:
        yield "ca", f"is not used: {record.mode!r} verifies no certificate; use 'verify-full'"


PROVISIONING_RECORDS: Mapping[type, RecordRule] = {DatabaseTls: tls_issues}
