"""Mistakes that are made in a stack config: each a change to the dev stack's, and what has to be said of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.unit.settings.stacks import REMOVED

SECRET = "hunter2-the-secret"
"""Stands wherever an example has a secret value: no message may show it."""

OTHER_ID = "7d0c1d38-2c1b-4bd5-a3ea-4b44f5ef9d6a"
DEV_ID = "9350e2fc-a1dd-4c65-8d40-1f75a2e080dd"
SECOND = {"id": OTHER_ID, "sid": "200"}

MERGED = "what one of two merged places lacks, the other may have"
TOGETHER = "several values are compared"
VALUE_SENSE = "it is more than the form of one text"
CLEAR = "in the file it is encrypted, as it should be"


@dataclass(frozen=True)
class Bad:
    """One example.

    `changes`: values by path below `ixn:`. `mistakes`: a phrase of the message by the path that it names.
    `secret_keys`: the top-level keys that hold an encrypted value. `alone`: it cannot stand beside others.
    `schema`: why a JSON Schema cannot tell; empty where it can.
    """

    name: str
    changes: Mapping[str, Any]
    mistakes: Mapping[str, str]
    secret_keys: frozenset[str] = frozenset()
    alone: bool = False
    schema: str = ""


def _one(name: str, path: str, value: Any, phrase: str, at: str = "", schema: str = "") -> Bad:
    told_at = at or re.sub(r"[.]([0-9]+)", r"[\1]", path)
    return Bad(name, {path: value}, {f"ixn:{told_at}": phrase}, schema=schema)


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

DIFFER = "too: ports of a pod differ"
EQUAL_PORTS = [
    Bad(
        "equal ports of the server",
        {f"{SERVER}.port": 7120, f"{SERVER}.ports": 7120},
        {f"ixn:{SERVER}.ports": f"7120 is the port of ixn:{SERVER}.port {DIFFER}"},
        schema=TOGETHER,
    ),
    Bad(
        "the server's port is the default of the other",
        {f"{SERVER}.port": 13131, f"{SERVER}.ports": REMOVED},
        {f"ixn:{SERVER}.port": f"13131 is the port of ixn:{SERVER}.ports {DIFFER}"},
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
        {"ixn:tenants.dev.ixnVQNode.ports.default": f"is the port of ixn:{VQ}.ports.health {DIFFER}"},
        schema=TOGETHER,
    ),
    Bad(
        "a tenant's port equals the environment's, of which it comes second",
        {f"{SERVER}.port": 7120, "tenants.dev.ixnService": {"ixnServer": {"ports": 7120}}},
        {"ixn:tenants.dev.ixnService.ixnServer.ports": f"is the port of ixn:{SERVER}.port {DIFFER}"},
        schema=TOGETHER,
    ),
]


def _chart(theirs: str, value: int, ours: str) -> Bad:
    parent, _, key = theirs.rpartition(".")
    phrase = f"{value} is the chart's spelling; here it is ixn:{ours}"
    return Bad(f"the chart's {theirs}", {parent: {key: value}}, {f"ixn:{theirs}": phrase})


CHART_SPELLINGS = [
    _chart(f"{SERVER}.ports.default", 7120, f"{SERVER}.port"),
    _chart(f"{SERVER}.ports.health", 9100, f"{SERVER}.ports"),
    _chart(f"{SERVER}.confServer.port", 8888, f"{SERVER}.config"),
    _chart(f"{NODE}.ports.health", 13133, f"{NODE}.ports"),
    _chart(f"{NODE}.configNode.port", 11100, f"{NODE}.conf"),
    _chart(f"{NODE}.consul.port", 8500, f"{NODE}.consul"),
    Bad(
        "the chart's way to say where Consul is",
        {f"{NODE}.consul": {"host": {"valueFrom": {}}, "port": 8500, "sslMode": False}},
        {
            f"ixn:{NODE}.consul.host": "here it is ixn:neighbours.consul.places",
            f"ixn:{NODE}.consul.port": f"here it is ixn:{NODE}.consul",
            f"ixn:{NODE}.consul.sslMode": "false is in the container contract",
        },
    ),
    Bad(
        "what the chart is told, and here nobody is",
        {
            "ixnService.service": {"enabled": True},
            f"{SERVER}.serviceq": {"create": True},
            f"{SERVER}.dbinit": {"enabled": True},
            f"{SERVER}.volumeMounts": {"kafka-shared-secret": {"readOnly": True}},
            "ixnVQNode.volumes": "kafka-shared-secret",
        },
        {
            "ixn:ixnService.service": "is made without being asked for; remove it",
            f"ixn:{SERVER}.serviceq": "has no counterpart here; remove it",
            f"ixn:{SERVER}.dbinit": "is in the container contract, which only a program of your own can change",
            f"ixn:{SERVER}.volumeMounts": "is in the container contract",
            "ixn:ixnVQNode.volumes": "is in the container contract",
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
        {"ixn:tenants.dev.ixnService.ixnServer.confServer.port": f"here it is ixn:{SERVER}.config"},
    ),
]

UNKNOWN_KEYS = [
    _one("unknown key", f"{SERVER}.prot", 7120, "7120 is not a known key; did you mean 'port'?"),
    _one("unknown key without a near one", f"{NODE}.zzz", 1, "is not a known key; known here: conf, consul"),
    _one("unknown top-level key", "ixnVQnode", {}, "is not a known key; did you mean 'ixnVQNode'?"),
    _one("unknown neighbour", "neighbours.kafak", {}, "is not a known key; did you mean 'kafka'?"),
    _one("unknown key of a tenant", "tenants.dev.siid", "1", "'1' is not a known key; did you mean 'sid'?"),
    _one("unknown key of a place", "neighbours.urs.places.0.pods.label", {}, "did you mean 'labels'?"),
    Bad(
        "unknown key in place of one that is needed",
        {"tenants.dev.sid": REMOVED, "tenants.dev.siid": "100"},
        {"ixn:tenants.dev.siid": "'100' is not a known key; did you mean 'sid'?"},
    ),
    Bad(
        "unknown key in place of one that is needed, merged",
        {f"{VQ}.image": {"tag": "1", "repositry": "ixn/vq"}},
        {f"ixn:{VQ}.image.repositry": "'ixn/vq' is not a known key; did you mean 'repository'?"},
    ),
    _one("key in other case", "image.PullPolicy", "Always", "did you mean 'pullPolicy'?"),
]

KINDS_OF_VALUE = [
    _one("top-level nothing", "monitoring", None, "nothing is not a mapping of enabled, interval, labels, path"),
    _one("list where a mapping is wanted", "image", [], "is not a mapping of pullPolicy, pullSecrets, registry"),
    _one("text where a mapping is wanted", f"{NODE}.image", "ixn", "'ixn' is not a mapping of repository, tag"),
    _one("mapping where a list is wanted", "neighbours.statServer.places", {"pods": {}}, "is not a list"),
    _one("number where text is wanted", f"{VQ}.image.tag", 1.1, "1.1 is a number where text is wanted: quote it"),
    _one("text where a switch is wanted", "openshift", "yes", "'yes' is not true or false"),
    _one(
        "number in the environment",
        f"{SERVER}.env",
        {"LEVEL": 5},
        "5 is a number where text is wanted: quote it",
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
        "'160m' is counted in parts of a byte",
        schema=VALUE_SENSE,
    ),
    _one("a registry with a scheme", "image.registry", "https://a.example.com", "is not a registry of images"),
    _one("a repository with a tag", f"{NODE}.image.repository", "ixn/node:1.0", "is not a repository of images"),
    _one("a name of two lines", "neighbours.ixnNodeDB.name", "ixn\nnode", "is not text of one line"),
    _one(
        "a reserved label of ServiceMonitors",
        "monitoring.labels",
        {"app.kubernetes.io/part-of": "monitoring"},
        "may not set app.kubernetes.io/part-of, which this package sets itself",
    ),
    _one("cores as a number", f"{NODE}.resources.limits.cpu", 2, "2 is a number where text is wanted: quote it"),
    _one(
        "a tag that YAML takes for a number",
        f"{VQ}.image.tag",
        100,
        "100 is a number where text is wanted: quote it",
    ),
    _one(
        "a label that YAML takes for a switch",
        "neighbours.urs.places.0.pods.labels",
        {"ixn": True},
        "true is a switch where text is wanted: quote it",
        "neighbours.urs.places[0].pods.labels.ixn",
    ),
    _one(
        "a storage class without a size",
        f"{SERVER}.logStorage",
        {"storageClassName": "fast-ssd"},
        "has a storage class and no storageSize: the logs would be on no claim",
        schema=TOGETHER,
    ),
    _one("no replicas", f"{NODE}.replicas", 0, "0 is not a number of replicas"),
    _one("two replicas of the server", f"{SERVER}.replicas", 2, "2 is not 1: more wait for the design"),
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
        {f"ixn:{SERVER}.podLabels": "may not set app.kubernetes.io/name, which this package sets itself"},
    ),
    Bad(
        "the mesh's annotation",
        {f"{NODE}.podAnnotations": {"consul.hashicorp.com/connect-inject": "true"}},
        {f"ixn:{NODE}.podAnnotations": "may not carry consul.hashicorp.com/connect-inject: the Consul"},
    ),
]

CHECK = "connectionCheck"
CHECK_IMAGE = {"repository": "tools/busybox", "tag": "1.37"}
NOT_A_DEADLINE = "is not a number of seconds, an integer from 1 to 60"


def _check(name: str, path: str, value: Any, phrase: str, at: str = "", schema: str = "") -> Bad:
    """One wrong value of a check that is right but for it."""
    changes = {f"{CHECK}.image": CHECK_IMAGE, f"{CHECK}.{path}": value}
    return Bad(name, changes, {f"ixn:{CHECK}.{at or path}": phrase}, schema=schema)


CONNECTION_CHECK = [
    _one("a check that is switched on", CHECK, True, "is not a mapping of deadline, image, podAnnotations"),
    _one("a check without image", CHECK, {"deadline": 5}, "is missing: the image", f"{CHECK}.image"),
    _one("a check's image without tag", CHECK, {"image": {"repository": "a"}}, "is missing", f"{CHECK}.image.tag"),
    _check("a check's image with a registry", "image.registry", "x", "'x' is not a known key"),
    _check("a check's tag that is no label", "image.tag", "a@b", "is not an image's tag"),
    _check("unknown key of a check", "deadlin", 5, "5 is not a known key; did you mean 'deadline'?"),
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
        "is missing: what the container may not exceed",
        "resources.limits",
    ),
    _check(
        "a label of ours on a check's pods",
        "podLabels",
        {"ixn-pulumi/policy": "ixn-server-100"},
        "may not set ixn-pulumi/policy, which this package sets itself",
    ),
    _check(
        "the mesh's annotation on a check's pods",
        "podAnnotations",
        {"consul.hashicorp.com/connect-inject": "true"},
        "may not carry consul.hashicorp.com/connect-inject: the Consul",
    ),
    _one(
        "a tenant's own check",
        "tenants.dev.connectionCheck",
        {"image": CHECK_IMAGE},
        "is not a known key",
    ),
]

LOOPBACK = "is a loopback address: the vendor's sample dials it through a Consul mesh sidecar"
# fmt: off
NEIGHBOURS = [
    _one("a neighbour missing", "neighbours.urs", REMOVED, "is missing: URS (connection 8)", schema=MERGED),
    _one("a shared neighbour missing", "neighbours.kafka", REMOVED, "is missing: Kafka (connections 6, 7)"),
    _one("localhost", "neighbours.configServer.host", "localhost", f"'localhost' {LOOPBACK}"),
    _one("127.0.0.1", "neighbours.voiceRQ.endpoints.0", "127.0.0.1:11000", f"'127.0.0.1:11000' {LOOPBACK}"),
    _one("::1", "neighbours.voiceConfig.host", "::1", f"'::1' {LOOPBACK}"),
    _one("[::1]", "neighbours.kafka.endpoints.0", "[::1]:9092", f"'[::1]:9092' {LOOPBACK}"),
    _one("no places", "neighbours.prometheus.places", [], "is empty: it needs at least one entry"),
    _one("places missing", "neighbours.gwsIxnService.places", REMOVED, "is missing", schema=MERGED),
    _one("an address without its port", "neighbours.ixnDB.endpoint", "postgres.infra.svc", "'host:port'"),
    _one(
        "an address with a login",
        "neighbours.ixnNodeDB.endpoint",
        f"postgres://ixn:{SECRET}@db:5432",
        "'...@db:5432' is not an address",
        schema=VALUE_SENSE,
    ),
    _one(
        "a port past the last",
        "neighbours.orsRedisStream.endpoints.0",
        "redis:65536",
        "'redis:65536' is not an address with its port",
        schema=VALUE_SENSE,
    ),
    _one("no network", "neighbours.statServer.places.0", {"cidrs": ["10.0.0.0"]}, "is not a network",
         "neighbours.statServer.places[0].cidrs[0]"),
    _one("a network with host bits", "neighbours.statServer.places.0", {"cidrs": ["10.0.0.1/8"]},
         "its host bits zero", "neighbours.statServer.places[0].cidrs[0]", VALUE_SENSE),
    _one("a place of two kinds", "neighbours.urs.places.0.cidrs", ["10.0.0.0/8"],
         "needs exactly one of pods, cidrs, ownNode, fqdns", "neighbours.urs.places[0]"),
    _one("a choice of nothing", "neighbours.urs.places.0", {"fqdns": None}, "needs exactly one of",
         "neighbours.urs.places[0]"),
    _one("an agent elsewhere", "neighbours.consul.places", [{"cidrs": ["10.0.0.0/16"]}],
         "each of its places needs to be ownNode", "neighbours.consul", VALUE_SENSE),
    _one("absent: false", "neighbours.pulseStatServers", {"absent": False}, "false is not true: leave the key out",
         "neighbours.pulseStatServers.absent"),
    Bad("absent and yet placed", {"neighbours.voiceConfig.absent": True},
        {f"ixn:neighbours.voiceConfig.{key}": "is not a known key beside 'absent'" for key in ("host", "places")}),
    _one("a tenant's own Kafka", "tenants.dev.neighbours", {"kafka": {"absent": True}},
         "is shared by the tenants of the namespace: set ixn:neighbours.kafka", "tenants.dev.neighbours.kafka"),
]

PLACED_BY_NAME = [{"fqdns": ["peer.example.com"]}]
POLICIES = [
    _one("unknown isolation", "isolation", "calico", "'calico' is not 'networkPolicy', 'cilium' or 'off'"),
    _one("a DNS name that a NetworkPolicy cannot say", "neighbours.voiceRQ.places", PLACED_BY_NAME,
         "needs ixn:isolation to be 'cilium'", "neighbours.voiceRQ.places[0].fqdns", TOGETHER),
    _one("a DNS name that a NetworkPolicy cannot say, shared", "neighbours.kafka.places", PLACED_BY_NAME,
         "needs ixn:isolation to be 'cilium'", "neighbours.kafka.places[0].fqdns", TOGETHER),
    _one("a caller by its DNS name", "neighbours.gwsIxnService.places", PLACED_BY_NAME,
         "GWS IXN service calls us, and no policy says so", "neighbours.gwsIxnService.places[0].fqdns", TOGETHER),
    _one("a resolver by its DNS name", "dns", {"places": PLACED_BY_NAME, "ports": [53]},
         "of what resolves them", "dns.places[0].fqdns", TOGETHER),
    _one("a resolver without ports", "dns", {"places": [{"cidrs": ["10.0.0.10/32"]}], "ports": []},
         "is empty: it needs at least one entry", "dns.ports"),
    Bad("an address as a DNS name", {"neighbours.orsRedisStream.places": [{"fqdns": ["192.0.2.1"]}]},
        {"ixn:neighbours.orsRedisStream.places[0].fqdns": "needs ixn:isolation to be 'cilium'",
         "ixn:neighbours.orsRedisStream.places[0].fqdns[0]": "'192.0.2.1' is not a DNS name"}, schema=VALUE_SENSE),
    _one("pods' ports in the wrong order", "neighbours.ixnDB.wire", [{"first": 2, "last": 1}],
         "is no range of ports: 1 is below 2", "neighbours.ixnDB.wire[0]", TOGETHER),
    _one("no ports of pods", "neighbours.ixnNodeDB.wire", [], "is empty: it needs at least one entry"),
    _one("an advertised broker without port", "neighbours.kafka.advertised", ["kafka-0"], "'host:port'",
         "neighbours.kafka.advertised[0]"),
]
# fmt: on

TENANTS = [
    Bad("no tenants", {"tenants": REMOVED}, {"ixn:tenants": "needs an entry for each tenant"}, alone=True),
    Bad("an empty list of tenants", {"tenants": {}}, {"ixn:tenants": "needs an entry"}, alone=True),
    Bad("tenants that are no mapping", {"tenants": ["dev"]}, {"ixn:tenants": "no mapping"}, alone=True),
    _one("a tenant that is no mapping", "tenants.extra", "x", "'x' is not a mapping"),
    Bad(
        "an odd tenant's key",
        {"tenants": {"a.b": {**SECOND, "id": DEV_ID, "sid": "100"}}},
        {'ixn:tenants["a.b"]': "'a.b' is not a tenant's key: letters, digits, '-' and '_'"},
        alone=True,
    ),
    _one("a malformed UUID", "tenants.dev.id", "9350e2fc", "'9350e2fc' is not a UUID"),
    _one("a sid in capitals", "tenants.dev.sid", "East", "lower-case letters, digits and '-', at most 41"),
    _one("a sid too long", "tenants.dev.sid", "a" * 42, "makes a StatefulSet's name too long: at most 41"),
    _one("a tenant without sid", "tenants.dev.sid", REMOVED, "is missing: the tenant's short id"),
    Bad(
        "two tenants of one id",
        {"tenants.second": {**SECOND, "id": DEV_ID.upper()}},
        {f"ixn:tenants.{key}.id": "is the id of another tenant too" for key in ("dev", "second")},
        schema=TOGETHER,
    ),
    Bad(
        "two tenants of one sid",
        {"tenants.second": {**SECOND, "sid": 100}},
        {f"ixn:tenants.{key}.sid": "is the sid of another tenant too" for key in ("dev", "second")},
        schema=TOGETHER,
    ),
    Bad(
        "formerly another's key",
        {"tenants.second": {**SECOND, "formerly": ["dev"]}},
        {"ixn:tenants.second.formerly[0]": "'dev' is the key, now or formerly, of another tenant"},
        schema=TOGETHER,
    ),
    Bad(
        "formerly its own key",
        {"tenants.dev.formerly": ["dev"]},
        {"ixn:tenants.dev.formerly[0]": "'dev' is the key, now or formerly, of another tenant or of this one"},
        schema=TOGETHER,
    ),
]

TARGETS = [
    _one("a target of none", "target", {}, "needs exactly one of render, context"),
    _one("a target of both", "target.context", "here", "needs exactly one of render, context", "target"),
    _one("a target of nothing", "target.render", None, "needs exactly one of render, context", "target"),
    _one("no target", "target", REMOVED, "is missing: where the stack goes"),
    _one("render: false", "target.render", False, "false is not true"),
]

SECRETS = frozenset({"secrets"})
PASSWORD = {"password": SECRET}
WRITTEN = {"written": {"username": "ixn"}}
OWN = "tenants.dev.neighbours"
DATABASE_SECRET = "neighbours.ixnDB.secret"
ELSEWHERE = "; secret values stand in ixn:secrets, and nowhere else"
CREDENTIALS = [
    Bad(
        "credentials from two places",
        {DATABASE_SECRET: {"existing": {}, "generated": {"username": "ixn"}}},
        {f"ixn:{DATABASE_SECRET}": "needs exactly one of existing, generated, written"},
    ),
    Bad(
        "a password under neighbours",
        {f"{DATABASE_SECRET}.password": SECRET},
        {f"ixn:{DATABASE_SECRET}.password": f"is not a known key{ELSEWHERE}"},
    ),
    Bad(
        "a password under a short key",
        {"neighbours.ixnNodeDB.pass": SECRET},
        {"ixn:neighbours.ixnNodeDB.pass": f"is not a known key{ELSEWHERE}"},
    ),
    Bad(
        "a password below 'auth'",
        {"neighbours.kafka.saslAuth": SECRET},
        {"ixn:neighbours.kafka.saslAuth": "is not a known key"},
    ),
    Bad(
        "a password in a connection string",
        {"neighbours.ixnDB.endpoint": f"Host=db;Port=5432;Pwd = {SECRET}"},
        {"ixn:neighbours.ixnDB.endpoint": "is not an address with its port"},
    ),
    Bad(
        "a password in a chart's connection string",
        {f"{SERVER}.db": {"connectionString": f"KeepaliveTime=60;Password={SECRET};"}},
        {f"ixn:{SERVER}.db.connectionString": "is the chart's spelling; here it is"},
    ),
    Bad(
        "a mistake of a tenant whose key sounds secret",
        {"tenants.passau": {"id": "9350e2fc", "sid": "300"}},
        {"ixn:tenants.passau.id": "'9350e2fc' is not a UUID"},
    ),
    Bad(
        "a mistake below a word that only resembles a login",
        {"neighbours.orsRedisStream.rejectUnauthorized": "yes"},
        {"ixn:neighbours.orsRedisStream.rejectUnauthorized": "'yes' is not true or false"},
    ),
    Bad(
        "a misspelt key of a Secret's name",
        {"image.pullSecret": ["pullsecret"]},
        {"ixn:image.pullSecret": "is not a known key; did you mean 'pullSecrets'?"},
    ),
    Bad(
        "a misspelt key of where credentials come from",
        {"neighbours.orsRedisStream.secrets": {"written": {}}},
        {"ixn:neighbours.orsRedisStream.secrets": "is not a known key; did you mean 'secret'?"},
    ),
    Bad(
        "a misspelt key of a Secret's key",
        {"neighbours.kafka.secret": {"existing": {"nam": "kafka-shared-secret"}}},
        {"ixn:neighbours.kafka.secret.existing.nam": "'kafka-shared-secret' is not a known key; did"},
    ),
    Bad(
        "a password in place of a choice",
        {DATABASE_SECRET: SECRET},
        {f"ixn:{DATABASE_SECRET}": "is not a mapping of existing, generated, written"},
    ),
    Bad(
        "a password in place of a user",
        {OWN: {"ixnDB": {"secret": {"written": SECRET}}}},
        {
            f"ixn:{OWN}.ixnDB.secret.written": "is not a mapping of username",
            "ixn:secrets.tenants.dev.ixnDB.password": "is missing: set it",
        },
    ),
    Bad(
        "an encrypted value elsewhere",
        {"neighbours.ixnDB.pw": SECRET},
        {
            "ixn:neighbours": "holds a secret value, which would reach the state in clear",
            "ixn:neighbours.ixnDB.pw": "is not a known key",
        },
        secret_keys=frozenset({"neighbours"}),
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
        {"neighbours.orsRedisStream.secret": {"written": {}}},
        {"ixn:secrets.orsRedisStream.password": "is missing: set it with"},
        schema=TOGETHER,
    ),
    Bad(
        "a password that no Secret needs",
        {"secrets": {"tenants": {"dev": {"ixnDB": PASSWORD}}}},
        {"ixn:secrets.tenants.dev.ixnDB.password": "is not used: ixn:neighbours.ixnDB.secret is not 'written'"},
        SECRETS,
        schema=TOGETHER,
    ),
    Bad(
        "a password of an unknown tenant",
        {"secrets": {"tenants": {"nobody": {"ixnDB": PASSWORD}}}},
        {"ixn:secrets.tenants.nobody": "is no key of ixn:tenants"},
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
        {"ixn:secrets.ixnDB": "is not a known key"},
        SECRETS,
    ),
    Bad(
        "a misspelt key of a password",
        {
            OWN: {"ixnNodeDB": {"secret": WRITTEN}},
            "secrets": {"tenants": {"dev": {"ixnNodeDB": {"passwort": SECRET}}}},
        },
        {"ixn:secrets.tenants.dev.ixnNodeDB.passwort": "is not a known key; did you mean 'password'?"},
        SECRETS,
    ),
    Bad(
        "a misspelt key of a password that no Secret needs",
        {"secrets": {"orsRedisStream": {"passwort": SECRET}}},
        {"ixn:secrets.orsRedisStream.passwort": "is not a known key; did you mean 'password'?"},
        SECRETS,
    ),
    Bad(
        "an empty password",
        {OWN: {"ixnDB": {"secret": WRITTEN}}, "secrets": {"tenants": {"dev": {"ixnDB": {"password": ""}}}}},
        {"ixn:secrets.tenants.dev.ixnDB.password": "is not text"},
        SECRETS,
        schema=CLEAR,
    ),
    Bad(
        "a password in clear in the environment",
        {f"{SERVER}.env": {"LOG_LEVEL": "debug", "DB_PASSWORD": SECRET}},
        {f"ixn:{SERVER}.env": "may not set DB_PASSWORD, which the container reads from a Secret (connection 16)"},
    ),
    Bad(
        "a user name in clear in a tenant's environment",
        {"tenants.dev.ixnService": {"ixnNode": {"env": {"DB_USERNAME": "ixn"}}}},
        {"ixn:tenants.dev.ixnService.ixnNode.env": "may not set DB_USERNAME, which the container reads"},
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
    *KINDS_OF_VALUE,
    *CONNECTION_CHECK,
    *NEIGHBOURS,
    *POLICIES,
    *TENANTS,
    *TARGETS,
    *CREDENTIALS,
]
