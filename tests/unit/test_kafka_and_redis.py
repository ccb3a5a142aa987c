"""The JSON and the certificates of Kafka and Redis in each form, and their mounts in the pods."""

import json
from collections.abc import Mapping
from dataclasses import replace
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
    Sentinel,
)
from pulumi_ixn.contract import KAFKA_JSON, REDIS_JSON, Assumed, FromVendor
from pulumi_ixn.testing import Deployment, deploy

from tests.unit.deployed import template
from tests.unit.kubernetes_schemas import VERSIONS, validation_errors
from tests.unit.samples import ixn, kafka, redis

CA = CertificateAuthority("ca-bundle", "bundle.pem", "2026-11")
CLIENT = ClientCertificate("client", "client.crt", "client.key", "7")
BOTH = Certificates(CA, CLIENT)
LOGIN = Credentials.managed("ixn", "hunter2")
SCRAM: Mapping[str, Any] = {"tls": True, "sasl_mechanism": "SCRAM-SHA-512", "certificates": BOTH}
SENTINEL: Mapping[str, Any] = {
    "cluster": False,
    "advertised": (Endpoint("node", 6379),),
    "sentinel": Sentinel("ors", "watcher", "hunter3"),
}
KAFKA_FIELDS = {
    "bootstrap": "kafka.infra.svc:9092",
    "security.protocol": "SASL_SSL",
    "sasl.mechanism": "SCRAM-SHA-512",
    "sasl.username": "ixn",
    "sasl.password": "hunter2",
    "ssl.ca.location": "/mnt/env-secrets/kafka-certificates/ca.crt",
    "ssl.certificate.location": "/mnt/env-secrets/kafka-certificates/tls.crt",
    "ssl.key.location": "/mnt/env-secrets/kafka-certificates/tls.key",
}
REDIS_FIELDS = {
    "password": "hunter2",
    "port": 6379,
    "rejectUnauthorized": True,
    "servername": "redis.example.com",
    "username": "ixn",
    "sentinels": [{"host": "redis.infra.svc", "port": 6379}],
    "name": "ors",
    "sentinelUsername": "watcher",
    "sentinelPassword": "hunter3",
    "caFile": "/mnt/env-secrets/redis-certificates/ca.crt",
    "certFile": "/mnt/env-secrets/redis-certificates/tls.crt",
    "keyFile": "/mnt/env-secrets/redis-certificates/tls.key",
}


def fields(found: Deployment[Any]) -> dict[str, Any]:
    (secret,) = (each["stringData"] for each in found.manifests if each["kind"] == "Secret")
    (text,) = secret.values()
    return json.loads(text)


def of_kafka(**changes: Any) -> Deployment[Any]:
    return deploy(lambda: kafka(**{"credentials": LOGIN, **SCRAM, **changes}) and None)


def of_redis(**changes: Any) -> Deployment[Any]:
    tls = {"tls": True, "reject_unauthorized": True, "server_name": "redis.example.com", "certificates": BOTH}
    return deploy(lambda: redis(**{"credentials": LOGIN, **tls, **SENTINEL, **changes}) and None)


def test_kafka_has_every_field() -> None:
    assert fields(of_kafka()) == KAFKA_FIELDS
    assert list(KAFKA_FIELDS) == list(KAFKA_JSON)


def test_redis_has_every_field() -> None:
    assert fields(of_redis()) == REDIS_FIELDS
    assert list(REDIS_FIELDS) == list(REDIS_JSON)


@pytest.mark.parametrize(
    ("table", "vendor"),
    [
        (KAFKA_JSON, {"bootstrap"}),
        (REDIS_JSON, {"password", "port", "rejectUnauthorized", "servername"}),
    ],
)
def test_fields_that_the_samples_lack_are_assumptions(table: Mapping[str, Any], vendor: set[str]) -> None:
    assert {name for name, origin in table.items() if isinstance(origin, FromVendor)} == vendor
    assert all(origin.why for origin in table.values() if isinstance(origin, Assumed))


