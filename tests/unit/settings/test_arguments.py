"""Settings as the components' arguments: nothing that is set gets lost on the way."""

from typing import Any

import pytest
from pulumi_ixn import (
    OPENSHIFT,
    Absent,
    CiliumPolicies,
    ConnectionCheckOptions,
    Dns,
    Image,
    Neighbour,
    NetworkPolicies,
    Party,
    Resources,
)
from pulumi_ixn.credentials import ExistingSecret, GeneratedPassword, GivenPassword
from pulumi_ixn.isolation import OPENSHIFT_DNS, Isolation, Open
from pulumi_ixn.neighbours import Cidrs, Endpoint, Fqdns, OwnNode, Place, Pods, PortRange
from pulumi_ixn.settings import Settings, load
from pulumi_ixn.settings.arguments import check_options, database_args, kafka_args, redis_args
from pulumi_ixn.settings.peers import isolation_of, neighbours_of

from tests.unit.settings.stacks import change, stack_config

DEV = stack_config("dev")
WIRE = [{"first": 9092}, {"first": 30000, "last": 30010}]
RANGES = (PortRange(9092), PortRange(30000, 30010))


def loaded(changes: dict[str, Any]) -> Settings:
    return load(change(DEV, changes), frozenset({"secrets"}))


def neighbour(changes: dict[str, Any], party: Party) -> Neighbour | Absent:
    return neighbours_of(loaded(changes).tenants["dev"].neighbours)[party]


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"pods": {"namespace": "a", "labels": {"b": "c"}}}, Pods("a", {"b": "c"})),
        ({"cidrs": ["10.0.0.0/8"]}, Cidrs(["10.0.0.0/8"])),
        ({"fqdns": ["a.example.com"]}, Fqdns(["a.example.com"])),
        (
            {"ownNode": {"cidrs": ["10.0.0.0/8"], "agent": {"namespace": "a", "labels": {"b": "c"}}}},
            OwnNode(["10.0.0.0/8"], Pods("a", {"b": "c"})),
        ),
    ],
)
def test_a_place_of_each_kind(given: dict[str, Any], place: Place) -> None:
    changes = {"neighbours.voiceRQ.places": [given], "isolation": "cilium"}

    assert neighbour(changes, Party.VOICE_RQ) == Neighbour((place,), (Endpoint("voice-rq.voice.svc", 11000),))


def test_a_neighbour_that_only_calls_is_not_dialled() -> None:
    found = neighbour({}, Party.URS)

    assert isinstance(found, Neighbour)
    assert found.dial == ()


def test_an_absent_neighbour_is_absent() -> None:
    assert neighbour({"neighbours.urs": {"absent": True}}, Party.URS) == Absent()


@pytest.mark.parametrize(
    ("key", "party"),
    [
        ("voiceRQ", Party.VOICE_RQ),
        ("configServer", Party.CONFIG_SERVER),
        ("voiceConfig", Party.VOICE_CONFIG),
        ("pulseStatServers", Party.PULSE_STAT_SERVERS),
    ],
)
def test_the_ports_of_a_neighbours_own_pods(key: str, party: Party) -> None:
    found = neighbour({f"neighbours.{key}.wire": WIRE}, party)

    assert isinstance(found, Neighbour)
    assert found.wire == RANGES


def test_kafka_with_all_that_can_be_set() -> None:
    settings = loaded(
        {
            "neighbours.kafka.advertised": ["kafka-0.infra.svc:9093"],
            "neighbours.kafka.wire": WIRE,
            "neighbours.kafka.secret": {"existing": {"version": "2"}},
        }
    )
    found = kafka_args(settings.environment, "ixn")

    assert found is not None
    assert found.bootstrap == (Endpoint("kafka.infra.svc", 9092),)
    assert found.advertised == (Endpoint("kafka-0.infra.svc", 9093),)
    assert found.wire == RANGES
    assert found.secret == ExistingSecret("kafka-shared-secret", version="2")


def test_redis_with_all_that_can_be_set() -> None:
    changes = {"advertised": ["[2001:db8::1]:6379"], "wire": WIRE, "tls": True, "rejectUnauthorized": True}
    settings = loaded({f"neighbours.orsRedisStream.{key}": value for key, value in changes.items()})
    found = redis_args(settings.environment, "ixn")

    assert found is not None
    assert found.advertised == (Endpoint("2001:db8::1", 6379),)
    assert found.wire == RANGES
    assert (found.cluster, found.tls, found.reject_unauthorized) == (True, True, True)


