"""Settings as the components' arguments: no setting is lost."""

from typing import Any

import pytest
from pulumi_ixn import (
    OPENSHIFT,
    Absent,
    CiliumPolicies,
    ConnectivityCheckOptions,
    Credentials,
    Dns,
    Image,
    NetworkPolicies,
    Party,
    Peer,
    RemoteKey,
    ResourceRequirements,
    SecretStore,
)
from pulumi_ixn.config import Settings, load
from pulumi_ixn.config.arguments import (
    check_options,
    database_args,
    isolation_of,
    kafka_args,
    redis_args,
)
from pulumi_ixn.peers import CidrBlocks, DnsNames, Endpoint, Location, NodeAgent, PodSelector, PortRange
from pulumi_ixn.policies import OPENSHIFT_DNS, Isolation, NoPolicies

from tests.unit.config.stacks import change, stack_config

DEV = stack_config("dev")
TARGET_PORTS = [{"first": 9092}, {"first": 30000, "last": 30010}]
RANGES = (PortRange(9092), PortRange(30000, 30010))


def loaded(changes: dict[str, Any]) -> Settings:
    return load(change(DEV, changes), frozenset({"secrets"}))


def peer(changes: dict[str, Any], party: Party) -> Peer | Absent:
    return loaded(changes).tenants["dev"].peers.args()[party]


@pytest.mark.parametrize(
    ("given", "location"),
    [
        ({"pods": {"namespace": "a", "labels": {"b": "c"}}}, PodSelector("a", {"b": "c"})),
        ({"cidrs": ["10.0.0.0/8"]}, CidrBlocks(["10.0.0.0/8"])),
        ({"dnsNames": ["a.example.com"]}, DnsNames(["a.example.com"])),
        (
            {"nodeAgent": {"cidrs": ["10.0.0.0/8"], "pods": {"namespace": "a", "labels": {"b": "c"}}}},
            NodeAgent(["10.0.0.0/8"], PodSelector("a", {"b": "c"})),
        ),
    ],
)
def test_each_kind_of_location_is_translated(given: dict[str, Any], location: Location) -> None:
    changes = {"peers.voiceRQ.locations": [given], "isolation": "cilium"}

    assert peer(changes, Party.VOICE_RQ) == Peer((location,), (Endpoint("voice-rq.voice.svc", 11000),))


def test_an_inbound_only_peer_needs_no_endpoints() -> None:
    found = peer({}, Party.URS)

    assert isinstance(found, Peer)
    assert found.endpoints == ()


def test_an_absent_peer_is_absent() -> None:
    assert peer({"peers.urs": {"absent": True}}, Party.URS) == Absent()


@pytest.mark.parametrize(
    ("key", "party"),
    [
        ("voiceRQ", Party.VOICE_RQ),
        ("configServer", Party.CONFIG_SERVER),
        ("voiceConfig", Party.VOICE_CONFIG),
        ("pulseStatServers", Party.PULSE_STAT_SERVERS),
    ],
)
def test_target_ports_become_port_ranges(key: str, party: Party) -> None:
    found = peer({f"peers.{key}.targetPorts": TARGET_PORTS}, party)

    assert isinstance(found, Peer)
    assert found.target_ports == RANGES


def test_every_kafka_setting_is_translated() -> None:
    settings = loaded(
        {
            "peers.kafka.advertised": ["kafka-0.infra.svc:9093"],
            "peers.kafka.targetPorts": TARGET_PORTS,
            "peers.kafka.secret": {"existing": {"version": "2"}},
        }
    )
    found = kafka_args(settings.environment, "ixn")

    assert found is not None
    assert found.kafka.endpoints == (Endpoint("kafka.infra.svc", 9092),)
    assert found.kafka.advertised == (Endpoint("kafka-0.infra.svc", 9093),)
    assert found.kafka.target_ports == RANGES
    assert found.kafka.credentials == Credentials.existing(version="2")


def test_every_redis_setting_is_translated() -> None:
    changes = {
        "advertised": ["[2001:db8::1]:6379"],
        "targetPorts": TARGET_PORTS,
        "tls": True,
        "rejectUnauthorized": True,
    }
    settings = loaded({f"peers.orsRedisStream.{key}": value for key, value in changes.items()})
    found = redis_args(settings.environment, "ixn")

    assert found is not None
    assert found.redis.advertised == (Endpoint("2001:db8::1", 6379),)
    assert found.redis.target_ports == RANGES
    assert (found.redis.cluster, found.redis.tls, found.redis.reject_unauthorized) == (True, True, True)


def test_an_absent_service_has_no_arguments() -> None:
    gone = {f"peers.{name}": {"absent": True} for name in ("kafka", "orsRedisStream", "ixnDB")}
    settings = loaded(gone)

    assert kafka_args(settings.environment, "ixn") is None
    assert redis_args(settings.environment, "ixn") is None
    tenant = settings.tenants["dev"]
    assert database_args(settings.environment, "dev", tenant, Party.IXN_DB, "ixn") is None
    assert database_args(settings.environment, "dev", tenant, Party.IXN_NODE_DB, "ixn") is not None


