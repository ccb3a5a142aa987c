"""The validation rules of Kafka and Redis: for each field, and for each of the two as a whole."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import cast

from pulumi_ixn import values
from pulumi_ixn.certificates import (
    CERT_MANAGER,
    CertificateAuthority,
    Certificates,
    ClientCertificate,
    IssuedCertificate,
    Issuer,
)
from pulumi_ixn.contract.service_json import KAFKA_JSON, REDIS_JSON
from pulumi_ixn.credentials import PASSWORD, Credentials
from pulumi_ixn.external_secrets import JSON
from pulumi_ixn.inputs import is_plain
from pulumi_ixn.json_fields import JsonFields
from pulumi_ixn.parsing import Parser
from pulumi_ixn.paths import at, nearest
from pulumi_ixn.peer_rules import LOCATED, Issues
from pulumi_ixn.peers import Endpoint
from pulumi_ixn.services import Kafka, Redis, Sentinel
from pulumi_ixn.validation import Entries, FieldRule, Plain, RecordRule

_NEW_NAME: Parser[str | None] = Parser(
    f"{values.json_field.expected}, or None to leave the field out",
    lambda value: None if value is None else values.json_field(value),
)

DEFAULT_DURATION = "2160h"
"""Of cert-manager's certificates."""

_LEAST_DURATION, _LEAST_RENEWAL = 60, 5
"""In minutes: what cert-manager accepts."""

_IN_THE_JSON = "is not used: the JSON of the Secret, which others write, has it"
_IN_PLAIN_TEXT = "would be in the ExternalSecret in plain text: take the whole JSON from the store"
_BOOLEAN = Plain(values.boolean)

SERVICE_FIELDS: Mapping[type, Mapping[str, FieldRule]] = {
    Kafka: {**LOCATED, "tls": _BOOLEAN, "sasl_mechanism": Plain(values.sasl_mechanism)},
    Redis: {
        **LOCATED,
        "cluster": values.boolean,
        "tls": values.boolean,
        "reject_unauthorized": values.boolean,
        "server_name": values.host,
    },
    Sentinel: {"master": values.line, "username": values.line, "password": values.password},
    Certificates: {},
    CertificateAuthority: {"secret_name": values.object_name, "key": values.secret_key, "version": values.line},
    ClientCertificate: {
        "secret_name": values.object_name,
        "certificate_key": values.secret_key,
        "private_key": values.secret_key,
        "version": values.line,
    },
    Issuer: {
        "name": Plain(values.object_name),
        "kind": Plain(values.issuer_kind),
        "group": Plain(values.object_name),
    },
    IssuedCertificate: {
        "common_name": Plain(values.common_name),
        "secret_name": Plain(values.object_name),
        "duration": Plain(values.go_duration),
        "renew_before": Plain(values.go_duration),
    },
    JsonFields: {
        "renamed": Entries(Plain(str), Plain(_NEW_NAME)),
        "extra": Entries(values.json_field, values.json_value),
    },
}


def source_keys(credentials: Credentials, *choices: AbstractSet[str]) -> Issues:
    """Yield a violation if the values in a store are not one of the sets of names."""
    if credentials.source is not None and set(credentials.source.keys) not in choices:
        expected = ", or ".join(" and ".join(map(repr, sorted(each, reverse=True))) for each in choices)
        yield "credentials.source.keys", f"must be {expected}"


def _has_whole_json(credentials: Credentials) -> bool:
    """Return whether this package adds nothing to the JSON."""
    source = credentials.source
    return credentials.kind == "existing" or (source is not None and JSON in source.keys)


def _kafka(record: Kafka) -> Issues:
    credentials = record.credentials
    yield from source_keys(credentials, {JSON})
    if credentials.kind == "generated":
        yield (
            "credentials.kind",
            "is not 'existing', 'managed' or 'external': this package does not create the users of Kafka",
        )
    yield from _ports(record)
    yield from _certificates(record.certificates, tls=record.tls)
    yield from _json_fields(record.json_fields, KAFKA_JSON)
    if _has_whole_json(credentials):
        yield from _unused(record, ("sasl_mechanism", "json_fields"))
        if credentials.username is not None and record.sasl_mechanism is None:
            yield "credentials.username", _IN_THE_JSON
    elif credentials.kind == "managed":
        for name in ("username", "password"):
            given = getattr(credentials, name) is not None
            if given and record.sasl_mechanism is None:
                yield f"credentials.{name}", "is not used: clients do not log in without a SASL mechanism"
            elif record.sasl_mechanism is not None and not given:
                yield f"credentials.{name}", "is missing: SASL needs it"


