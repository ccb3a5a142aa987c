"""One table of invalid values, which the stack config and the library arguments both reject."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pulumi
import pytest
from pulumi_ixn import (
    Absent,
    CidrBlocks,
    CiliumPolicies,
    ConnectivityCheckOptions,
    Credentials,
    DnsNames,
    Endpoint,
    Image,
    InvalidInputs,
    LogStorage,
    Monitoring,
    NetworkPolicies,
    Parameter,
    Party,
    Peer,
    PodSelector,
    PortRange,
    ResourceRequirements,
    Tenant,
)
from pulumi_ixn.config import load
from pulumi_ixn.testing import deploy

from tests.unit.config.stacks import change, stack_config
from tests.unit.samples import LOCATION, PEERS, TENANT, host, ixn, kafka, pod, redis

CHECK = {"repository": "tools/busybox", "tag": "1.37"}
SMALL = {"cpu": "1", "memory": "1Gi"}


@dataclass(frozen=True)
class Bad:
    """A bad value: `config` sets it by path below `ixn:`, `args` returns it as arguments of an Ixn.

    `path` is its property, `reason` a part of both messages.
    """

    config: Mapping[str, Any]
    args: Callable[[], Mapping[str, Any]]
    path: str
    reason: str


def peers(party: Party, peer: Peer) -> Mapping[str, Any]:
    return {"peers": {**PEERS, party: peer}}


def rq(endpoint: Endpoint) -> Callable[[], Mapping[str, Any]]:
    return lambda: peers(Party.VOICE_RQ, Peer(LOCATION, (endpoint,)))


def located(*locations: Any) -> Callable[[], Mapping[str, Any]]:
    return lambda: peers(Party.VOICE_RQ, Peer(locations, (Endpoint("rq", 1),)))


SERVER, NODE, RQ = "ixnService.ixnServer", "ixnService.ixnNode", "peers.voiceRQ"
LOOPBACK = "is a loopback address"
BAD: Mapping[str, Bad] = {
    "localhost": Bad(
        {f"{RQ}.endpoints": ["localhost:1"]},
        rq(Endpoint("localhost", 1)),
        "peers.voice_rq.endpoints[0].host",
        LOOPBACK,
    ),
    "a text for a switch": Bad(
        {"protect": "yes"}, lambda: {"protect": "yes"}, "protect", "'yes' is not true or false"
    ),
    "127.0.0.1": Bad(
        {"peers.configServer.host": "127.0.0.1"},
        lambda: peers(Party.CONFIG_SERVER, host("127.0.0.1")),
        "peers.config_server.endpoints[0].host",
        LOOPBACK,
    ),
    "no host": Bad(
        {"peers.configServer.host": "not a host!!"},
        lambda: peers(Party.CONFIG_SERVER, host("not a host!!")),
        "peers.config_server.endpoints[0].host",
        "is not a host name or an IP address",
    ),
    "no port": Bad(
        {f"{SERVER}.port": 0},
        lambda: {"ports": {Parameter.SERVER_PORT: 0}},
        'ports["ixnService.ixnServer.port"]',
        "0 is not a port number",
    ),
    "equal ports": Bad(
        {f"{SERVER}.ports": 7120},
        lambda: {"ports": {Parameter.SERVER_PORTS: 7120}},
        'ports["ixnService.ixnServer.ports"]',
        "7120 is also the port of",
    ),
    "host bits": Bad(
        {f"{RQ}.locations": [{"cidrs": ["10.0.0.1/8"]}]},
        located(CidrBlocks(("10.0.0.1/8",))),
        "peers.voice_rq.locations[0].cidrs[0]",
        "without host bits",
    ),
    "loopback network": Bad(
        {f"{RQ}.locations": [{"cidrs": ["127.0.0.0/8"]}]},
        located(CidrBlocks(("127.0.0.0/8",))),
        "peers.voice_rq.locations[0].cidrs[0]",
        "is a loopback network",
    ),
    "no networks": Bad(
        {f"{RQ}.locations": [{"cidrs": []}]},
        located(CidrBlocks(())),
        "peers.voice_rq.locations[0].cidrs",
        "must have at least one entry",
    ),
    "no location": Bad(
        {"peers.urs.locations": []},
        lambda: peers(Party.URS, Peer(())),
        "peers.urs.locations",
        "must have at least one",
    ),
    "a namespace in capitals": Bad(
        {f"{RQ}.locations": [{"pods": {"namespace": "Voice", "labels": {"a": "b"}}}]},
        located(PodSelector("Voice", {"a": "b"})),
        "peers.voice_rq.locations[0].namespace",
        "'Voice' is not a Kubernetes name",
    ),
    "a label with a blank": Bad(
        {f"{RQ}.locations": [{"pods": {"namespace": "voice", "labels": {"a": "b c"}}}]},
        located(PodSelector("voice", {"a": "b c"})),
        "peers.voice_rq.locations[0].labels.a",
        "'b c' is not a label's value",
    ),
    "ports in the wrong order": Bad(
        {f"{RQ}.targetPorts": [{"first": 2, "last": 1}]},
        lambda: peers(Party.VOICE_RQ, replace(host("rq", 1), target_ports=(PortRange(2, 1),))),
        "peers.voice_rq.target_ports[0]",
        "is not a range of ports: 1 is below 2",
    ),
    "a DNS name under NetworkPolicies": Bad(
        {f"{RQ}.locations": [{"dnsNames": ["rq.example.com"]}]},
        lambda: {**located(DnsNames(("rq.example.com",)))(), "isolation": NetworkPolicies()},
        "peers.voice_rq.locations",
        "NetworkPolicy does not support DNS names",
    ),
    "a DNS name of an inbound peer": Bad(
        {"peers.urs.locations": [{"dnsNames": ["urs.example.com"]}], "isolation": "cilium"},
        lambda: {
            **peers(Party.URS, Peer((DnsNames(("urs.example.com",)),))),
            "isolation": CiliumPolicies(),
        },
        "peers.urs.locations",
        "no policy supports DNS names for incoming connections",
    ),
    "memory that is no quantity": Bad(
        {f"{NODE}.resources.limits.memory": "banana"},
        lambda: {"node": pod(resources=ResourceRequirements({}, {"memory": "banana"}))},
        "node.resources.limits.memory",
        "'banana' is not a Kubernetes quantity",
    ),
    "memory in thousandths": Bad(
        {f"{NODE}.resources.limits.memory": "512m"},
        lambda: {"node": pod(resources=ResourceRequirements({}, {"memory": "512m"}))},
        "node.resources.limits.memory",
        "is a fraction of a byte",
    ),
    "requests above limits": Bad(
        {f"{NODE}.resources": {"requests": SMALL, "limits": {**SMALL, "cpu": "300m"}}},
        lambda: {"node": pod(resources=ResourceRequirements(SMALL, {**SMALL, "cpu": "300m"}))},
        "node.resources",
        "requests more cpu than its limit allows",
    ),
    "a reserved label": Bad(
        {f"{NODE}.podLabels": {"app.kubernetes.io/name": "mine"}},
        lambda: {"node": pod(labels={"app.kubernetes.io/name": "mine"})},
        'node.labels["app.kubernetes.io/name"]',
        "is set by this package",
    ),
    "a reserved label of ServiceMonitors": Bad(
        {"monitoring.labels": {"ixn-pulumi/policy": "mine"}},
        lambda: {"monitoring": Monitoring(labels={"ixn-pulumi/policy": "mine"})},
        'monitoring.labels["ixn-pulumi/policy"]',
        "is set by this package",
    ),
    "a reserved annotation": Bad(
        {f"{NODE}.podAnnotations": {"checksum/kafka": "mine"}},
        lambda: {"node": pod(annotations={"checksum/kafka": "mine"})},
        'node.annotations["checksum/kafka"]',
        "is set by this package",
    ),
    "an annotation of the mesh": Bad(
        {f"{NODE}.podAnnotations": {"consul.hashicorp.com/connect-inject": "true"}},
        lambda: {"node": pod(annotations={"consul.hashicorp.com/connect-inject": "true"})},
        'node.annotations["consul.hashicorp.com/connect-inject"]',
        "the Consul service mesh is not supported",
    ),
    "a password in plain text": Bad(
        {f"{SERVER}.env": {"DB_PASSWORD": "hunter2"}},
        lambda: {"server": pod(env={"DB_PASSWORD": "hunter2"})},
        "server.env",
        "DB_PASSWORD, which the container reads from a Secret",
    ),
    "two replicas of the server": Bad(
        {f"{SERVER}.replicas": 2},
        lambda: {"server": pod(replicas=2)},
        "server.replicas",
        "2 is not 1",
    ),
    "no replicas": Bad(
        {f"{NODE}.replicas": 0},
        lambda: {"node": pod(replicas=0)},
        "node.replicas",
        "0 is not a number of replicas",
    ),
    "a tenant's id": Bad(
        {"tenants.dev.id": "9350e2fc"},
        lambda: {"tenant": Tenant("9350e2fc", "100")},
        "tenant.id",
        "is not a UUID",
    ),
    "a sid too long": Bad(
        {"tenants.dev.sid": "a" * 42},
        lambda: {"tenant": Tenant(TENANT.id, "a" * 42)},
        "tenant.sid",
        "is not a tenant's short id",
    ),
    "a repository with a tag": Bad(
        {f"{NODE}.image.repository": "ixn/node:1"},
        lambda: {"node": pod(image=Image("ixn/node:1", "1"))},
        "node.image.repository",
        "is not a repository of images",
    ),
    "a registry with a scheme": Bad(
        {"image.registry": "https://a.example.com"},
        lambda: {"registry": "https://a.example.com"},
        "registry",
        "is not a registry of images",
    ),
    "a policy of pulling": Bad(
        {"image.pullPolicy": "Sometimes"},
        lambda: {"node": pod(image_pull_policy="Sometimes")},
        "node.image_pull_policy",
        "is not 'Always', 'IfNotPresent' or 'Never'",
    ),
    "an interval": Bad(
        {"monitoring.interval": "half a minute"},
        lambda: {"monitoring": Monitoring(interval="half a minute")},
        "monitoring.interval",
        "is not a Prometheus duration",
    ),
    "a storage class without a size": Bad(
        {f"{SERVER}.logStorage": {"storageClassName": "fast"}},
        lambda: {"log_storage": LogStorage(storage_class="fast")},
        "log_storage",
        "has a storage class without a size",
    ),
    "a deadline": Bad(
        {"connectivityCheck": {"image": CHECK, "deadline": 61}},
        lambda: {"connectivity_check": ConnectivityCheckOptions(Image("tools/busybox", "1.37"), deadline=61)},
        "connectivity_check.deadline",
        "61 is not a number of seconds",
    ),
}


def args(bad: Bad) -> None:
    ixn(**bad.args())


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_program_gets_the_path_and_the_reason(bad: Bad) -> None:
    with pytest.raises(InvalidInputs) as caught:
        deploy(lambda: args(bad))

    (issue,) = caught.value.issues
    assert issue.path == bad.path
    assert bad.reason in issue.reason


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_stack_config_gets_the_same_reason(bad: Bad) -> None:
    with pytest.raises(InvalidInputs) as caught:
        load(change(stack_config("dev"), bad.config))

    assert all(bad.reason in issue.reason for issue in caught.value.issues)


def test_all_violations_are_reported_in_one_error() -> None:
    changes = {**BAD["two replicas of the server"].args(), **BAD["no replicas"].args(), **BAD["localhost"].args()}

    with pytest.raises(InvalidInputs) as caught:
        deploy(lambda: ixn(**changes))

    paths = [BAD[name].path for name in ("localhost", "no replicas", "two replicas of the server")]
    assert sorted(issue.path for issue in caught.value.issues) == sorted(paths)
    assert all(path in str(caught.value) for path in paths)


LATE: Mapping[str, tuple[Callable[[], Mapping[str, Any]], str]] = {
    "host": (lambda: rq(Endpoint(late("localhost"), 1))(), r"peers\.voice_rq\.endpoints\[0\]\.host: .*loopback"),
    "port": (lambda: rq(Endpoint("rq", late(0)))(), r"peers\.voice_rq\.endpoints\[0\]\.port: 0 is not a port"),
    "endpoint of a list": (
        lambda: peers(Party.VOICE_RQ, Peer(LOCATION, late([Endpoint("localhost", 1)]))),
        r"peers\.voice_rq\.endpoints\[0\]\.host: .*loopback",
    ),
    "label": (lambda: {"node": pod(labels={"team": late("a b")})}, r"node\.labels\.team: 'a b' is not a label"),
    "namespace": (lambda: {"namespace": late("IXN")}, "namespace: 'IXN' is not a Kubernetes name"),
}


def late(value: Any) -> Any:
    return pulumi.Output.from_input(value)


@pytest.mark.parametrize("name", LATE)
def test_an_invalid_output_is_reported_with_its_path(name: str) -> None:
    changes, message = LATE[name]

    with pytest.raises(InvalidInputs, match=message):
        deploy(lambda: ixn(**changes()))


def test_a_secret_value_is_not_shown() -> None:
    bad = {"node": {"labels": lambda: pulumi.Output.secret("hunter2 and more")}}

    with pytest.raises(InvalidInputs, match=r"node\.labels\.team") as caught:
        deploy(lambda: ixn(node=pod(labels={"team": bad["node"]["labels"]()})))

    assert "hunter2" not in str(caught.value)


def both(*makes: Callable[[], object]) -> None:
    for make in makes:
        make()


def test_two_components_may_not_write_the_same_secret() -> None:
    managed = Credentials.managed(password="hunter2")

    with pytest.raises(InvalidInputs, match=r"'redis-ors-secret'.*'ixn'.*'one'"):
        deploy(
            lambda: both(
                lambda: redis("one", credentials=managed),
                lambda: redis("two", credentials=managed),
            )
        )


def test_components_in_two_namespaces_may_use_one_secret_name() -> None:
    managed = Credentials.managed()
    deploy(
        lambda: both(
            lambda: kafka("one", credentials=managed),
            lambda: kafka("two", namespace="b", credentials=managed),
        )
    )


@pytest.mark.parametrize("late_namespace", [False, True])
@pytest.mark.parametrize(
    "other", [Tenant("7d0c1d38-2c1b-4bd5-a3ea-4b44f5ef9d6a", "100"), Tenant(TENANT.id, "200")]
)
def test_two_tenants_in_one_namespace_may_not_share_a_sid_or_an_id(other: Tenant, late_namespace: bool) -> None:
    services = dict.fromkeys(("kafka", "redis", "database", "node_database"), Absent())
    namespace = late("ixn") if late_namespace else "ixn"

    with pytest.raises(InvalidInputs, match="'east-"):
        deploy(
            lambda: both(
                lambda: ixn("east", namespace=namespace, **services),
                lambda: ixn("west", namespace=namespace, tenant=other, **services),
            )
        )


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: kafka(credentials=Credentials.generated()), "kafka.credentials.kind"),
        (lambda: redis(credentials=Credentials.managed()), "redis.credentials.password"),
        (lambda: redis(credentials=Credentials("odd")), "redis.credentials.kind"),  # pyright: ignore
    ],
)
def test_inconsistent_credentials_are_rejected(make: Callable[[], object], path: str) -> None:
    with pytest.raises(InvalidInputs) as caught:
        deploy(lambda: make() and None)

    assert [issue.path for issue in caught.value.issues] == [path]