@pytest.mark.parametrize(
    ("changes", "protocol"),
    [
        ({"tls": False, "certificates": Certificates()}, "SASL_PLAINTEXT"),
        ({"sasl_mechanism": None, "credentials": Credentials.managed()}, "SSL"),
        ({}, "SASL_SSL"),
    ],
)
def test_the_protocol_follows_from_tls_and_sasl(changes: Mapping[str, Any], protocol: str) -> None:
    assert fields(of_kafka(**changes))["security.protocol"] == protocol


def test_fields_are_renamed_left_out_and_added() -> None:
    changes = JsonFields(
        {"bootstrap": "brokers", "sasl.password": "pass", "ssl.ca.location": None},
        {"client.id": "ixn", "retries": 3, "debug": False, "token": pulumi.Output.secret("hunter4")},
    )
    found = fields(of_kafka(json_fields=changes))

    assert found.keys() & {"bootstrap", "sasl.password", "ssl.ca.location"} == set()
    assert (found["brokers"], found["pass"]) == ("kafka.infra.svc:9092", "hunter2")
    assert {name: found[name] for name in changes.extra} == {
        "client.id": "ixn",
        "retries": 3,
        "debug": False,
        "token": "hunter4",
    }


@pytest.mark.parametrize(("make", "secret"), [(of_kafka, "hunter2"), (of_redis, "hunter3")])
def test_passwords_are_only_in_the_secret(make: Any, secret: str) -> None:
    found = make()

    (holder,) = (made for made in found.resources if secret in json.dumps(made.inputs))
    assert holder.type == "kubernetes:core/v1:Secret"
    assert holder.secret