def test_what_is_declared_absent_has_no_arguments() -> None:
    gone = {f"neighbours.{name}": {"absent": True} for name in ("kafka", "orsRedisStream", "ixnDB")}
    settings = loaded(gone)

    assert kafka_args(settings.environment, "ixn") is None
    assert redis_args(settings.environment, "ixn") is None
    tenant = settings.tenants["dev"]
    assert database_args(settings.environment, "dev", tenant, Party.IXN_DB, "ixn") is None
    assert database_args(settings.environment, "dev", tenant, Party.IXN_NODE_DB, "ixn") is not None


@pytest.mark.parametrize(
    ("secret", "credentials"),
    [
        ({"existing": {}}, ExistingSecret("ixn-db-secret-100")),
        (
            {"existing": {"name": "mine", "usernameKey": "u", "passwordKey": "p", "version": "1"}},
            ExistingSecret("mine", "u", "p", "1"),
        ),
        ({"generated": {"username": "ixn"}}, GeneratedPassword("ixn-db-secret-100", "ixn")),
    ],
)
def test_credentials_of_each_kind(secret: dict[str, Any], credentials: object) -> None:
    settings = loaded({"neighbours.ixnDB.secret": secret, "neighbours.ixnDB.wire": WIRE})
    found = database_args(settings.environment, "dev", settings.tenants["dev"], Party.IXN_DB, "ixn")

    assert found is not None
    assert found.credentials == credentials
    assert found.wire == RANGES


def test_a_given_password_goes_into_the_vendors_secret() -> None:
    settings = loaded(
        {
            "neighbours.ixnNodeDB.secret": {"written": {"username": "ixn"}},
            "secrets": {"tenants": {"dev": {"ixnNodeDB": {"password": "x"}}}},
        }
    )
    found = database_args(settings.environment, "dev", settings.tenants["dev"], Party.IXN_NODE_DB, "ixn")

    assert found is not None
    assert isinstance(found.credentials, GivenPassword)
    assert found.credentials.secret_name == "ixn-node-db-secret-100"


CHECK_IMAGE = {"repository": "tools/busybox", "tag": "1.37"}


def test_connections_are_not_checked_unless_it_is_asked_for() -> None:
    assert check_options(loaded({}).environment) is None
    assert check_options(loaded({"connectionCheck": None}).environment) is None


def test_a_connection_check_of_an_image_alone_is_as_the_librarys_own() -> None:
    found = check_options(loaded({"connectionCheck.image": CHECK_IMAGE}).environment)

    image = Image("tools/busybox", "1.37", "registry.example.com")
    # How images are pulled is the environment's.
    expected = ConnectionCheckOptions(image, image_pull_policy="Always", image_pull_secrets=["pullsecret"])
    assert found == expected


def test_a_connection_check_with_all_that_can_be_set() -> None:
    amounts = {"requests": {"cpu": "1m", "memory": "1Mi"}, "limits": {"cpu": "2m", "memory": "2Mi"}}
    check = {"deadline": 60, "resources": amounts, "podLabels": {"a": "b"}, "podAnnotations": {"c": "d"}}
    changes = {
        "connectionCheck": {"image": CHECK_IMAGE, **check},
        "openshift": True,
        "image.pullPolicy": "Never",
        "image.pullSecrets": [],
    }

    assert check_options(loaded(changes).environment) == ConnectionCheckOptions(
        Image("tools/busybox", "1.37", "registry.example.com"),
        deadline=60,
        image_pull_policy="Never",
        image_pull_secrets=[],
        resources=Resources(**amounts),
        labels={"a": "b"},
        annotations={"c": "d"},
        security=OPENSHIFT,
    )


RESOLVER = {"dns": {"places": [{"cidrs": ["10.0.0.10/32"]}], "ports": [53, 5353]}}
RESOLVED = Dns((Cidrs(["10.0.0.10/32"]),), (53, 5353))


@pytest.mark.parametrize(
    ("changes", "isolation"),
    [
        ({}, NetworkPolicies()),
        ({"isolation": "networkPolicy"}, NetworkPolicies()),
        ({"isolation": "cilium"}, CiliumPolicies()),
        ({"isolation": "off"}, Open()),
        ({"openshift": True}, NetworkPolicies(OPENSHIFT_DNS)),
        (RESOLVER, NetworkPolicies(RESOLVED)),
        ({**RESOLVER, "openshift": True, "isolation": "cilium"}, CiliumPolicies(RESOLVED)),
    ],
)
def test_isolation_and_the_resolver(changes: dict[str, Any], isolation: Isolation) -> None:
    assert isolation_of(loaded(changes).environment) == isolation


def test_without_isolation_a_caller_may_be_placed_by_its_name() -> None:
    places = [{"fqdns": ["urs.example.com"]}]
    found = neighbour({"isolation": "off", "neighbours.urs.places": places}, Party.URS)

    assert found == Neighbour((Fqdns(["urs.example.com"]),))
