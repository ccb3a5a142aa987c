"""The JSON and the connection strings of Kafka and Redis, for any value, as real clients parse them."""

import ipaddress
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from confluent_kafka import Producer
from hypothesis import given, settings
from hypothesis import strategies as st
from pulumi_ixn import Credentials, Endpoint, JsonFields, Sentinel, values
from pulumi_ixn.addresses import Address, address_list
from pulumi_ixn.parsing import Invalid
from pulumi_ixn.testing import deploy
from redis import Sentinel as SentinelClient

from tests.unit.deployed import env
from tests.unit.samples import ixn, kafka, redis
from tests.unit.test_kafka_and_redis import SENTINEL, fields


def is_line(text: str) -> bool:
    try:
        return bool(values.line(text))
    except Invalid:
        return False


TEXTS = st.text(min_size=1, max_size=40)
LINES = TEXTS.filter(is_line)
IN_C = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=40)
"""What a client in C can hold."""

LOOPBACK = st.one_of(
    st.integers(0x7F000001, 0x7FFFFFFE).map(lambda number: str(ipaddress.IPv4Address(number))), st.just("::1")
)
ADDRESSES = st.builds(Address, LOOPBACK, st.integers(1, 65535))
NOWHERE = {"bootstrap.servers": "127.0.0.1:1", "log_level": 0}


def text_of(program: Any) -> str:
    found = deploy(lambda: program() and None)
    fields(found)
    (secret,) = (each["stringData"] for each in found.manifests if each["kind"] == "Secret")
    (text,) = secret.values()
    return text


@settings(max_examples=30)
@given(LINES, TEXTS, st.dictionaries(st.from_regex(r"[a-z.]{1,9}x", fullmatch=True), TEXTS, max_size=2))
def test_any_value_survives_in_the_json_of_kafka(username: str, password: str, extra: Mapping[str, str]) -> None:
    login = Credentials.managed(username, password)
    text = text_of(lambda: kafka(credentials=login, sasl_mechanism="PLAIN", json_fields=JsonFields(extra=extra)))

    found = json.loads(text)
    assert (found["sasl.username"], found["sasl.password"]) == (username, password)
    assert {name: found[name] for name in extra} == extra
    assert text.isascii()
    assert text.isprintable()


@settings(max_examples=30)
@given(LINES, TEXTS, LINES, TEXTS)
def test_a_client_of_sentinel_has_the_values_as_given(
    username: str, password: str, master: str, sentinel_password: str
) -> None:
    login, sentinel = Credentials.managed(username, password), Sentinel(master, password=sentinel_password)
    found = json.loads(text_of(lambda: redis(credentials=login, **{**SENTINEL, "sentinel": sentinel})))

    at = [(each["host"], each["port"]) for each in found["sentinels"]]
    client = SentinelClient(
        at,
        sentinel_kwargs={"password": found["sentinelPassword"]},
        username=found["username"],
        password=found["password"],
    )
    node: Any = client.master_for(found["name"])
    assert _login(node) == (username, password)
    assert [_login(each) for each in client.sentinels] == [(None, sentinel_password)]
    assert node.connection_pool.service_name == master


@settings(max_examples=30)
@given(IN_C, IN_C)
def test_librdkafka_takes_any_login(username: str, password: str) -> None:
    Producer(
        {
            **NOWHERE,
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": username,
            "sasl.password": password,
        }
    )


@settings(max_examples=20)
@given(st.lists(ADDRESSES, min_size=1, max_size=4, unique=True))
def test_librdkafka_finds_every_broker_in_the_list(addresses: Sequence[Address]) -> None:
    assert brokers_of(address_list(addresses)) == {str(each) for each in addresses}


def test_the_variable_of_the_pods_is_the_list_in_the_json() -> None:
    addresses = [Address("192.0.2.1", 9092), Address("2001:db8::1", 9094), Address("kafka.example.com", 9096)]
    endpoints = [Endpoint(each.host, each.port) for each in addresses]
    found = deploy(lambda: ixn(kafka=kafka(endpoints=endpoints, credentials=Credentials.managed())))

    secret = found.manifest("Secret", "kafka-shared-secret")["stringData"]["kafka-secrets"]
    for workload in ("server", "vqnode"):
        assert env(found, workload)["KAFKA_BOOTSTRAP_SERVERS"] == json.loads(secret)["bootstrap"]
    assert json.loads(secret)["bootstrap"] == address_list(addresses)


def brokers_of(servers: str) -> set[str]:
    """Return the brokers that librdkafka knows of its configuration, without any that it was referred to."""
    reports: list[str] = []
    producer = Producer(
        {**NOWHERE, "bootstrap.servers": servers, "statistics.interval.ms": 20, "stats_cb": reports.append}
    )
    end = time.monotonic() + 10
    while not reports and time.monotonic() < end:
        producer.poll(0.02)
    names = json.loads(reports[0])["brokers"]
    return {name.removesuffix("/bootstrap") for name in names if name.endswith("/bootstrap")}


def _login(client: Any) -> tuple[str | None, str]:
    given = client.connection_pool.connection_kwargs
    return given.get("username"), given["password"]