def _redis(record: Redis) -> Issues:
    credentials = record.credentials
    yield from source_keys(credentials, {PASSWORD}, {JSON})
    if credentials.kind == "managed" and credentials.password is None:
        yield "credentials.password", "is missing"
    yield from _ports(record)
    yield from _certificates(record.certificates, tls=record.tls)
    yield from _json_fields(record.json_fields, REDIS_JSON)
    if record.certificates.ca is not None and record.tls and not record.reject_unauthorized:
        yield "certificates.ca", "is not used: certificates that cannot be verified are not rejected"
    if record.server_name is not None and not record.tls:
        yield "server_name", "is not used: connections do not use TLS"
    if record.sentinel is not None:
        if record.cluster:
            yield "cluster", "is true, and a Redis with Sentinel is not a Redis Cluster: set it to false"
        if is_plain(record.advertised) and not record.advertised and record.target_ports is None:
            yield "advertised", "must have the nodes' addresses: Sentinel redirects clients to them"
    yield from _redis_json(record)


def _redis_json(record: Redis) -> Issues:
    """Yield what cannot be in the JSON, or cannot be there as a secret value."""
    if _has_whole_json(record.credentials):
        yield from _unused(record, ("server_name", "sentinel", "json_fields"))
        if record.credentials.username is not None:
            yield "credentials.username", _IN_THE_JSON
    elif record.credentials.kind == "external":
        if record.sentinel is not None and record.sentinel.password is not None:
            yield "sentinel.password", _IN_PLAIN_TEXT
        extra = record.json_fields.extra
        yield from ((at("json_fields.extra", name), _IN_PLAIN_TEXT) for name in extra if not is_plain(extra[name]))


SERVICE_RECORDS: Mapping[type, RecordRule] = {Kafka: _kafka, Redis: _redis}


def _unused(record: Kafka | Redis, names: Iterable[str]) -> Issues:
    """Yield the fields that would have no effect, because they are in the JSON of an existing Secret."""
    for name in names:
        if getattr(record, name) not in (None, JsonFields()):
            yield name, _IN_THE_JSON


def _certificates(record: Certificates, *, tls: bool) -> Issues:
    given = [name for name in ("ca", "client") if getattr(record, name) is not None]
    if not tls:
        yield from ((f"certificates.{name}", "is not used: connections do not use TLS") for name in given)
    client = record.client
    if isinstance(client, ClientCertificate) and client.certificate_key == client.private_key:
        yield "certificates.client.private_key", "is also the key of the certificate: mutual TLS needs both"
    if isinstance(client, IssuedCertificate):
        yield from ((f"certificates.client.{name}", message) for name, message in _issued(client))


def _issued(record: IssuedCertificate) -> Issues:
    """Yield what cert-manager's webhook refuses."""
    if record.issuer.group == CERT_MANAGER and record.issuer.kind not in ("Issuer", "ClusterIssuer"):
        yield "issuer.kind", "is not 'Issuer' or 'ClusterIssuer', the kinds of cert-manager.io"
    duration = values.minutes(record.duration or DEFAULT_DURATION)
    if duration < _LEAST_DURATION:
        yield "duration", "is below one hour"
    if record.renew_before is not None:
        before = values.minutes(record.renew_before)
        if before < _LEAST_RENEWAL:
            yield "renew_before", "is below five minutes"
        elif before >= duration:
            yield "renew_before", f"is not below the duration of {record.duration or DEFAULT_DURATION}"


def _json_fields(record: JsonFields, known: Mapping[str, object]) -> Issues:
    names = {name: record.renamed.get(name, name) for name in known}
    taken = [name for name in names.values() if name is not None]
    for name, new in record.renamed.items():
        path = at("json_fields.renamed", name)
        if name not in known:
            near = nearest(name, known)
            yield (
                path,
                f"is not a field; did you mean {near!r}?" if near else f"is not a field: {', '.join(known)}",
            )
        elif new is not None and taken.count(new) > 1:
            yield path, f"is {new!r}, which is also the name of another field"
    for name in record.extra:
        if name in taken:
            yield (
                at("json_fields.extra", name),
                "is a field that this package sets: rename it or leave it out first",
            )


def _ports(record: Kafka | Redis) -> Issues:
    for name in ("endpoints", "advertised"):
        endpoints = cast("Sequence[Endpoint]", getattr(record, name))
        if not is_plain(endpoints):
            continue
        if name == "endpoints" and not endpoints:
            yield name, "must have at least one endpoint"
        yield from ((f"{name}[{i}].port", "is missing") for i, each in enumerate(endpoints) if each.port is None)
