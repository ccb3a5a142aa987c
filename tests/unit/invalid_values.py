"""Invalid values: each as stack config and as arguments of an `Ixn`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pulumi_ixn import (
    Administrator,
    Alerts,
    CertificateAuthority,
    CidrBlocks,
    CiliumPolicies,
    ConnectivityCheckOptions,
    Credentials,
    Database,
    DatabaseTls,
    DisruptionBudget,
    DnsNames,
    Endpoint,
    Hpa,
    Image,
    Kafka,
    Keda,
    LogStorage,
    Monitoring,
    NetworkPolicies,
    Parameter,
    Party,
    Peer,
    PodArgs,
    PodSelector,
    PortRange,
    RemoteKey,
    ResourceRequirements,
    SecretStore,
    Tenant,
    values,
)

from tests.unit import messages as m
from tests.unit.config.stacks import change
from tests.unit.provisioning.jobs import PROVISIONED as HOW
from tests.unit.provisioning.jobs import SETTINGS, provisioned
from tests.unit.samples import LOCATION, PEERS, TENANT, host, pod

DB, PROVISIONED = "peers.ixnDB", "peers.ixnDB.provisioned"
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


def alerts(field: str, value: Any, path: str, reason: str, *, key: str = "") -> Bad:
    """Return a bad value of the alerts' argument `field`, whose key in the stack config is the same or `key`."""
    return Bad(
        {"monitoring.alerts": {key or field: value}},
        lambda: {"monitoring": Monitoring(alerts=Alerts(**{field: value}))},
        f"monitoring.alerts.{path}",
        reason,
    )


def generated(path: str, reason: str, **given: Any) -> Bad:
    """Return bad arguments of a generated password, whose keys in the stack config are the same."""
    secret = {"generated": {"username": "ixn", **given}}
    return Bad(
        {"target": {"context": "here"}, "peers.ixnDB.secret": secret},
        lambda: {
            "database": Database(Endpoint("pg", 5432), "ixn", LOCATION, Credentials.generated("ixn", **given))
        },
        f"database.credentials.{path}",
        reason,
    )


def external(path: str, key: str, reason: str, *, store: Any = None, given: Any = None, **source: Any) -> Bad:
    """Return bad arguments of a Secret of Kafka in a store; `key` and `given` set one in the stack config."""
    value = next(iter(source.values())) if given is None else given
    config: dict[str, Any] = {"store": {"name": "vault"}, "keys": {"json": {"key": "kafka"}}}
    secret = {"external": change(config, {key: value})}
    arguments = {"keys": {"json": RemoteKey("kafka")}, **source}
    return Bad(
        {"peers.kafka.secret": secret},
        lambda: {
            "kafka": Kafka(
                (Endpoint("kafka", 9092),),
                LOCATION,
                Credentials.external(store or SecretStore("vault"), **arguments),
            )
        },
        f"kafka.credentials.source.{path}",
        reason,
    )


def database(path: str, reason: str, config: Mapping[str, Any], name: str = "ixn", **changes: Any) -> Bad:
    """Return a bad value of a provisioned database; `changes` are of how it is provisioned."""
    return Bad(
        {
            "target": {"context": "here"},
            f"{DB}.secret": {"generated": {"username": "ixn"}},
            f"{PROVISIONED}": SETTINGS,
            **config,
        },
        lambda: {"database": provisioned(name, **changes)},
        f"database.{path}",
        reason,
    )


def autoscaled(autoscaler: Hpa | Keda) -> PodArgs:
    return pod(replicas=None, autoscaling=autoscaler)


WINDOW = "stabilizationWindowSeconds"
NOTHING: Any = {"failureThreshold": 3}
TRIGGER: Any = {
    "type": "prometheus",
    "metadata": {
        "serverAddress": "http://prometheus.monitoring.svc:9090",
        "query": "sum(ixnnode_instructions_processing_queue_size)",
        "threshold": "50",
        "ignoreNullValues": "false",
    },
}

SERVER, NODE, RQ = "ixnService.ixnServer", "ixnService.ixnNode", "peers.voiceRQ"

LOOPBACK = m.LOOPBACK_ADDRESS

