"""Database, KafkaReference and RedisReference: their Secrets and the content of these."""

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any

import pulumi
import pytest
from pulumi_ixn import (
    CidrBlocks,
    Credentials,
    DatabaseReference,
    Endpoint,
    SecretRef,
)
from pulumi_ixn.testing import UNKNOWN, Deployment, deploy, unknown
from pulumi_ixn.validation import InvalidInputs

from tests.unit.deployed import env
from tests.unit.samples import database, ixn, kafka, redis

GENERATED = Credentials.generated("ixn", secret_name="ixn-db-secret-100")


def secret_of(made: DatabaseReference) -> SecretRef:
    assert made.peer.secret
    return made.peer.secret


def secrets(found: Deployment[Any]) -> dict[str, Any]:
    return {each["metadata"]["name"]: each["stringData"] for each in found.manifests if each["kind"] == "Secret"}


@pytest.mark.parametrize("make", [database, kafka, redis])
def test_an_existing_secret_is_referenced_and_not_created(make: Any, preview: bool) -> None:
    found = deploy(lambda: make() and None, preview=preview)

    assert secrets(found) == {}
    assert not [made for made in found.resources if made.type.startswith("random:")]


def test_a_generated_password_is_stored_in_a_secret() -> None:
    found = deploy(lambda: secret_of(database(credentials=GENERATED)).name)
    (password,) = (made for made in found.resources if made.name == "db-password")

    assert password.inputs == {"length": 32, "special": False}
    assert secrets(found) == {"ixn-db-secret-100": {"username": "ixn", "password": "generated-db-password"}}
    assert found.result == "ixn-db-secret-100"


def test_a_preview_plans_the_secret_of_an_unknown_generated_password() -> None:
    found = deploy(lambda: database(credentials=GENERATED) and None, preview=True)

    assert secrets(found) == {"ixn-db-secret-100": UNKNOWN}


@pytest.mark.parametrize("credentials", [GENERATED, Credentials.managed("ixn", "hunter2")])
def test_a_written_secret_is_a_secret_output(credentials: Any, preview: bool) -> None:
    found = deploy(lambda: database(credentials=credentials) and None, preview=preview)

    assert [made.secret for made in found.of_type("kubernetes:core/v1:Secret")] == [True]


def test_the_kafka_secret_has_the_vendor_format() -> None:
    brokers = (Endpoint("k1", 9092), Endpoint(pulumi.Output.from_input("k2"), 9093))
    found = deploy(
        lambda: kafka(credentials=Credentials.managed(), endpoints=pulumi.Output.from_input(brokers)) and None
    )

    text = secrets(found)["kafka-shared-secret"]["kafka-secrets"]
    assert json.loads(text) == {"bootstrap": "k1:9092,k2:9093"}


def test_the_redis_secret_has_the_vendor_format() -> None:
    nodes = (Endpoint("r1", 6379), Endpoint("r2", 6380))
    found = deploy(
        lambda: (
            redis(credentials=Credentials.managed(password="hunter2"), endpoints=nodes, reject_unauthorized=True)
            and None
        )
    )

    text = secrets(found)["redis-ors-secret"]["voice-redis-ors-stream"]
    assert json.loads(text) == {
        "password": "hunter2",
        "port": 6379,
        "rejectUnauthorized": True,
        "servername": "r1",
    }


V6 = Endpoint("2001:db8::1", 9092)


def test_an_ipv6_broker_with_a_port_is_written_in_brackets() -> None:
    found = deploy(lambda: ixn(kafka=kafka(credentials=Credentials.managed(), endpoints=(V6,))))

    brokers = env(found, "vqnode")["KAFKA_BOOTSTRAP_SERVERS"]
    managed = json.loads(secrets(found)["kafka-shared-secret"]["kafka-secrets"])["bootstrap"]
    assert brokers == managed == "[2001:db8::1]:9092"


def owned_kafka(endpoints: pulumi.Input[Sequence[Endpoint]]) -> None:
    kafka(credentials=Credentials.managed(), endpoints=endpoints)