@pytest.mark.parametrize(
    ("secret", "credentials"),
    [
        ({"existing": {}}, Credentials.existing()),
        (
            {"existing": {"name": "mine", "usernameKey": "u", "passwordKey": "p", "version": "1"}},
            Credentials.existing("mine", username_key="u", password_key="p", version="1"),
        ),
        (
            {
                "external": {
                    "store": {"name": "vault", "kind": "SecretStore"},
                    "refreshInterval": "15m",
                    "name": "mine",
                    "version": "1",
                    "keys": {"username": {"key": "u"}, "password": {"key": "p", "property": "q", "version": "2"}},
                }
            },
            Credentials.external(
                SecretStore("vault", "SecretStore"),
                {"username": RemoteKey("u"), "password": RemoteKey("p", "q", "2")},
                refresh_interval="15m",
                secret_name="mine",
                version="1",
            ),
        ),
        ({"generated": {"username": "ixn"}}, Credentials.generated("ixn")),
        (
            {"generated": {"username": "ixn", "length": 40, "alphabet": ["lower", "-_"]}},
            Credentials.generated("ixn", length=40, alphabet=["lower", "-_"]),
        ),
    ],
)
def test_each_kind_of_credentials_is_translated(secret: dict[str, Any], credentials: object) -> None:
    changes = {"peers.ixnDB.secret": secret, "peers.ixnDB.targetPorts": TARGET_PORTS}
    settings = loaded({**changes, "target": {"context": "here"}})
    found = database_args(settings.environment, "dev", settings.tenants["dev"], Party.IXN_DB, "ixn")

    assert found is not None
    assert found.database.credentials == credentials
    assert found.secret_name == "ixn-db-secret-100"
    assert found.database.target_ports == RANGES


def test_a_configured_password_uses_the_vendor_secret_name() -> None:
    settings = loaded(
        {
            "target": {"context": "here"},
            "peers.ixnNodeDB.secret": {"managed": {"username": "ixn"}},
            "secrets": {"tenants": {"dev": {"ixnNodeDB": {"password": "x"}}}},
        }
    )
    found = database_args(settings.environment, "dev", settings.tenants["dev"], Party.IXN_NODE_DB, "ixn")

    assert found is not None
    assert found.database.credentials.kind == "managed"
    assert found.secret_name == "ixn-node-db-secret-100"


CHECK_IMAGE = {"repository": "tools/busybox", "tag": "1.37"}


def test_the_connectivity_check_is_off_by_default() -> None:
    assert check_options(loaded({}).environment) is None
    assert check_options(loaded({"connectivityCheck": None}).environment) is None


def test_a_connectivity_check_with_only_an_image_uses_the_library_defaults() -> None:
    found = check_options(loaded({"connectivityCheck.image": CHECK_IMAGE}).environment)

    image = Image("tools/busybox", "1.37", "registry.example.com")
    # Pull settings come from the environment.
    expected = ConnectivityCheckOptions(image, image_pull_policy="Always", image_pull_secrets=["pullsecret"])
    assert found == expected


def test_every_connectivity_check_setting_is_translated() -> None:
    amounts = {"requests": {"cpu": "1m", "memory": "1Mi"}, "limits": {"cpu": "2m", "memory": "2Mi"}}
    check = {"deadline": 60, "resources": amounts, "podLabels": {"a": "b"}, "podAnnotations": {"c": "d"}}
    changes = {
        "connectivityCheck": {"image": CHECK_IMAGE, **check},
        "openshift": True,
        "image.pullPolicy": "Never",
        "image.pullSecrets": [],
    }

    assert check_options(loaded(changes).environment) == ConnectivityCheckOptions(
        Image("tools/busybox", "1.37", "registry.example.com"),
        deadline=60,
        image_pull_policy="Never",
        image_pull_secrets=[],
        resources=ResourceRequirements(**amounts),
        labels={"a": "b"},
        annotations={"c": "d"},
        security=OPENSHIFT,
    )


RESOLVER = {"dns": {"locations": [{"cidrs": ["10.0.0.10/32"]}], "ports": [53, 5353]}}
RESOLVED = Dns((CidrBlocks(["10.0.0.10/32"]),), (53, 5353))


@pytest.mark.parametrize(
    ("changes", "isolation"),
    [
        ({}, NetworkPolicies()),
        ({"isolation": "kubernetes"}, NetworkPolicies()),
        ({"isolation": "cilium"}, CiliumPolicies()),
        ({"isolation": "none"}, NoPolicies()),
        ({"openshift": True}, NetworkPolicies(OPENSHIFT_DNS)),
        (RESOLVER, NetworkPolicies(RESOLVED)),
        ({**RESOLVER, "openshift": True, "isolation": "cilium"}, CiliumPolicies(RESOLVED)),
    ],
)
def test_isolation_and_the_resolver_are_translated(changes: dict[str, Any], isolation: Isolation) -> None:
    assert isolation_of(loaded(changes).environment) == isolation


def test_without_isolation_an_inbound_peer_may_have_a_dns_name() -> None:
    locations = [{"dnsNames": ["urs.example.com"]}]
    found = peer({"isolation": "none", "peers.urs.locations": locations}, Party.URS)

    assert found == Peer((DnsNames(["urs.example.com"]),))