@pytest.mark.parametrize(("workload", "service"), [("server", "kafka"), ("vqnode", "kafka"), ("node", "redis")])
def test_certificates_are_mounted_where_the_json_names_them(workload: str, service: str, preview: bool) -> None:
    found = deploy(lambda: ixn(**_encrypted()), preview=preview)

    spec = template(found, workload)["spec"]
    (mount,) = (each for each in spec["containers"][0]["volumeMounts"] if "certificates" in each["name"])
    (volume,) = (each for each in spec["volumes"] if each["name"] == mount["name"])
    assert mount == {
        "name": f"{service}-certificates",
        "mountPath": f"/mnt/env-secrets/{service}-certificates",
        "readOnly": True,
    }
    assert [each["secret"] for each in volume["projected"]["sources"]] == [
        {"name": "ca-bundle", "items": [{"key": "bundle.pem", "path": "ca.crt"}]},
        {"name": "client", "items": [{"key": "client.crt", "path": "tls.crt"}]},
        {"name": "client", "items": [{"key": "client.key", "path": "tls.key"}]},
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_manifest_with_certificates_is_valid(version: str) -> None:
    found = deploy(lambda: ixn(**_encrypted()))

    wrong = {each["metadata"]["name"]: validation_errors(each, version) for each in found.manifests}
    assert {name: errors for name, errors in wrong.items() if errors} == {}


@pytest.mark.parametrize(("workload", "service"), [("server", "kafka"), ("node", "redis")])
def test_an_existing_secret_may_have_certificates_beside_it(workload: str, service: str) -> None:
    tls: dict[str, Any] = {"tls": True, "certificates": Certificates(CA)}
    found = deploy(lambda: ixn(kafka=kafka(**tls), redis=redis(**tls, reject_unauthorized=True)))

    volumes = {each["name"]: each for each in template(found, workload)["spec"]["volumes"]}
    assert len(volumes[f"{service}-certificates"]["projected"]["sources"]) == 1


def test_pods_roll_when_a_certificate_has_another_version() -> None:
    annotations = template(deploy(lambda: ixn(**_encrypted())), "node")["metadata"]["annotations"]

    assert annotations["checksum/ors-redis-stream-ca.crt"] == "2026-11"
    assert annotations["checksum/ors-redis-stream-tls.crt"] == "7"


def test_without_certificates_nothing_is_mounted() -> None:
    found = deploy(lambda: ixn())

    for workload in ("server", "vqnode", "node"):
        assert "certificates" not in json.dumps(template(found, workload))


ISSUED = IssuedCertificate(Issuer("ca", "ClusterIssuer"), "ixn", duration="24h", renew_before="8h30m")


def issued(certificate: IssuedCertificate = ISSUED, **certificates: Any) -> dict[str, Any]:
    both = Certificates(client=certificate, **certificates)
    return {"tls": True, "certificates": both, "credentials": Credentials.managed(password="hunter2")}


def with_issued(certificate: IssuedCertificate = ISSUED, **certificates: Any) -> Deployment[Any]:
    kafka_tls = {**issued(certificate, **certificates), "credentials": Credentials.managed()}
    return deploy(lambda: ixn(kafka=kafka(**kafka_tls), redis=redis(**issued(certificate, **certificates))))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("certificate", [ISSUED, IssuedCertificate(Issuer("vault", "VaultIssuer", "a.org"), "x")])
def test_a_certificate_is_valid_for_its_definition(certificate: IssuedCertificate, version: str) -> None:
    found = with_issued(certificate)

    made = [each for each in found.manifests if each.get("kind") == "Certificate"]
    assert sorted(each["metadata"]["name"] for each in made) == [
        "kafka-client-certificate",
        "redis-client-certificate",
    ]
    assert [validation_errors(each, version) for each in made] == [[], []]


def test_a_certificate_is_requested_as_configured() -> None:
    spec = with_issued().manifest("Certificate", "kafka-client-certificate")["spec"]

    assert spec["issuerRef"] == {"name": "ca", "kind": "ClusterIssuer", "group": "cert-manager.io"}
    assert (spec["commonName"], spec["duration"], spec["renewBefore"]) == ("ixn", "24h", "8h30m")
    assert spec["secretName"] == "kafka-client-certificate"
    assert spec["privateKey"]["rotationPolicy"] == "Always"
    assert "client auth" in spec["usages"]


@pytest.mark.parametrize(("workload", "service"), [("server", "kafka"), ("vqnode", "kafka"), ("node", "redis")])
def test_an_issued_certificate_is_mounted_with_its_own_ca(workload: str, service: str) -> None:
    volumes = {each["name"]: each for each in template(with_issued(), workload)["spec"]["volumes"]}
    name = f"{service}-client-certificate"

    assert [each["secret"] for each in volumes[f"{service}-certificates"]["projected"]["sources"]] == [
        {"name": name, "items": [{"key": file, "path": file}]} for file in ("ca.crt", "tls.crt", "tls.key")
    ]


def test_a_ca_of_its_own_replaces_that_of_an_issued_certificate() -> None:
    found = deploy(lambda: ixn(kafka=kafka(**{**issued(ca=CA), "credentials": Credentials.managed()})))
    volumes = {each["name"]: each for each in template(found, "server")["spec"]["volumes"]}

    first, *_ = volumes["kafka-certificates"]["projected"]["sources"]
    assert first["secret"] == {"name": "ca-bundle", "items": [{"key": "bundle.pem", "path": "ca.crt"}]}


def test_pods_roll_when_another_certificate_is_requested() -> None:
    key = "checksum/kafka-tls.crt"
    one, other = (
        template(with_issued(each), "server")["metadata"]["annotations"][key]
        for each in (ISSUED, replace(ISSUED, common_name="other"))
    )

    assert one != other


def test_two_services_cannot_write_one_secret() -> None:
    with pytest.raises(InvalidInputs, match="also created by"):
        with_issued(replace(ISSUED, secret_name="client"))


def _encrypted() -> dict[str, Any]:
    tls = {"tls": True, "reject_unauthorized": True, "certificates": BOTH, "credentials": LOGIN}
    return {"kafka": kafka(credentials=LOGIN, **SCRAM), "redis": redis(**tls)}
