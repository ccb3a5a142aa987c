"""A client that reads nothing but what the pods read works with each form of Kafka."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.services.kafka_servers import USER, KafkaServers, kafka_servers
from tests.services.pods import Secrets, deployed, mount
from tests.services.servers import client

SECRET = "mnt/env-secrets/kafka-secrets/kafka-secrets"
CA = {"ca": {"name": "kafka-ca"}}
TLS = {"tls": True, "certificates": CA}
MUTUAL = {"tls": True, "certificates": {**CA, "client": {"existing": {"name": "kafka-client"}}}}


@dataclass(frozen=True)
class Form:
    """A form of Kafka: the listener that takes it, and its settings.

    `needed` has fields of the JSON: a value with which clients fail (None removes the field), and how they fail.
    """

    listener: str
    peer: Mapping[str, Any]
    needed: Mapping[str, tuple[str | None, str]]


def sasl(mechanism: str, **peer: Any) -> dict[str, Any]:
    return {"sasl": {"mechanism": mechanism, "username": USER}, **peer}


REFUSED, UNTRUSTED = "_AUTHENTICATION", "certificate verify failed"
PASSWORD = {"sasl.password": ("another", REFUSED)}
LOGIN = {**PASSWORD, "sasl.username": ("another", REFUSED), "sasl.mechanism": (None, "GSSAPI")}
AUTHORITY = {"ssl.ca.location": (None, UNTRUSTED)}
CERTIFICATE = {"ssl.certificate.location": (None, "_TRANSPORT")}
FORMS = {
    "plaintext": Form("PLAIN", {}, {}),
    "TLS": Form("TLS", TLS, {**AUTHORITY, "security.protocol": (None, "_ALL_BROKERS_DOWN")}),
    "mutual TLS": Form("MUTUAL", MUTUAL, CERTIFICATE),
    "SASL PLAIN": Form("SASL", sasl("PLAIN"), LOGIN),
    "SASL PLAIN over TLS": Form("SASLTLS", sasl("PLAIN", **TLS), AUTHORITY),
    "SCRAM-SHA-256": Form("SASL", sasl("SCRAM-SHA-256"), PASSWORD),
    "SCRAM-SHA-512 over TLS": Form("SASLTLS", sasl("SCRAM-SHA-512", **TLS), LOGIN),
}


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaServers]:
    with kafka_servers(tmp_path_factory.mktemp("kafka")) as found:
        yield found


def of_operator(servers: KafkaServers) -> Secrets:
    """Return the Secrets that exist before the stack."""
    return {
        "kafka-ca": {"ca.crt": servers.authority.certificate},
        "kafka-client": {"tls.crt": servers.client.certificate, "tls.key": servers.client.key},
    }


def pod(form: Form, servers: KafkaServers, directory: Path, workload: str = "vqnode") -> Path:
    peer = {
        "endpoints": servers.endpoints(form.listener),
        "advertised": servers.advertised(form.listener),
        "locations": [{"pods": {"namespace": "infra", "labels": {"app": "kafka"}}}],
        "secret": {"managed": {}},
        **form.peer,
    }
    directory.mkdir(exist_ok=True)
    secrets = {"secrets": {"kafka": {"password": servers.password}}} if "sasl" in form.peer else {}
    found = deployed({"peers.kafka": peer, **secrets}, directory / "kubeconfig")
    return mount(found, workload, of_operator(servers), directory / "pod")


@pytest.mark.parametrize("name", FORMS)
def test_a_client_reaches_both_brokers_with_what_the_pod_reads(
    name: str, servers: KafkaServers, tmp_path: Path
) -> None:
    root = pod(FORMS[name], servers, tmp_path)

    answer = client("kafka_client.py", root, servers.environ)

    assert answer.get("same") is True, answer
    assert [each.rpartition("/")[0] for each in answer["brokers"]] == servers.advertised(FORMS[name].listener)


@pytest.mark.parametrize(("name", "field"), [(name, field) for name in FORMS for field in FORMS[name].needed])
def test_each_field_is_needed(name: str, field: str, servers: KafkaServers, tmp_path: Path) -> None:
    root, (value, expected) = pod(FORMS[name], servers, tmp_path), FORMS[name].needed[field]
    change(root, field, value)

    assert expected in client("kafka_client.py", root, servers.environ)["error"]


def test_the_server_has_the_same_values(servers: KafkaServers, tmp_path: Path) -> None:
    form = FORMS["SCRAM-SHA-512 over TLS"]

    texts = [
        (pod(form, servers, tmp_path / workload, workload) / SECRET).read_text(encoding="utf-8")
        for workload in ("vqnode", "server")
    ]

    assert texts[0] == texts[1]


def change(root: Path, field: str, value: object) -> None:
    """Change a field of the mounted JSON; None removes it, and the field that only goes with it."""
    file = root / SECRET
    fields = json.loads(file.read_text(encoding="utf-8"))
    pair = ("ssl.certificate.location", "ssl.key.location") if field == "ssl.certificate.location" else (field,)
    for each in pair:
        assert fields.pop(each, None) is not None
        if value is not None:
            fields[each] = value
    file.write_text(json.dumps(fields), encoding="utf-8")