def owned_redis(endpoints: pulumi.Input[Sequence[Endpoint]]) -> None:
    redis(credentials=Credentials.managed(password="hunter2"), endpoints=endpoints)


@pytest.mark.parametrize("endpoints", [(), (Endpoint("one", 1), Endpoint("two"))])
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize(("make", "name"), [(owned_kafka, "kafka"), (owned_redis, "redis")])
def test_a_secret_without_endpoints_is_rejected(
    make: Callable[[Any], None], name: str, late: bool, endpoints: tuple[Endpoint, ...]
) -> None:
    with pytest.raises(InvalidInputs, match=rf"{name}\.endpoints"):
        deploy(lambda: make(pulumi.Output.from_input(endpoints) if late else endpoints))


def roll(password: str) -> dict[str, str]:
    """Return the annotations of the server's pods with this database password."""
    credentials = Credentials.managed("ixn", password)
    found = deploy(lambda: ixn(database=database(credentials=credentials)))
    template = found.manifest("StatefulSet", "ixn-server-100")["spec"]["template"]
    return template["metadata"]["annotations"]


def test_pods_roll_only_when_a_written_secret_changes() -> None:
    assert roll("one") == roll("one")
    assert roll("one") != roll("two")


def test_the_digest_of_a_secret_is_keyed() -> None:
    digest = roll("one")["checksum/ixn-db"]

    guesses = ["one", "password\0one\0username\0ixn", json.dumps({"username": "ixn", "password": "one"})]
    assert digest not in [hashlib.sha256(guess.encode()).hexdigest() for guess in guesses]
    assert "one" not in digest


def test_the_digest_is_not_a_secret_value() -> None:
    def program() -> pulumi.Output[bool]:
        version = secret_of(database(credentials=GENERATED)).version
        assert isinstance(version, pulumi.Output)
        return pulumi.Output.from_input(version.is_secret())

    assert deploy(program).result is False


def test_a_new_version_of_an_existing_secret_rolls_the_pods() -> None:
    found = deploy(
        lambda: ixn(kafka=kafka(credentials=Credentials.existing("kafka-shared-secret", version="2026-11")))
    )

    for kind, name in (("StatefulSet", "ixn-server-100"), ("Deployment", "ixn-vqnode-100")):
        annotations = found.manifest(kind, name)["spec"]["template"]["metadata"]["annotations"]
        assert annotations["checksum/kafka"] == "2026-11"


def test_addresses_and_credentials_may_be_unknown(preview: bool) -> None:
    def program() -> None:
        at = (Endpoint(unknown(str), unknown(int)),)
        location = (CidrBlocks((unknown(str),)),)
        database(credentials=Credentials.managed(unknown(str), unknown(str), secret_name="s"), locations=location)
        kafka(endpoints=unknown(list[Endpoint]), credentials=Credentials.managed(), locations=location)
        redis(endpoints=at, credentials=Credentials.managed(password=unknown(str)), locations=location)

    found = deploy(program, preview=preview)

    assert {each["metadata"]["name"] for each in found.manifests} == {
        "s",
        "kafka-shared-secret",
        "redis-ors-secret",
    }


def test_a_changed_password_changes_its_secret_and_the_annotation_of_its_readers_and_nothing_else() -> None:
    def manifests(password: str) -> dict[tuple[str, str], Any]:
        found = deploy(lambda: ixn(redis=redis(credentials=Credentials.managed(password=password))) and None)
        return {(each["kind"], each["metadata"]["name"]): each for each in found.manifests if "kind" in each}

    before, after = manifests("one"), manifests("two")
    changed = {name for name, each in before.items() if after[name] != each}

    assert changed == {("Secret", "redis-ors-secret"), ("Deployment", "ixn-node-100")}
    template = after["Deployment", "ixn-node-100"]["spec"]["template"]
    template["metadata"]["annotations"]["checksum/ors-redis-stream"] = before["Deployment", "ixn-node-100"][
        "spec"
    ]["template"]["metadata"]["annotations"]["checksum/ors-redis-stream"]
    assert after["Deployment", "ixn-node-100"] == before["Deployment", "ixn-node-100"]
