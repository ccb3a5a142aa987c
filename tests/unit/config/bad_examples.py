"""Invalid stack configurations: changes to the dev stack's, and the expected messages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.unit.config.stacks import REMOVED

SECRET = "hunter2-the-secret"
"""The secret value in the examples; no message may show it."""

OTHER_ID = "7d0c1d38-2c1b-4bd5-a3ea-4b44f5ef9d6a"
DEV_ID = "9350e2fc-a1dd-4c65-8d40-1f75a2e080dd"
SECOND = {"id": OTHER_ID, "sid": "200"}

MERGED = "what one of two merged locations lacks, the other may have"
TOGETHER = "several values are compared"
VALUE_SENSE = "it is more than the form of one text"
CLEAR = "in the file it is encrypted, as it should be"


@dataclass(frozen=True)
class Bad:
    """One example.

    `changes`: values by path below `ixn:`. `issues`: a phrase of the message by the path that it names.
    `secret_keys`: the top-level keys that hold an encrypted value. `alone`: it cannot be combined with others.
    `schema`: why a JSON Schema cannot express it; empty if it can.
    """

    name: str
    changes: Mapping[str, Any]
    issues: Mapping[str, str]
    secret_keys: frozenset[str] = frozenset()
    alone: bool = False
    schema: str = ""


def _one(name: str, path: str, value: Any, phrase: str, at: str = "", schema: str = "") -> Bad:
    reported_at = at or re.sub(r"[.]([0-9]+)", r"[\1]", path)
    return Bad(name, {path: value}, {f"ixn:{reported_at}": phrase}, schema=schema)


SERVER, NODE, VQ = "ixnService.ixnServer", "ixnService.ixnNode", "ixnVQNode"
NOT_A_PORT = "is not a port number, an integer from 1 to 65535"

PORT_VALUES = [
    _one("port 0", f"{SERVER}.port", 0, f"0 {NOT_A_PORT}"),
    _one("port past the last", f"{SERVER}.ports", 65536, f"65536 {NOT_A_PORT}"),
    _one("port in words", f"{SERVER}.config", "abc", f"'abc' {NOT_A_PORT}"),
    _one("port as text", f"{NODE}.ports", "13133", f"'13133' {NOT_A_PORT}"),
    _one("port true", f"{NODE}.conf", True, f"true {NOT_A_PORT}"),
    _one("port with a fraction", f"{NODE}.consul", 7120.5, f"7120.5 {NOT_A_PORT}"),
    _one("port of nothing", f"{VQ}.ports.default", None, f"nothing {NOT_A_PORT}"),
    _one("negative port", f"{VQ}.ports.health", -1, f"-1 {NOT_A_PORT}"),
    _one("port as a list", f"{SERVER}.port", [7120], NOT_A_PORT),
]

DIFFER = ": the ports of a pod must differ"
EQUAL_PORTS = [
    Bad(
        "equal ports of the server",
        {f"{SERVER}.port": 7120, f"{SERVER}.ports": 7120},
        {f"ixn:{SERVER}.ports": f"7120 is also the port of ixn:{SERVER}.port{DIFFER}"},
        schema=TOGETHER,
    ),
    Bad(
        "the server's port is the default of the other",
        {f"{SERVER}.port": 13131, f"{SERVER}.ports": REMOVED},
        {f"ixn:{SERVER}.port": f"13131 is also the port of ixn:{SERVER}.ports{DIFFER}"},
        schema=TOGETHER,
    ),
    Bad(
        "equal ports of the VQ node",
        {f"{VQ}.ports": {"default": 5000, "health": 5000}},
        {f"ixn:{VQ}.ports.health": DIFFER},
        schema=TOGETHER,
    ),
    Bad(
        "a tenant's port equals the environment's",
        {f"{VQ}.ports.health": 13139, "tenants.dev.ixnVQNode": {"ports": {"default": 13139}}},
        {"ixn:tenants.dev.ixnVQNode.ports.default": f"is also the port of ixn:{VQ}.ports.health{DIFFER}"},
        schema=TOGETHER,
    ),
    Bad(
        "a tenant's port equals the environment's, of which it comes second",
        {f"{SERVER}.port": 7120, "tenants.dev.ixnService": {"ixnServer": {"ports": 7120}}},
        {"ixn:tenants.dev.ixnService.ixnServer.ports": f"is also the port of ixn:{SERVER}.port{DIFFER}"},
        schema=TOGETHER,
    ),
]


def _chart(theirs: str, value: int, ours: str) -> Bad:
    parent, _, key = theirs.rpartition(".")
    phrase = f"{value} is the path of the vendor's chart; use ixn:{ours}"
    return Bad(f"the chart's {theirs}", {parent: {key: value}}, {f"ixn:{theirs}": phrase})


CHART_SPELLINGS = [
    _chart(f"{SERVER}.ports.default", 7120, f"{SERVER}.port"),
    _chart(f"{SERVER}.ports.health", 9100, f"{SERVER}.ports"),
    _chart(f"{SERVER}.confServer.port", 8888, f"{SERVER}.config"),
    _chart(f"{NODE}.ports.health", 13133, f"{NODE}.ports"),
    _chart(f"{NODE}.configNode.port", 11100, f"{NODE}.conf"),
    _chart(f"{NODE}.consul.port", 8500, f"{NODE}.consul"),
    Bad(
        "the chart's key for the Consul address",
        {f"{NODE}.consul": {"host": {"valueFrom": {}}, "port": 8500, "sslMode": False}},
        {
            f"ixn:{NODE}.consul.host": "use ixn:peers.consul.locations",
            f"ixn:{NODE}.consul.port": f"use ixn:{NODE}.consul",
            f"ixn:{NODE}.consul.sslMode": "false is part of the container contract",
        },
    ),
    Bad(
        "a key of the chart without an equivalent",
        {
            "ixnService.service": {"enabled": True},
            f"{SERVER}.serviceq": {"create": True},
            f"{SERVER}.dbinit": {"enabled": True},
            f"{SERVER}.volumeMounts": {"kafka-shared-secret": {"readOnly": True}},
            "ixnVQNode.volumes": "kafka-shared-secret",
        },
        {
            "ixn:ixnService.service": "is always created; remove it",
            f"ixn:{SERVER}.serviceq": "has no equivalent; remove it",
            f"ixn:{SERVER}.dbinit": "is part of the container contract",
            f"ixn:{SERVER}.volumeMounts": "is part of the container contract",
            "ixn:ixnVQNode.volumes": "is part of the container contract",
        },
    ),
    Bad(
        "the chart's port that no connection uses",
        {f"{NODE}.ports": {"default": 6120}},
        {f"ixn:{NODE}.ports.default": "6120 belongs to no connection of the table"},
    ),
    Bad(
        "the chart's spelling in a tenant",
        {"tenants.dev.ixnService": {"ixnServer": {"confServer": {"port": 8888}}}},
        {"ixn:tenants.dev.ixnService.ixnServer.confServer.port": f"use ixn:{SERVER}.config"},
    ),
]

UNKNOWN_KEYS = [
    _one("unknown key", f"{SERVER}.prot", 7120, "unknown key 'prot'; did you mean 'port'?", SERVER),
    _one("unknown key without a near one", f"{NODE}.zzz", 1, "unknown key 'zzz'; known keys: conf, consul", NODE),
    Bad("unknown top-level key", {"ixnVQnode": {}}, {"ixn": "unknown key 'ixnVQnode'; did you mean 'ixnVQNode'?"}),
    _one("unknown peer", "peers.kafak", {}, "unknown key 'kafak'; did you mean 'kafka'?", "peers"),
    _one(
        "unknown key of a tenant",
        "tenants.dev.siid",
        "1",
        "unknown key 'siid'; did you mean 'sid'?",
        "tenants.dev",
    ),
    _one(
        "unknown key of a location",
        "peers.urs.locations.0.pods.label",
        {},
        "did you mean 'labels'?",
        "peers.urs.locations[0].pods",
    ),
    Bad(
        "unknown key in place of one that is needed",
        {"tenants.dev.sid": REMOVED, "tenants.dev.siid": "100"},
        {"ixn:tenants.dev": "unknown key 'siid'; did you mean 'sid'?"},
    ),
    Bad(
        "unknown key in place of one that is needed, merged",
        {f"{VQ}.image": {"tag": "1", "repositry": "ixn/vq"}},
        {f"ixn:{VQ}.image": "unknown key 'repositry'; did you mean 'repository'?"},
    ),
    _one("key in other case", "image.PullPolicy", "Always", "did you mean 'pullPolicy'?", "image"),
]

RENAMED = [
    Bad(
        "0.1.0's key of peers",
        {"neighbours": {"urs": {"absent": True}}},
        {"ixn": "key 'neighbours' was renamed to 'peers'"},
    ),
    Bad(
        "0.1.0's key of the check",
        {"connectionCheck": {"image": {"repository": "a", "tag": "1"}}},
        {"ixn": "renamed to 'connectivityCheck'"},
    ),
    Bad(
        "0.1.0's keys of a location",
        {
            "peers.consul": {
                "places": [
                    {"ownNode": {"cidrs": ["10.0.0.0/16"], "agent": {"namespace": "a", "labels": {"b": "c"}}}}
                ]
            }
        },
        {
            "ixn:peers.consul": "renamed to 'locations'",
            "ixn:peers.consul.locations[0]": "renamed to 'nodeAgent'",
            "ixn:peers.consul.locations[0].nodeAgent": "renamed to 'pods'",
        },
    ),
    Bad(
        "0.1.0's keys of a tenant's peers",
        {
            "tenants.dev.neighbours": {
                "ixnDB": {"wire": [{"first": 1}], "secret": {"generated": {"username": "ixn"}}}
            }
        },
        {"ixn:tenants.dev": "renamed to 'peers'", "ixn:tenants.dev.peers.ixnDB": "renamed to 'targetPorts'"},
    ),
    Bad("0.1.0's key of aliases", {"tenants.dev.formerly": ["old"]}, {"ixn:tenants.dev": "renamed to 'aliases'"}),
    Bad(
        "0.1.0's key of a written Secret",
        {"peers.kafka.secret": {"written": {}}},
        {"ixn:peers.kafka.secret": "renamed to 'managed'"},
    ),
    _one(
        "0.1.0's isolation",
        "isolation",
        "networkPolicy",
        "'networkPolicy' is not 'kubernetes', 'cilium' or 'none'",
    ),
    _one(
        "0.1.0's isolation without policies", "isolation", False, "false is not 'kubernetes', 'cilium' or 'none'"
    ),
]

KINDS_OF_VALUE = [
    _one("top-level nothing", "monitoring", None, "nothing is not a mapping of enabled, interval, labels, path"),
    _one("list where a mapping is wanted", "image", [], "is not a mapping of pullPolicy, pullSecrets, registry"),
    _one("text where a mapping is wanted", f"{NODE}.image", "ixn", "'ixn' is not a mapping of repository, tag"),
    _one("mapping where a list is wanted", "peers.statServer.locations", {"pods": {}}, "is not a list"),
    _one("number where text is wanted", f"{VQ}.image.tag", 1.1, "1.1 is a number instead of a string: quote it"),
    _one("text where a switch is wanted", "openshift", "yes", "'yes' is not true or false"),
    _one(
        "number in the environment",
        f"{SERVER}.env",
        {"LEVEL": 5},
        "5 is a number instead of a string: quote it",
        f"{SERVER}.env.LEVEL",
    ),
    _one("odd policy", "image.pullPolicy", "Sometimes", "'Sometimes' is not 'Always', 'IfNotPresent' or 'Never'"),
    _one("odd duration", "monitoring.interval", "half a minute", "is not a Prometheus duration"),
    _one("no quantity", f"{VQ}.resources.limits.memory", "160 MB", "'160 MB' is not a Kubernetes quantity"),
    _one("quantity of nothing", f"{SERVER}.logStorage.storageSize", "0", "above zero", schema=VALUE_SENSE),
    _one(
        "parts of a byte",
        f"{VQ}.resources.limits.memory",
        "160m",
        "'160m' is a fraction of a byte",
        schema=VALUE_SENSE,
    ),
    _one("a registry with a scheme", "image.registry", "https://a.example.com", "is not a registry of images"),
    _one("a repository with a tag", f"{NODE}.image.repository", "ixn/node:1.0", "is not a repository of images"),
    _one("a name of two lines", "peers.ixnNodeDB.name", "ixn\nnode", "is not a string of one line"),
    _one(
        "a reserved label of ServiceMonitors",
        "monitoring.labels",
        {"app.kubernetes.io/part-of": "monitoring"},
        "'app.kubernetes.io/part-of' is set by this package",
        'monitoring.labels["app.kubernetes.io/part-of"]',
    ),
    _one("cores as a number", f"{NODE}.resources.limits.cpu", 2, "2 is a number instead of a string: quote it"),
    _one(
        "a tag that YAML takes for a number",
        f"{VQ}.image.tag",
        100,
        "100 is a number instead of a string: quote it",
    ),
    _one(
        "a label that YAML takes for a switch",
        "peers.urs.locations.0.pods.labels",
        {"ixn": True},
        "true is a boolean instead of a string: quote it",
        "peers.urs.locations[0].pods.labels.ixn",
    ),
    _one(
        "a storage class without a size",
        f"{SERVER}.logStorage",
        {"storageClassName": "fast-ssd"},
        "has a storage class without a size",
        schema=TOGETHER,
    ),
    _one("no replicas", f"{NODE}.replicas", 0, "0 is not a number of replicas"),
    _one("two replicas of the server", f"{SERVER}.replicas", 2, "2 is not 1: the primary/backup pair"),
    _one("true replicas of the server", f"{SERVER}.replicas", True, "true is not 1"),
    _one("a namespace in capitals", "namespace.name", "IXN", "'IXN' is not a Kubernetes name"),
    Bad(
        "requests above limits",
        {f"{NODE}.resources.requests.cpu": "1"},
        {f"ixn:{NODE}.resources": "requests more cpu than its limit allows: 1 is above 300m"},
        schema=TOGETHER,
    ),
    Bad(
        "a reserved label",
        {f"{SERVER}.podLabels": {"app.kubernetes.io/name": "mine"}},
        {f'ixn:{SERVER}.podLabels["app.kubernetes.io/name"]': "'app.kubernetes.io/name' is set by this package"},
    ),
    Bad(
        "the mesh's annotation",
        {f"{NODE}.podAnnotations": {"consul.hashicorp.com/connect-inject": "true"}},
        {f'ixn:{NODE}.podAnnotations["consul.hashicorp.com/connect-inject"]': "may not be set: the Consul"},
    ),
]

CHECK = "connectivityCheck"
CHECK_IMAGE = {"repository": "tools/busybox", "tag": "1.37"}
NOT_A_DEADLINE = "is not a number of seconds, an integer from 1 to 60"


def _check(name: str, path: str, value: Any, phrase: str, at: str = "", schema: str = "") -> Bad:
    """A connectivity check with one invalid value."""
    changes = {f"{CHECK}.image": CHECK_IMAGE, f"{CHECK}.{path}": value}
    return Bad(name, changes, {f"ixn:{CHECK}.{at or path}": phrase}, schema=schema)


CONNECTION_CHECK = [
    _one("a check that is switched on", CHECK, True, "is not a mapping of deadline, image, podAnnotations"),
    _one("a check without image", CHECK, {"deadline": 5}, "is missing: the image", f"{CHECK}.image"),
    _one("a check's image without tag", CHECK, {"image": {"repository": "a"}}, "is missing", f"{CHECK}.image.tag"),
    _check("a check's image with a registry", "image.registry", "x", "unknown key 'registry'", "image"),
    _check("a check's tag that is no label", "image.tag", "a@b", "is not an image's tag"),
    Bad(
        "unknown key of a check",
        {f"{CHECK}.image": CHECK_IMAGE, f"{CHECK}.deadlin": 5},
        {f"ixn:{CHECK}": "did you mean 'deadline'?"},
    ),
    _one("a rollout without time", "rollout.timeout", 0, "0 is not a number of seconds"),
    _one("a rollout in words", "rollout.timeout", "10m", "'10m' is not a number of seconds"),
    _one("a rollout for longer than a day", "rollout.timeout", 86401, "86401 is not a number of seconds"),
    _check("a deadline of nothing", "deadline", 0, f"0 {NOT_A_DEADLINE}"),
    _check("a deadline past the longest", "deadline", 61, f"61 {NOT_A_DEADLINE}"),
    _check("a deadline in words", "deadline", "abc", f"'abc' {NOT_A_DEADLINE}"),
    _check("a deadline true", "deadline", True, f"true {NOT_A_DEADLINE}"),
    _check("a deadline with a fraction", "deadline", 1.5, f"1.5 {NOT_A_DEADLINE}"),
    _check(
        "a check that requests more than its limit",
        "resources",
        {"requests": {"cpu": "1", "memory": "16Mi"}, "limits": {"cpu": "100m", "memory": "64Mi"}},
        "requests more cpu than its limit allows: 1 is above 100m",
        schema=TOGETHER,
    ),
    _check(
        "a check's resources without limits",
        "resources.requests",
        {"cpu": "1", "memory": "1Mi"},
        "is missing: the resources that the container may not exceed",
        "resources.limits",
    ),
    _check(
        "a reserved label on a check's pods",
        "podLabels",
        {"ixn-pulumi/policy": "ixn-server-100"},
        "'ixn-pulumi/policy' is set by this package",
        'podLabels["ixn-pulumi/policy"]',
    ),
    _check(
        "the mesh's annotation on a check's pods",
        "podAnnotations",
        {"consul.hashicorp.com/connect-inject": "true"},
        "may not be set: the Consul",
        'podAnnotations["consul.hashicorp.com/connect-inject"]',
    ),
    _one(
        "a tenant's own check",
        "tenants.dev.connectivityCheck",
        {"image": CHECK_IMAGE},
        "unknown key 'connectivityCheck'",
        "tenants.dev",
    ),
]

LOOPBACK = "is a loopback address: "
# fmt: off
PEERS = [
    _one("a peer missing", "peers.urs", REMOVED, "is missing: URS (connection 8)", schema=MERGED),
    _one("a shared peer missing", "peers.kafka", REMOVED, "is missing: Kafka (connections 6, 7)"),
    _one("localhost", "peers.configServer.host", "localhost", f"'localhost' {LOOPBACK}"),
    _one("127.0.0.1", "peers.voiceRQ.endpoints.0", "127.0.0.1:11000", f"'127.0.0.1:11000' {LOOPBACK}"),
    _one("::1", "peers.voiceConfig.host", "::1", f"'::1' {LOOPBACK}"),
    _one("[::1]", "peers.kafka.endpoints.0", "[::1]:9092", f"'[::1]:9092' {LOOPBACK}"),
    _one("no locations", "peers.prometheus.locations", [], "must have at least one entry"),
    _one("locations missing", "peers.gwsIxnService.locations", REMOVED, "is missing", schema=MERGED),
    _one("an address without its port", "peers.ixnDB.endpoint", "postgres.infra.svc", "'host:port'"),
    _one(
        "an address with a login",
        "peers.ixnNodeDB.endpoint",
        f"postgres://ixn:{SECRET}@db:5432",
        "'...@db:5432' is not an address",
        schema=VALUE_SENSE,
    ),
    _one(
        "a port past the last",
        "peers.orsRedisStream.endpoints.0",
        "redis:65536",
        "'redis:65536' is not an address with its port",
        schema=VALUE_SENSE,
    ),
    _one("no network", "peers.statServer.locations.0", {"cidrs": ["10.0.0.0"]}, "is not a network",
         "peers.statServer.locations[0].cidrs[0]"),
    _one("a network with host bits", "peers.statServer.locations.0", {"cidrs": ["10.0.0.1/8"]},
         "without host bits", "peers.statServer.locations[0].cidrs[0]", VALUE_SENSE),
    _one("a location of two kinds", "peers.urs.locations.0.cidrs", ["10.0.0.0/8"],
         "needs exactly one of pods, cidrs, nodeAgent, dnsNames", "peers.urs.locations[0]"),
    _one("a choice of nothing", "peers.urs.locations.0", {"dnsNames": None}, "needs exactly one of",
         "peers.urs.locations[0]"),
    _one("an agent elsewhere", "peers.consul.locations", [{"cidrs": ["10.0.0.0/16"]}],
         "each of its locations must be a nodeAgent", "peers.consul", VALUE_SENSE),
    _one("absent: false", "peers.pulseStatServers", {"absent": False}, "false is not true (omit",
         "peers.pulseStatServers.absent"),
    Bad("absent and yet located", {"peers.voiceConfig.absent": True},
        {"ixn:peers.voiceConfig": "cannot be combined with 'absent'"}),
    _one("a tenant's own Kafka", "tenants.dev.peers", {"kafka": {"absent": True}},
         "is shared by the tenants of the namespace: set ixn:peers.kafka", "tenants.dev.peers.kafka"),
]

PLACED_BY_NAME = [{"dnsNames": ["peer.example.com"]}]
POLICIES = [
    _one("unknown isolation", "isolation", "calico", "'calico' is not 'kubernetes', 'cilium' or 'none'"),
    _one("a DNS name that a NetworkPolicy cannot express", "peers.voiceRQ.locations", PLACED_BY_NAME,
         "requires ixn:isolation to be 'cilium'", "peers.voiceRQ.locations[0].dnsNames", TOGETHER),
    _one("a DNS name that a NetworkPolicy cannot express, shared", "peers.kafka.locations", PLACED_BY_NAME,
         "requires ixn:isolation to be 'cilium'", "peers.kafka.locations[0].dnsNames", TOGETHER),
    _one("a caller by its DNS name", "peers.gwsIxnService.locations", PLACED_BY_NAME,
         "no policy supports DNS names", "peers.gwsIxnService.locations[0].dnsNames", TOGETHER),
    _one("a resolver by its DNS name", "dns", {"locations": PLACED_BY_NAME, "ports": [53]},
         "locates DNS itself by DNS name", "dns.locations[0].dnsNames", TOGETHER),
    _one("a resolver without ports", "dns", {"locations": [{"cidrs": ["10.0.0.10/32"]}], "ports": []},
         "must have at least one entry", "dns.ports"),
    Bad("an address as a DNS name", {"peers.orsRedisStream.locations": [{"dnsNames": ["192.0.2.1"]}]},
        {"ixn:peers.orsRedisStream.locations[0].dnsNames": "requires ixn:isolation to be 'cilium'",
         "ixn:peers.orsRedisStream.locations[0].dnsNames[0]": "'192.0.2.1' is not a DNS name"},
        schema=VALUE_SENSE),
    _one("pods' ports in the wrong order", "peers.ixnDB.targetPorts", [{"first": 2, "last": 1}],
         "is not a range of ports: 1 is below 2", "peers.ixnDB.targetPorts[0]", TOGETHER),
    _one("no ports of pods", "peers.ixnNodeDB.targetPorts", [], "must have at least one entry"),
    _one("an advertised broker without port", "peers.kafka.advertised", ["kafka-0"], "'host:port'",
         "peers.kafka.advertised[0]"),
]
# fmt: on

TENANTS = [
    Bad("no tenants", {"tenants": REMOVED}, {"ixn:tenants": "with an entry for each tenant"}, alone=True),
    Bad("an empty list of tenants", {"tenants": {}}, {"ixn:tenants": "with an entry"}, alone=True),
    Bad("tenants that are no mapping", {"tenants": ["dev"]}, {"ixn:tenants": "must be a mapping"}, alone=True),
    _one("a tenant that is no mapping", "tenants.extra", "x", "'x' is not a mapping"),
    Bad(
        "an odd tenant's key",
        {"tenants": {"a.b": {**SECOND, "id": DEV_ID, "sid": "100"}}},
        {'ixn:tenants["a.b"]': "'a.b' is not a tenant's key: letters, digits, '-' and '_'"},
        alone=True,
    ),
    _one("a malformed UUID", "tenants.dev.id", "9350e2fc", "'9350e2fc' is not a UUID"),
    _one("a sid in capitals", "tenants.dev.sid", "East", "lower-case letters, digits and '-', at most 41"),
    _one("a sid too long", "tenants.dev.sid", "a" * 42, "lower-case letters, digits and '-', at most 41"),
    _one("a tenant without sid", "tenants.dev.sid", REMOVED, "is missing: the tenant's short id"),
    Bad(
        "two tenants of one id",
        {"tenants.second": {**SECOND, "id": DEV_ID.upper()}},
        {f"ixn:tenants.{key}.id": "is also the id of another tenant" for key in ("dev", "second")},
        schema=TOGETHER,
    ),
    Bad(
        "two tenants of one sid",
        {"tenants.second": {**SECOND, "sid": 100}},
        {f"ixn:tenants.{key}.sid": "is also the sid of another tenant" for key in ("dev", "second")},
        schema=TOGETHER,
    ),
    Bad(
        "aliases another's key",
        {"tenants.second": {**SECOND, "aliases": ["dev"]}},
        {"ixn:tenants.second.aliases[0]": "'dev' is also the key or an alias of another tenant"},
        schema=TOGETHER,
    ),
    Bad(
        "aliases its own key",
        {"tenants.dev.aliases": ["dev"]},
        {"ixn:tenants.dev.aliases[0]": "'dev' is also the key or an alias of another tenant, or of this one"},
        schema=TOGETHER,
    ),
]

TARGETS = [
    _one("a target of none", "target", {}, "needs exactly one of render, context"),
    _one("a target of both", "target.context", "here", "needs exactly one of render, context", "target"),
    _one("a target of nothing", "target.render", None, "needs exactly one of render, context", "target"),
    _one("no target", "target", REMOVED, "is missing: the target of the stack"),
    _one("render: false", "target.render", False, "false is not true"),
]

SECRETS = frozenset({"secrets"})
PASSWORD = {"password": SECRET}
WRITTEN = {"managed": {"username": "ixn"}}
OWN = "tenants.dev.peers"
DATABASE_SECRET = "peers.ixnDB.secret"
ELSEWHERE = "; secret values belong in ixn:secrets"
CREDENTIALS = [
    Bad(
        "credentials from two locations",
        {DATABASE_SECRET: {"existing": {}, "generated": {"username": "ixn"}}},
        {f"ixn:{DATABASE_SECRET}": "needs exactly one of existing, generated, managed"},
    ),
    Bad(
        "a password under peers",
        {f"{DATABASE_SECRET}.password": SECRET},
        {f"ixn:{DATABASE_SECRET}": f"unknown key 'password'{ELSEWHERE}"},
    ),
    Bad(
        "a password under a short key",
        {"peers.ixnNodeDB.pass": SECRET},
        {"ixn:peers.ixnNodeDB": f"unknown key 'pass'{ELSEWHERE}"},
    ),
    Bad(
        "a password below 'auth'",
        {"peers.kafka.saslAuth": SECRET},
        {"ixn:peers.kafka": "unknown key 'saslAuth'"},
    ),
    Bad(
        "a password in a connection string",
        {"peers.ixnDB.endpoint": f"Host=db;Port=5432;Pwd = {SECRET}"},
        {"ixn:peers.ixnDB.endpoint": "is not an address with its port"},
    ),
    Bad(
        "a password in a chart's connection string",
        {f"{SERVER}.db": {"connectionString": f"KeepaliveTime=60;Password={SECRET};"}},
        {f"ixn:{SERVER}.db.connectionString": "is the path of the vendor's chart; use"},
    ),
    Bad(
        "an issue of a tenant whose key sounds secret",
        {"tenants.passau": {"id": "9350e2fc", "sid": "300"}},
        {"ixn:tenants.passau.id": "'9350e2fc' is not a UUID"},
    ),
    Bad(
        "an issue below a word that only resembles a login",
        {"peers.orsRedisStream.rejectUnauthorized": "yes"},
        {"ixn:peers.orsRedisStream.rejectUnauthorized": "'yes' is not true or false"},
    ),
    Bad(
        "a misspelt key of a Secret's name",
        {"image.pullSecret": ["pullsecret"]},
        {"ixn:image": "unknown key 'pullSecret'; did you mean 'pullSecrets'?"},
    ),
    Bad(
        "a misspelt key of where credentials come from",
        {"peers.orsRedisStream.secrets": {"managed": {}}},
        {"ixn:peers.orsRedisStream": "unknown key 'secrets'; did you mean 'secret'?"},
    ),
    Bad(
        "a misspelt key of a Secret's key",
        {"peers.kafka.secret": {"existing": {"nam": "kafka-shared-secret"}}},
        {"ixn:peers.kafka.secret.existing": "unknown key 'nam'; did"},
    ),
    Bad(
        "a password in place of a choice",
        {DATABASE_SECRET: SECRET},
        {f"ixn:{DATABASE_SECRET}": "is not a mapping of existing, generated, managed"},
    ),
    Bad(
        "a password in place of a user",
        {OWN: {"ixnDB": {"secret": {"managed": SECRET}}}},
        {
            f"ixn:{OWN}.ixnDB.secret.managed": "is not a mapping of username",
            "ixn:secrets.tenants.dev.ixnDB.password": "is missing: set it",
        },
    ),
    Bad(
        "an encrypted value elsewhere",
        {"peers.ixnDB.pw": SECRET},
        {
            "ixn:peers": "holds a secret value",
            "ixn:peers.ixnDB": "unknown key 'pw'",
        },
        secret_keys=frozenset({"peers"}),
    ),
    Bad(
        "an encrypted tenant's id",
        {"tenants.dev.id": SECRET},
        {"ixn:tenants": "holds a secret value", "ixn:tenants.dev.id": "is not a UUID"},
        secret_keys=frozenset({"tenants"}),
    ),
    Bad(
        "a missing password",
        {OWN: {"ixnNodeDB": {"secret": WRITTEN}}},
        {"ixn:secrets.tenants.dev.ixnNodeDB.password": "is missing: set it with `pulumi config set --secret"},
        schema=TOGETHER,
    ),
    Bad(
        "a missing password of Redis",
        {"peers.orsRedisStream.secret": {"managed": {}}},
        {"ixn:secrets.orsRedisStream.password": "is missing: set it with"},
        schema=TOGETHER,
    ),
    Bad(
        "a password that no Secret needs",
        {"secrets": {"tenants": {"dev": {"ixnDB": PASSWORD}}}},
        {"ixn:secrets.tenants.dev.ixnDB.password": "is not used: ixn:peers.ixnDB.secret is not 'managed'"},
        SECRETS,
        schema=TOGETHER,
    ),
    Bad(
        "a password of an unknown tenant",
        {"secrets": {"tenants": {"nobody": {"ixnDB": PASSWORD}}}},
        {"ixn:secrets.tenants.nobody": "is not a key of ixn:tenants"},
        SECRETS,
        schema=TOGETHER,
    ),
    Bad(
        "a password in place of its mapping",
        {OWN: {"ixnDB": {"secret": WRITTEN}}, "secrets": {"tenants": {"dev": {"ixnDB": SECRET}}}},
        {"ixn:secrets.tenants.dev.ixnDB": "is not a mapping of password"},
        SECRETS,
    ),
    Bad(
        "a password under an unknown key",
        {"secrets": {"ixnDB": PASSWORD}},
        {"ixn:secrets": "unknown key 'ixnDB'"},
        SECRETS,
    ),
    Bad(
        "a misspelt key of a password",
        {
            OWN: {"ixnNodeDB": {"secret": WRITTEN}},
            "secrets": {"tenants": {"dev": {"ixnNodeDB": {"passwort": SECRET}}}},
        },
        {"ixn:secrets.tenants.dev.ixnNodeDB": "unknown key 'passwort'; did you mean 'password'?"},
        SECRETS,
    ),
    Bad(
        "a misspelt key of a password that no Secret needs",
        {"secrets": {"orsRedisStream": {"passwort": SECRET}}},
        {"ixn:secrets.orsRedisStream": "unknown key 'passwort'; did you mean 'password'?"},
        SECRETS,
    ),
    Bad(
        "an empty password",
        {OWN: {"ixnDB": {"secret": WRITTEN}}, "secrets": {"tenants": {"dev": {"ixnDB": {"password": ""}}}}},
        {"ixn:secrets.tenants.dev.ixnDB.password": "is not a string"},
        SECRETS,
        schema=CLEAR,
    ),
    Bad(
        "a password in clear in the environment",
        {f"{SERVER}.env": {"LOG_LEVEL": "debug", "DB_PASSWORD": SECRET}},
        {f"ixn:{SERVER}.env": "may not include DB_PASSWORD, which the container reads from a Secret"},
    ),
    Bad(
        "a user name in clear in a tenant's environment",
        {"tenants.dev.ixnService": {"ixnNode": {"env": {"DB_USERNAME": "ixn"}}}},
        {"ixn:tenants.dev.ixnService.ixnNode.env": "may not include DB_USERNAME, which the container reads"},
    ),
    Bad("secrets that are text", {"secrets": SECRET}, {"ixn:secrets": "is not a mapping"}, SECRETS),
    Bad(
        "a password in clear",
        {OWN: {"ixnDB": {"secret": WRITTEN}}, "secrets": {"tenants": {"dev": {"ixnDB": PASSWORD}}}},
        {"ixn:secrets": "is not encrypted: set each password with `pulumi config set --secret --path`"},
        alone=True,
    ),
]

EXAMPLES = [
    *PORT_VALUES,
    *EQUAL_PORTS,
    *CHART_SPELLINGS,
    *UNKNOWN_KEYS,
    *RENAMED,
    *KINDS_OF_VALUE,
    *CONNECTION_CHECK,
    *PEERS,
    *POLICIES,
    *TENANTS,
    *TARGETS,
    *CREDENTIALS,
]
