"""Mistakes in the settings of Kafka and Redis, which the stack config and the library both reject."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pytest
from pulumi_ixn import (
    CertificateAuthority,
    Certificates,
    ClientCertificate,
    Credentials,
    Endpoint,
    InvalidInputs,
    IssuedCertificate,
    Issuer,
    JsonFields,
    Kafka,
    Redis,
    RemoteKey,
    SecretStore,
    Sentinel,
)
from pulumi_ixn.config import load
from pulumi_ixn.testing import deploy

from tests.unit import messages as m
from tests.unit.config.stacks import change, stack_config
from tests.unit.samples import LOCATION, ixn

LOGIN = Credentials.managed("ixn", "hunter2")
CLUSTER = {"target": {"context": "here"}}
CA, CA_SETTINGS = CertificateAuthority("ca"), {"name": "ca"}
ONE_KEY, ONE_KEY_SETTINGS = (
    Certificates(client=ClientCertificate("client", "tls.key")),
    {"client": {"existing": {"name": "client", "certificateKey": "tls.key"}}},
)
SASL = {"mechanism": "SCRAM-SHA-512", "username": "ixn"}
SCRAM: Mapping[str, Any] = {"sasl_mechanism": "SCRAM-SHA-512", "credentials": LOGIN}
SENTINEL: Mapping[str, Any] = {"sentinel": Sentinel("ors"), "cluster": False}
NODES, ADVERTISED = (Endpoint("node", 6379),), ["node:6379"]
PASSWORD = {"password": "hunter2"}


def issued(issuer: Issuer = Issuer("ca"), **changes: Any) -> Certificates:  # noqa: B008 (it is frozen)
    return Certificates(client=IssuedCertificate(issuer, "ixn", **changes))


def issued_settings(issuer: Mapping[str, Any] | None = None, **changes: Any) -> Mapping[str, Any]:
    return {"client": {"certManager": {"issuer": issuer or {"name": "ca"}, "commonName": "ixn", **changes}}}


@dataclass(frozen=True)
class Mistake:
    """A mistake: arguments and settings, what both say of it, and the paths at which they do.

    Without `args`, the library cannot express it; without `settings`, the stack config cannot.
    """

    message: str
    path: str = ""
    args: Mapping[str, Any] = field(default_factory=dict[str, Any])
    key: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    secrets: Mapping[str, Any] = field(default_factory=dict[str, Any])


KAFKA = {
    "an unknown mechanism": Mistake(
        f"{m.NEAREST} 'SCRAM-SHA-512'?",
        "kafka.sasl_mechanism",
        {"sasl_mechanism": "SCRAM-SHA512", "credentials": LOGIN},
        "peers.kafka.sasl.mechanism",
        {"sasl": {**SASL, "mechanism": "SCRAM-SHA512"}},
        PASSWORD,
    ),
    "SASL without a username": Mistake(
        m.MISSING,
        "kafka.credentials.username",
        {**SCRAM, "credentials": Credentials.managed(password="hunter2")},
        "peers.kafka.sasl.username",
        {"sasl": {"mechanism": "PLAIN"}},
        PASSWORD,
    ),
    "SASL without a password": Mistake(
        m.MISSING,
        "kafka.credentials.password",
        {**SCRAM, "credentials": Credentials.managed("ixn")},
        "secrets.kafka.password",
        {"sasl": SASL},
    ),
    "a password without SASL": Mistake(
        "is not used",
        "kafka.credentials.password",
        {"credentials": Credentials.managed(password="hunter2")},
        "secrets.kafka.password",
        {},
        PASSWORD,
    ),
    "SASL beside an existing Secret": Mistake(
        "the JSON of the Secret, which others write, has it",
        "kafka.sasl_mechanism",
        {"sasl_mechanism": "PLAIN", "credentials": Credentials.existing()},
        "peers.kafka.sasl",
        {"sasl": SASL, "secret": {"existing": {}}},
    ),
    "certificates without TLS": Mistake(
        "do not use TLS",
        "kafka.certificates.ca",
        {"certificates": Certificates(CA)},
        "peers.kafka.certificates.ca",
        {"certificates": {"ca": CA_SETTINGS}},
    ),
    "mutual TLS without a key of its own": Mistake(
        "mutual TLS needs both",
        "kafka.certificates.client.private_key",
        {"tls": True, "certificates": ONE_KEY},
        "peers.kafka.certificates.client.existing.privateKey",
        {"tls": True, "certificates": ONE_KEY_SETTINGS},
    ),
    "mutual TLS from nowhere": Mistake(
        m.EXACTLY_ONE,
        key="peers.kafka.certificates.client",
        settings={"tls": True, "certificates": {"client": {}}},
    ),
    "a duration below an hour": Mistake(
        "is below one hour",
        "kafka.certificates.client.duration",
        {"tls": True, "certificates": issued(duration="59m")},
        "peers.kafka.certificates.client.certManager.duration",
        {"tls": True, "certificates": issued_settings(duration="59m")},
    ),
    "a renewal before the certificate": Mistake(
        "is not below the duration of 2160h",
        "kafka.certificates.client.renew_before",
        {"tls": True, "certificates": issued(renew_before="2160h")},
        "peers.kafka.certificates.client.certManager.renewBefore",
        {"tls": True, "certificates": issued_settings(renewBefore="2160h")},
    ),
    "a renewal at the last moment": Mistake(
        "is below five minutes",
        "kafka.certificates.client.renew_before",
        {"tls": True, "certificates": issued(renew_before="4m")},
        "peers.kafka.certificates.client.certManager.renewBefore",
        {"tls": True, "certificates": issued_settings(renewBefore="4m")},
    ),
    "a duration that is none": Mistake(
        "is not a duration",
        "kafka.certificates.client.duration",
        {"tls": True, "certificates": issued(duration="90d")},
        "peers.kafka.certificates.client.certManager.duration",
        {"tls": True, "certificates": issued_settings(duration="90d")},
    ),
    "a kind of issuer that cert-manager lacks": Mistake(
        "is not 'Issuer' or 'ClusterIssuer'",
        "kafka.certificates.client.issuer.kind",
        {"tls": True, "certificates": issued(Issuer("ca", "ClusterIsuer"))},
        "peers.kafka.certificates.client.certManager.issuer.kind",
        {"tls": True, "certificates": issued_settings({"name": "ca", "kind": "ClusterIsuer"})},
    ),
    "no common name": Mistake(
        "is not a common name",
        "kafka.certificates.client.common_name",
        {"tls": True, "certificates": Certificates(client=IssuedCertificate(Issuer("ca"), "a" * 65))},
        "peers.kafka.certificates.client.certManager.commonName",
        {"tls": True, "certificates": issued_settings(commonName="a" * 65)},
    ),
    "a field that does not exist": Mistake(
        f"{m.NEAREST} 'bootstrap'?",
        "kafka.json_fields.renamed.bootstrp",
        {"json_fields": JsonFields({"bootstrp": "brokers"})},
        "peers.kafka.jsonFields.renamed.bootstrp",
        {"jsonFields": {"renamed": {"bootstrp": "brokers"}}},
    ),
    "two fields of one name": Mistake(
        "also the name of another field",
        "kafka.json_fields.renamed.bootstrap",
        {"json_fields": JsonFields({"bootstrap": "sasl.username"})},
        "peers.kafka.jsonFields.renamed.bootstrap",
        {"jsonFields": {"renamed": {"bootstrap": "sasl.username"}}},
    ),
    "a field that the package sets": Mistake(
        m.RESERVED.removeprefix("is ").replace("set by this package", "this package sets"),
        'kafka.json_fields.extra["sasl.mechanism"]',
        {"json_fields": JsonFields(extra={"sasl.mechanism": "GSSAPI"})},
        'peers.kafka.jsonFields.extra["sasl.mechanism"]',
        {"jsonFields": {"extra": {"sasl.mechanism": "GSSAPI"}}},
    ),
    "a field that may be secret": Mistake(
        "ixn:secrets.kafka.jsonFields.token",
        key="peers.kafka.jsonFields.extra.token",
        settings={"jsonFields": {"extra": {"token": "hunter2"}}},
    ),
    "a field in both places": Mistake(
        "is also in",
        key="peers.kafka.jsonFields.extra.a",
        settings={"jsonFields": {"extra": {"a": "b"}}},
        secrets={"jsonFields": {"a": "c"}},
    ),
    "secret fields of an existing Secret": Mistake(
        "is not 'managed'",
        key="secrets.kafka.jsonFields",
        settings={"secret": {"existing": {}}},
        secrets={"jsonFields": {"a": "b"}},
    ),
    "a list as a field": Mistake(
        "is not a string, a whole number, true or false",
        "kafka.json_fields.extra.a",
        {"json_fields": JsonFields(extra={"a": []})},  # pyright: ignore[reportArgumentType]
        "peers.kafka.jsonFields.extra.a",
        {"jsonFields": {"extra": {"a": []}}},
    ),
    "a generated password": Mistake(
        "is not 'existing', 'managed' or 'external'",
        "kafka.credentials.kind",
        {"credentials": Credentials.generated("ixn")},
    ),
}

REDIS = {
    "a server name without TLS": Mistake(
        "do not use TLS",
        "redis.server_name",
        {"server_name": "redis.example.com"},
        "peers.orsRedisStream.serverName",
        {"serverName": "redis.example.com"},
    ),
    "a server name that is none": Mistake(
        "is not a host name",
        "redis.server_name",
        {"server_name": "a b", "tls": True},
        "peers.orsRedisStream.serverName",
        {"serverName": "a b", "tls": True},
    ),
    "a CA by which nothing is verified": Mistake(
        "are not rejected",
        "redis.certificates.ca",
        {"tls": True, "certificates": Certificates(CA)},
        "peers.orsRedisStream.certificates.ca",
        {"tls": True, "certificates": {"ca": CA_SETTINGS}},
    ),
    "Sentinel without a master": Mistake(
        m.MISSING,
        key="peers.orsRedisStream.sentinel.master",
        settings={"cluster": False, "advertised": ADVERTISED, "sentinel": {}},
    ),
    "Sentinel's password without Sentinel": Mistake(
        "ixn:peers.orsRedisStream.sentinel is not set",
        key="secrets.orsRedisStream.sentinelPassword",
        secrets={**PASSWORD, "sentinelPassword": "hunter3"},
    ),
    "Sentinel without the nodes": Mistake(
        "must have the nodes' addresses",
        "redis.advertised",
        SENTINEL,
        "peers.orsRedisStream.advertised",
        {"cluster": False, "sentinel": {"master": "ors"}},
    ),
    "Sentinel of a Cluster": Mistake(
        "is not a Redis Cluster",
        "redis.cluster",
        {**SENTINEL, "cluster": True, "advertised": NODES},
        "peers.orsRedisStream.cluster",
        {"sentinel": {"master": "ors"}, "advertised": ADVERTISED},
    ),
    "an ACL user beside an existing Secret": Mistake(
        "the JSON of the Secret, which others write, has it",
        "redis.credentials.username",
        {"credentials": Credentials("existing", username="ixn")},
        "peers.orsRedisStream.username",
        {"username": "ixn", "secret": {"existing": {}}},
        {},
    ),
}

FROM_STORE = Credentials.external(SecretStore("vault"), {"password": RemoteKey("redis")})

# The rest of the JSON is in the ExternalSecret, which anybody may read.
REDIS |= {
    "a password of Sentinel beside a store": Mistake(
        "in plain text",
        "redis.sentinel.password",
        {
            "credentials": FROM_STORE,
            "cluster": False,
            "sentinel": Sentinel("ors", password="hunter2"),
            "advertised": NODES,
        },
    ),
    "a secret field beside a store": Mistake(
        "in plain text",
        "redis.json_fields.extra.key",
        {"credentials": FROM_STORE, "json_fields": JsonFields(extra={"key": pulumi.Output.secret("hunter2")})},
    ),
}

IN_LIBRARY = [
    *((Kafka, {"credentials": Credentials.managed()}, each) for each in KAFKA.values() if each.path),
    *((Redis, {"credentials": LOGIN}, each) for each in REDIS.values() if each.path),
]
IN_SETTINGS = [
    *(("kafka", {}, each) for each in KAFKA.values() if each.key),
    *(("orsRedisStream", PASSWORD, each) for each in REDIS.values() if each.key),
]


def library_issues(kind: type, args: Mapping[str, Any]) -> Mapping[str, str]:
    name = kind.__name__.lower()
    service = kind(**{"endpoints": (Endpoint(name, 1),), "locations": LOCATION, **args})
    with pytest.raises(InvalidInputs) as caught:
        deploy(lambda: ixn(**{name: service}).connections)
    return {issue.path: issue.reason for issue in caught.value.issues}


def settings_issues(changes: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]]) -> Mapping[str, str]:
    config = change(stack_config("dev"), CLUSTER)
    for name, (peer, secrets) in changes.items():
        config = change(config, {f"peers.{name}.secret": {"managed": {}}})
        config["peers"][name] |= {"cluster": True} if name == "orsRedisStream" else {}
        config["peers"][name] |= peer
        if secrets and not (secrets == PASSWORD and "existing" in config["peers"][name]["secret"]):
            config = change(config, {f"secrets.{name}": secrets})
    with pytest.raises(InvalidInputs) as caught:
        load(config, frozenset({"secrets"}))
    return {issue.path: issue.reason for issue in caught.value.issues}


@pytest.mark.parametrize(("kind", "args", "mistake"), IN_LIBRARY, ids=[each.path for *_, each in IN_LIBRARY])
def test_the_library_names_the_argument(kind: type, args: Mapping[str, Any], mistake: Mistake) -> None:
    ((path, reason),) = library_issues(kind, {**args, **mistake.args}).items()

    assert path == mistake.path
    assert mistake.message in reason
    assert "hunter" not in reason


@pytest.mark.parametrize(("name", "secrets", "mistake"), IN_SETTINGS, ids=[each.key for *_, each in IN_SETTINGS])
def test_the_stack_config_names_the_setting(name: str, secrets: Mapping[str, Any], mistake: Mistake) -> None:
    ((path, reason),) = settings_issues({name: (mistake.settings, mistake.secrets or secrets)}).items()

    assert path == f"ixn:{mistake.key}"
    assert mistake.message in reason
    assert "hunter" not in reason


def test_all_mistakes_are_reported_at_once() -> None:
    kafka, redis = KAFKA["certificates without TLS"], REDIS["Sentinel without the nodes"]
    also = {"jsonFields": {"renamed": {"bootstrp": None}}}
    found = settings_issues(
        {
            "kafka": ({**kafka.settings, **also, "sasl": SASL}, {}),
            "orsRedisStream": ({**redis.settings, "serverName": "a"}, {**PASSWORD, "jsonFields": {}}),
        }
    )

    assert set(found) == {
        "ixn:peers.kafka.certificates.ca",
        "ixn:peers.kafka.jsonFields.renamed.bootstrp",
        "ixn:peers.orsRedisStream.advertised",
        "ixn:peers.orsRedisStream.serverName",
        "ixn:secrets.kafka.password",
    }


def settings_of(name: str, peer: Mapping[str, Any], secrets: Mapping[str, Any]) -> Any:
    """Return the settings of a peer, valid with these secret values."""
    location = [{"pods": {"namespace": "infra", "labels": {"app": "peer"}}}]
    given = {"locations": location, "secret": {"managed": {}}, **peer}
    config = change(stack_config("dev"), {**CLUSTER, f"peers.{name}": given, f"secrets.{name}": secrets})
    peers = load(config, frozenset({"secrets"})).environment.peers
    return peers.kafka if name == "kafka" else peers.ors_redis_stream


def test_the_settings_of_kafka_are_the_librarys_arguments() -> None:
    peer = {
        "endpoints": ["kafka:9093"],
        "tls": True,
        "sasl": SASL,
        "certificates": {"ca": CA_SETTINGS, **issued_settings()},
        "jsonFields": {"renamed": {"bootstrap": "brokers"}, "extra": {"a": 1}},
    }

    assert settings_of("kafka", peer, PASSWORD).service() == Kafka(
        (Endpoint("kafka", 9093),),
        LOCATION,
        Credentials.managed("ixn"),
        tls=True,
        sasl_mechanism="SCRAM-SHA-512",
        certificates=Certificates(CA, IssuedCertificate(Issuer("ca"), "ixn")),
        json_fields=JsonFields({"bootstrap": "brokers"}, {"a": 1}),
    )


def test_the_settings_of_redis_are_the_librarys_arguments() -> None:
    client = {"name": "client", "certificateKey": "a", "privateKey": "b", "version": "1"}
    peer = {
        "endpoints": ["sentinel:26379"],
        "advertised": ADVERTISED,
        "cluster": False,
        "tls": True,
        "rejectUnauthorized": True,
        "serverName": "redis.example.com",
        "username": "ixn",
        "sentinel": {"master": "ors", "username": "watcher"},
        "certificates": {"ca": {"name": "ca", "key": "k", "version": "2"}, "client": {"existing": client}},
        "jsonFields": {"renamed": {"name": None}},
    }

    assert settings_of("orsRedisStream", peer, PASSWORD).service() == Redis(
        (Endpoint("sentinel", 26379),),
        LOCATION,
        Credentials.managed("ixn"),
        cluster=False,
        tls=True,
        reject_unauthorized=True,
        advertised=NODES,
        server_name="redis.example.com",
        sentinel=Sentinel("ors", "watcher"),
        certificates=Certificates(
            CertificateAuthority("ca", "k", "2"), ClientCertificate("client", "a", "b", "1")
        ),
        json_fields=JsonFields({"name": None}),
    )