BAD: Mapping[str, Bad] = {
    "localhost": Bad(
        {f"{RQ}.endpoints": ["localhost:1"]},
        rq(Endpoint("localhost", 1)),
        "peers.voice_rq.endpoints[0].host",
        LOOPBACK,
    ),
    "a string instead of a boolean": Bad(
        {"protect": "yes"}, lambda: {"protect": "yes"}, "protect", f"'yes' {m.NOT_A_BOOLEAN}"
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
        f"0 {m.NOT_A_PORT}",
    ),
    "equal ports": Bad(
        {f"{SERVER}.ports": 7120},
        lambda: {"ports": {Parameter.SERVER_PORTS: 7120}},
        'ports["ixnService.ixnServer.ports"]',
        f"7120 {m.SAME_PORT}",
    ),
    "host bits": Bad(
        {f"{RQ}.locations": [{"cidrs": ["10.0.0.1/8"]}]},
        located(CidrBlocks(("10.0.0.1/8",))),
        "peers.voice_rq.locations[0].cidrs[0]",
        m.HOST_BITS,
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
        f"{m.NOT_EMPTY} entry",
    ),
    "no location": Bad(
        {"peers.urs.locations": []},
        lambda: peers(Party.URS, Peer(())),
        "peers.urs.locations",
        m.NOT_EMPTY,
    ),
    "a namespace in capitals": Bad(
        {f"{RQ}.locations": [{"pods": {"namespace": "Voice", "labels": {"a": "b"}}}]},
        located(PodSelector("Voice", {"a": "b"})),
        "peers.voice_rq.locations[0].namespace",
        f"'Voice' {m.NOT_A_NAME}",
    ),
    "a label with a blank": Bad(
        {f"{RQ}.locations": [{"pods": {"namespace": "voice", "labels": {"a": "b c"}}}]},
        located(PodSelector("voice", {"a": "b c"})),
        "peers.voice_rq.locations[0].labels.a",
        f"'b c' is not {values.label_value.expected}",
    ),
    "ports in the wrong order": Bad(
        {f"{RQ}.targetPorts": [{"first": 2, "last": 1}]},
        lambda: peers(Party.VOICE_RQ, replace(host("rq", 1), target_ports=(PortRange(2, 1),))),
        "peers.voice_rq.target_ports[0]",
        f"{m.NOT_A_RANGE}: 1 is below 2",
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
        f"{m.NO_INBOUND_DNS_NAMES} for incoming connections",
    ),
    "memory that is no quantity": Bad(
        {f"{NODE}.resources.limits.memory": "banana"},
        lambda: {"node": pod(resources=ResourceRequirements({}, {"memory": "banana"}))},
        "node.resources.limits.memory",
        f"'banana' {m.NOT_A_QUANTITY}",
    ),
    "memory in thousandths": Bad(
        {f"{NODE}.resources.limits.memory": "512m"},
        lambda: {"node": pod(resources=ResourceRequirements({}, {"memory": "512m"}))},
        "node.resources.limits.memory",
        m.PART_OF_A_BYTE,
    ),
    "requests above limits": Bad(
        {f"{NODE}.resources": {"requests": SMALL, "limits": {**SMALL, "cpu": "300m"}}},
        lambda: {"node": pod(resources=ResourceRequirements(SMALL, {**SMALL, "cpu": "300m"}))},
        "node.resources",
        m.ABOVE_ITS_LIMIT,
    ),
    "a reserved label": Bad(
        {f"{NODE}.podLabels": {"app.kubernetes.io/name": "mine"}},
        lambda: {"node": pod(labels={"app.kubernetes.io/name": "mine"})},
        'node.labels["app.kubernetes.io/name"]',
        m.RESERVED,
    ),
    "a reserved label of ServiceMonitors": Bad(
        {"monitoring.labels": {"ixn-pulumi/policy": "mine"}},
        lambda: {"monitoring": Monitoring(labels={"ixn-pulumi/policy": "mine"})},
        'monitoring.labels["ixn-pulumi/policy"]',
        m.RESERVED,
    ),
    "a reserved annotation": Bad(
        {f"{NODE}.podAnnotations": {"checksum/kafka": "mine"}},
        lambda: {"node": pod(annotations={"checksum/kafka": "mine"})},
        'node.annotations["checksum/kafka"]',
        m.RESERVED,
    ),
    "an annotation of the mesh": Bad(
        {f"{NODE}.podAnnotations": {"consul.hashicorp.com/connect-inject": "true"}},
        lambda: {"node": pod(annotations={"consul.hashicorp.com/connect-inject": "true"})},
        'node.annotations["consul.hashicorp.com/connect-inject"]',
        m.NO_MESH,
    ),
    "a password in plain text": Bad(
        {f"{SERVER}.env": {"DB_PASSWORD": "hunter2"}},
        lambda: {"server": pod(env={"DB_PASSWORD": "hunter2"})},
        "server.env",
        f"DB_PASSWORD, {m.FROM_A_SECRET}",
    ),
    "two replicas of the server": Bad(
        {f"{SERVER}.replicas": 2},
        lambda: {"server": pod(replicas=2)},
        "server.replicas",
        f"2 {m.ONE_REPLICA}",
    ),
    "no replicas": Bad(
        {f"{NODE}.replicas": 0},
        lambda: {"node": pod(replicas=0)},
        "node.replicas",
        f"0 {m.NOT_REPLICAS}",
    ),
    "half of a budget": Bad(
        {f"{NODE}.disruptionBudget": {"maxUnavailable": "half"}},
        lambda: {"node": pod(disruption_budget=DisruptionBudget(max_unavailable="half"))},
        "node.disruption_budget.max_unavailable",
        f"'half' {m.NOT_PODS}",
    ),
    "more than all pods": Bad(
        {f"{NODE}.disruptionBudget": {"minAvailable": "101%"}},
        lambda: {"node": pod(disruption_budget=DisruptionBudget(min_available="101%"))},
        "node.disruption_budget.min_available",
        f"'101%' {m.NOT_PODS}",
    ),
    "a true budget": Bad(
        {f"{NODE}.disruptionBudget": {"maxUnavailable": True}},
        lambda: {"node": pod(disruption_budget=DisruptionBudget(max_unavailable=True))},
        "node.disruption_budget.max_unavailable",
        m.NOT_PODS,
    ),
    "both limits of a budget": Bad(
        {f"{NODE}.disruptionBudget": {"maxUnavailable": 1, "minAvailable": 1}},
        lambda: {"node": pod(disruption_budget=DisruptionBudget(max_unavailable=1, min_available=1))},
        "node.disruption_budget",
        "Kubernetes allows one of them",
    ),
    "an eviction policy": Bad(
        {f"{NODE}.disruptionBudget": {"unhealthyPodEvictionPolicy": "Never"}},
        lambda: {"node": pod(disruption_budget=DisruptionBudget(unhealthy_pod_eviction_policy="Never"))},
        "node.disruption_budget.unhealthy_pod_eviction_policy",
        "'Never' is not 'AlwaysAllow' or 'IfHealthyBudget'",
    ),
    "a budget that blocks every drain": Bad(
        {f"{NODE}.replicas": 2, f"{NODE}.disruptionBudget": {"minAvailable": "51%"}},
        lambda: {"node": pod(replicas=2, disruption_budget=DisruptionBudget(min_available="51%"))},
        "node.disruption_budget",
        m.NO_DRAIN,
    ),
    "an autoscaler of the server": Bad(
        {f"{SERVER}.autoscaling": {"hpa": {"maxReplicas": 2}}},
        lambda: {"server": pod(autoscaling=Hpa(max_replicas=2))},
        "server.autoscaling",
        m.NO_AUTOSCALER,
    ),
    "replicas beside an autoscaler": Bad(
        {f"{NODE}.replicas": 2, f"{NODE}.autoscaling": {"hpa": {"maxReplicas": 2}}},
        lambda: {"node": pod(replicas=2, autoscaling=Hpa(max_replicas=2))},
        "node.replicas",
        "is 2, and the autoscaler sets the number of pods",
    ),
    "no pods at least": Bad(
        {f"{NODE}.autoscaling": {"hpa": {"minReplicas": 0, "maxReplicas": 2}}},
        lambda: {"node": autoscaled(Hpa(max_replicas=2, min_replicas=0))},
        "node.autoscaling.min_replicas",
        f"0 {m.NOT_REPLICAS}",
    ),
    "a minimum above the maximum": Bad(
        {f"{NODE}.autoscaling": {"hpa": {"minReplicas": 3, "maxReplicas": 2}}},
        lambda: {"node": autoscaled(Hpa(max_replicas=2, min_replicas=3))},
        "node.autoscaling",
        "has a minimum of 3 replicas, and a maximum of 2",
    ),
    "a metric without its source": Bad(
        {f"{NODE}.autoscaling": {"hpa": {"maxReplicas": 2, "metrics": [{"type": "Resource"}]}}},
        lambda: {"node": autoscaled(Hpa(max_replicas=2, metrics=[{"type": "Resource"}]))},
        "node.autoscaling.metrics[0]",
        "has the type Resource, and lacks the metric",
    ),
    "a window of a day": Bad(
        {f"{NODE}.autoscaling": {"hpa": {"maxReplicas": 2, "behavior": {"scaleUp": {WINDOW: 86400}}}}},
        lambda: {
            "node": autoscaled(Hpa(max_replicas=2, behavior={"scale_up": {"stabilization_window_seconds": 86400}}))
        },
        "node.autoscaling.behavior.scale_up.stabilization_window_seconds",
        "86400 is not a whole number from 0 to 3600",
    ),
    "a trigger of two tenants": Bad(
        {f"{NODE}.autoscaling": {"keda": {"maxReplicas": 2, "triggers": [TRIGGER]}}},
        lambda: {"node": autoscaled(Keda(max_replicas=2, triggers=[TRIGGER]))},
        "node.autoscaling.triggers[0].metadata",
        "of other tenants",
    ),
    "neither Prometheus nor a trigger": Bad(
        {f"{NODE}.autoscaling": {"keda": {"maxReplicas": 2}}},
        lambda: {"node": autoscaled(Keda(max_replicas=2))},
        "node.autoscaling",
        "has neither the address of Prometheus nor a trigger",
    ),
    "an address without a scheme": Bad(
        {f"{NODE}.autoscaling": {"keda": {"maxReplicas": 2, "serverAddress": "prometheus:9090"}}},
        lambda: {"node": autoscaled(Keda(max_replicas=2, server_address="prometheus:9090"))},
        "node.autoscaling.server_address",
        "'prometheus:9090' is not a URL",
    ),
    "no threshold": Bad(
        {f"{NODE}.autoscaling": {"keda": {"maxReplicas": 2, "serverAddress": "http://prom", "threshold": 0}}},
        lambda: {"node": autoscaled(Keda(max_replicas=2, server_address="http://prom", threshold=0))},
        "node.autoscaling.threshold",
        "0 is not a number above zero",
    ),
    "a fallback to nothing": Bad(
        {f"{NODE}.autoscaling": {"keda": {"maxReplicas": 2, "serverAddress": "http://prom", "fallback": NOTHING}}},
        lambda: {"node": autoscaled(Keda(max_replicas=2, server_address="http://prom", fallback=NOTHING))},
        "node.autoscaling.fallback.replicas",
        m.MISSING,
    ),
    "a tenant's id": Bad(
        {"tenants.dev.id": "9350e2fc"},
        lambda: {"tenant": Tenant("9350e2fc", "100")},
        "tenant.id",
        m.NOT_A_UUID,
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
        m.NOT_A_REPOSITORY,
    ),
    "a registry with a scheme": Bad(
        {"image.registry": "https://a.example.com"},
        lambda: {"registry": "https://a.example.com"},
        "registry",
        m.NOT_A_REGISTRY,
    ),
    "a policy of pulling": Bad(
        {"image.pullPolicy": "Sometimes"},
        lambda: {"node": pod(image_pull_policy="Sometimes")},
        "node.image_pull_policy",
        m.NOT_A_PULL_POLICY,
    ),
    "an interval": Bad(
        {"monitoring.interval": "half a minute"},
        lambda: {"monitoring": Monitoring(interval="half a minute")},
        "monitoring.interval",
        m.NOT_A_DURATION,
    ),
    "an unknown alert": alerts("disabled", ["IxnRedisDwn"], "disabled[0]", "IxnRedisDown"),
    "a severity of an unknown alert": alerts(
        "severities", {"IxnRedisDwn": "warning"}, "severities.IxnRedisDwn", "IxnRedisDown"
    ),
    "a threshold of an alert that has none": alerts(
        "thresholds", {"IxnRedisDown": 1}, "thresholds.IxnRedisDown", "has a threshold"
    ),
    "a threshold that is no number": alerts(
        "thresholds", {"IxnMemoryHigh": True}, "thresholds.IxnMemoryHigh", "is not a number"
    ),
    "a threshold outside its limits": alerts(
        "thresholds", {"IxnMemoryHigh": 101}, "thresholds.IxnMemoryHigh", "101, is not from 1 to 100"
    ),
    "two thresholds in the wrong order": alerts(
        "thresholds", {"IxnOrsRepliesFailing": 95}, "thresholds.IxnOrsRepliesFailing", "95, is not below"
    ),
    "a severity": alerts("severities", {"IxnRedisDown": "page"}, "severities.IxnRedisDown", "'critical'"),
    "a duration": alerts("durations", {"IxnRedisDown": "soon"}, "durations.IxnRedisDown", m.NOT_A_DURATION),
    "a label of an alert that the package sets": alerts(
        "labels", {"severity": "page"}, "labels.severity", "is set by this package"
    ),
    "the name of a label of an alert": alerts("labels", {"a-b": "c"}, "labels.a-b", "Prometheus label"),
    "a template in a label of an alert": alerts("labels", {"a": "{{ $value }}"}, "labels.a", "is a template"),
    "a runbook URL": alerts("runbook_base_url", "wiki", "runbook_base_url", "is not a URL", key="runbookBaseUrl"),
    "the name of a certificate": alerts("certificates", ["A"], "certificates[0]", "object name"),
    "a short password": generated("length", "is not a whole number from 16 to 128", length=15),
    "a long password": generated("length", "is not a whole number from 16 to 128", length=129),
    "a password's length in words": generated("length", "is not a whole number", length="20"),
    "a password that is easy to guess": generated(
        "length", "16 gives 53 bits of entropy", length=16, alphabet=["digits"]
    ),
    "a rotation in words": generated("rotation", "is not a whole number from 0", rotation="once"),
    "a rotation backwards": generated("rotation", "is not a whole number from 0", rotation=-1),
    "a rotation of a database that nobody provisions": generated("rotation", "needs `provisioned`", rotation=1),
    "an empty alphabet": generated("alphabet", m.NOT_EMPTY, alphabet=[]),
    "an unknown set of characters": generated("alphabet[0]", "is not 'lower', 'upper'", alphabet=["letters"]),
    "a space in an alphabet": generated("alphabet[1]", "is not 'lower'", alphabet=["lower", "a b"]),
    "a letter that is not ASCII in an alphabet": generated("alphabet[0]", "is not 'lower'", alphabet=["\u00e9"]),
    "a set of characters that is listed twice": generated(
        "alphabet", "has 'digits' twice", alphabet=["lower", "digits", "digits"]
    ),
    "a special character that is listed twice": generated(
        "alphabet", "has '-' twice", alphabet=["lower", "-_", ".-"]
    ),
    "an interval in words": external(
        "refresh_interval", "refreshInterval", "'hourly' is not a duration of hours", refresh_interval="hourly"
    ),
    "an interval of zero": external(
        "refresh_interval", "refreshInterval", "'0h0s' is not a duration", refresh_interval="0h0s"
    ),
    "an interval without a unit": external("refresh_interval", "refreshInterval", "60", refresh_interval=60),
    "the kind of a store": external(
        "store.kind",
        "store.kind",
        "'Vault' is not 'ClusterSecretStore' or 'SecretStore'",
        store=SecretStore("vault", "Vault"),  # pyright: ignore[reportArgumentType]
        given="Vault",
    ),
    "the name of a store": external(
        "store.name",
        "store.name",
        "'My Store' is not a Kubernetes",
        store=SecretStore("My Store"),
        given="My Store",
    ),
    "an empty key in a store": external(
        "keys.json.key", "keys.json.key", "is not", keys={"json": RemoteKey("")}, given=""
    ),
    "a version that is a number": external(
        "keys.json.version",
        "keys.json.version",
        "7 is",
        keys={"json": RemoteKey("kafka", version=7)},  # pyright: ignore[reportArgumentType]
        given=7,
    ),
    "a number instead of a boolean for the reloader": Bad(
        {"reloader": 1}, lambda: {"reloader": 1}, "reloader", f"1 {m.NOT_A_BOOLEAN}"
    ),
    "a storage class without a size": Bad(
        {f"{SERVER}.logStorage": {"storageClassName": "fast"}},
        lambda: {"log_storage": LogStorage(storage_class="fast")},
        "log_storage",
        m.WITHOUT_A_SIZE,
    ),
    "a mode of TLS": database(
        "provisioned.tls.mode",
        "'verify' is not 'disable', 'allow', 'prefer', 'require', 'verify-ca' or 'verify-full'",
        {f"{PROVISIONED}.tls": {"mode": "verify"}},
        tls=DatabaseTls("verify"),  # pyright: ignore[reportArgumentType]
    ),
    "verification without a CA": database(
        "provisioned.tls.ca",
        "is missing: 'verify-full' verifies",
        {f"{PROVISIONED}.tls": {"mode": "verify-full"}},
        tls=DatabaseTls("verify-full"),
    ),
    "a CA that verifies nothing": database(
        "provisioned.tls.ca",
        "is not used",
        {f"{PROVISIONED}.tls": {"mode": "require", "ca": {"name": "ca"}}},
        tls=DatabaseTls("require", CertificateAuthority("ca")),
    ),
    "the Secret of an administrator": database(
        "provisioned.administrator.secret_name",
        "'Admin' is not a Kubernetes object name",
        {f"{PROVISIONED}.administrator.name": "Admin"},
        administrator=Administrator("Admin"),
    ),
    "repair": database(
        "provisioned.repair", f"'yes' {m.NOT_A_BOOLEAN}", {f"{PROVISIONED}.repair": "yes"}, repair="yes"
    ),
    "the image of psql": database(
        "provisioned.image.repository",
        m.NOT_A_REPOSITORY,
        {f"{PROVISIONED}.image": {"repository": "a:1", "tag": "1"}},
        image=Image("a:1", "1"),
    ),
    "a reserved label of a Job": database(
        'provisioned.labels["ixn-pulumi/policy"]',
        m.RESERVED,
        {f"{PROVISIONED}.podLabels": {"ixn-pulumi/policy": "a"}},
        labels={"ixn-pulumi/policy": "a"},
    ),
    "a name that PostgreSQL would cut": database(
        "name", "at most 63 bytes", {f"{DB}.name": "\u00e4" * 32}, name="\u00e4" * 32
    ),
    "a database of PostgreSQL": database("name", "is reserved", {f"{DB}.name": "template1"}, name="template1"),
    "the database of the administrator": database(
        "name",
        "the administrator has it",
        {f"{DB}.name": "defaultdb", f"{PROVISIONED}.administrator.database": "defaultdb"},
        name="defaultdb",
        administrator=replace(HOW.administrator, database="defaultdb"),
    ),
    "a role of PostgreSQL": database(
        "credentials.username",
        "is reserved",
        {f"{DB}.secret": {"generated": {"username": "pg_monitor"}}},
        username="pg_monitor",
    ),
    "one database of two workloads": Bad(
        {
            f"{PROVISIONED}": SETTINGS,
            f"{DB}.endpoint": "DB:5432",
            "peers.ixnNodeDB.endpoint": "db:5432",
            f"{DB}.name": "ixn",
            "peers.ixnNodeDB.name": "ixn",
        },
        lambda: {"database": provisioned("ixn", "a"), "node_database": provisioned("ixn", "b")},
        "node_database.name",
        "is also the database of",
    ),
    "one role of two workloads": Bad(
        {
            "target": {"context": "here"},
            f"{PROVISIONED}": SETTINGS,
            **{f"peers.{each}.secret": {"generated": {"username": "ixn"}} for each in ("ixnDB", "ixnNodeDB")},
        },
        lambda: {"database": provisioned("a"), "node_database": provisioned("b")},
        "node_database.credentials.username",
        "is also the role of",
    ),
    "a deadline": Bad(
        {"connectivityCheck": {"image": CHECK, "deadline": 61}},
        lambda: {"connectivity_check": ConnectivityCheckOptions(Image("tools/busybox", "1.37"), deadline=61)},
        "connectivity_check.deadline",
        f"61 {m.NOT_SECONDS}",
    ),
}
