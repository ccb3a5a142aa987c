"""Invalid stack configurations: changes to the dev stack's, and the expected messages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pulumi_ixn import values

from tests.unit import messages as m
from tests.unit.config.stacks import REMOVED

SECRET = "hunter2-the-secret"
"""The secret value in the examples; no message may show it."""

OTHER_ID = "7d0c1d38-2c1b-4bd5-a3ea-4b44f5ef9d6a"
DEV_ID = "9350e2fc-a1dd-4c65-8d40-1f75a2e080dd"
SECOND = {"id": OTHER_ID, "sid": "200"}

MERGED = "a key that one of the merged mappings lacks may be in the other"
TOGETHER = "several values are compared"
VALUE_SENSE = "the rule depends on the value, not only on its form"
ENCRYPTED = "the value in the file is encrypted"


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
NOT_A_PORT = f"{m.NOT_A_PORT}, an integer from 1 to 65535"

PORT_VALUES = [
    _one("port 0", f"{SERVER}.port", 0, f"0 {NOT_A_PORT}"),
    _one("port above the range", f"{SERVER}.ports", 65536, f"65536 {NOT_A_PORT}"),
    _one("port as a word", f"{SERVER}.config", "abc", f"'abc' {NOT_A_PORT}"),
    _one("port as a string", f"{NODE}.ports", "13133", f"'13133' {NOT_A_PORT}"),
    _one("port true", f"{NODE}.conf", True, f"true {NOT_A_PORT}"),
    _one("port with a fraction", f"{NODE}.consul", 7120.5, f"7120.5 {NOT_A_PORT}"),
    _one("null port", f"{VQ}.ports.default", None, f"null {NOT_A_PORT}"),
    _one("negative port", f"{VQ}.ports.health", -1, f"-1 {NOT_A_PORT}"),
    _one("port as a list", f"{SERVER}.port", [7120], NOT_A_PORT),
]

DIFFER = ": the ports of a pod must differ"
EQUAL_PORTS = [
    Bad(
        "equal ports of the server",
        {f"{SERVER}.port": 7120, f"{SERVER}.ports": 7120},
        {f"ixn:{SERVER}.ports": f"7120 {m.SAME_PORT} ixn:{SERVER}.port{DIFFER}"},
        schema=TOGETHER,
    ),
    Bad(
        "the server's port is the default of the other",
        {f"{SERVER}.port": 13131, f"{SERVER}.ports": REMOVED},
        {f"ixn:{SERVER}.port": f"13131 {m.SAME_PORT} ixn:{SERVER}.ports{DIFFER}"},
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
        {"ixn:tenants.dev.ixnVQNode.ports.default": f"{m.SAME_PORT} ixn:{VQ}.ports.health{DIFFER}"},
        schema=TOGETHER,
    ),
    Bad(
        "a tenant's port equals the environment's, of which it comes second",
        {f"{SERVER}.port": 7120, "tenants.dev.ixnService": {"ixnServer": {"ports": 7120}}},
        {"ixn:tenants.dev.ixnService.ixnServer.ports": f"{m.SAME_PORT} ixn:{SERVER}.port{DIFFER}"},
        schema=TOGETHER,
    ),
]


def _chart(theirs: str, value: int, ours: str) -> Bad:
    parent, _, key = theirs.rpartition(".")
    phrase = f"{value} {m.OF_THE_CHART} ixn:{ours}"
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
            f"ixn:{NODE}.consul.sslMode": f"false {m.IN_THE_CONTRACT}",
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
            f"ixn:{SERVER}.dbinit": m.IN_THE_CONTRACT,
            f"ixn:{SERVER}.volumeMounts": m.IN_THE_CONTRACT,
            "ixn:ixnVQNode.volumes": m.IN_THE_CONTRACT,
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
    _one("unknown key", f"{SERVER}.prot", 7120, f"{m.UNKNOWN_KEY} 'prot'; {m.NEAREST} 'port'?", SERVER),
    _one(
        "unknown key without a near one",
        f"{NODE}.zzz",
        1,
        f"{m.UNKNOWN_KEY} 'zzz'; known keys: autoscaling, conf, consul",
        NODE,
    ),
    Bad(
        "unknown top-level key",
        {"ixnVQnode": {}},
        {"ixn": f"{m.UNKNOWN_KEY} 'ixnVQnode'; {m.NEAREST} 'ixnVQNode'?"},
    ),
    _one("unknown peer", "peers.kafak", {}, f"{m.UNKNOWN_KEY} 'kafak'; {m.NEAREST} 'kafka'?", "peers"),
    _one(
        "unknown key of a tenant",
        "tenants.dev.siid",
        "1",
        f"{m.UNKNOWN_KEY} 'siid'; {m.NEAREST} 'sid'?",
        "tenants.dev",
    ),
    _one(
        "unknown key of a location",
        "peers.urs.locations.0.pods.label",
        {},
        f"{m.NEAREST} 'labels'?",
        "peers.urs.locations[0].pods",
    ),
    Bad(
        "unknown key in place of one that is needed",
        {"tenants.dev.sid": REMOVED, "tenants.dev.siid": "100"},
        {"ixn:tenants.dev": f"{m.UNKNOWN_KEY} 'siid'; {m.NEAREST} 'sid'?"},
    ),
    Bad(
        "unknown key in place of one that is needed, merged",
        {f"{VQ}.image": {"tag": "1", "repositry": "ixn/vq"}},
        {f"ixn:{VQ}.image": f"{m.UNKNOWN_KEY} 'repositry'; {m.NEAREST} 'repository'?"},
    ),
    _one("key in other case", "image.PullPolicy", "Always", f"{m.NEAREST} 'pullPolicy'?", "image"),
]

RENAMED = [
    Bad(
        "0.1.0's key of peers",
        {"neighbours": {"urs": {"absent": True}}},
        {"ixn": f"key 'neighbours' was {m.RENAMED_TO} 'peers'"},
    ),
    Bad(
        "0.1.0's key of the check",
        {"connectionCheck": {"image": {"repository": "a", "tag": "1"}}},
        {"ixn": f"{m.RENAMED_TO} 'connectivityCheck'"},
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
            "ixn:peers.consul": f"{m.RENAMED_TO} 'locations'",
            "ixn:peers.consul.locations[0]": f"{m.RENAMED_TO} 'nodeAgent'",
            "ixn:peers.consul.locations[0].nodeAgent": f"{m.RENAMED_TO} 'pods'",
        },
    ),
    Bad(
        "0.1.0's keys of a tenant's peers",
        {"tenants.dev.neighbours": {"ixnDB": {"wire": [{"first": 1}], "secret": {"existing": {"name": "db"}}}}},
        {
            "ixn:tenants.dev": f"{m.RENAMED_TO} 'peers'",
            "ixn:tenants.dev.peers.ixnDB": f"{m.RENAMED_TO} 'targetPorts'",
        },
    ),
    Bad(
        "0.1.0's key of aliases",
        {"tenants.dev.formerly": ["old"]},
        {"ixn:tenants.dev": f"{m.RENAMED_TO} 'aliases'"},
    ),
    Bad(
        "0.1.0's key of a written Secret",
        {"peers.kafka.secret": {"written": {}}},
        {"ixn:peers.kafka.secret": f"{m.RENAMED_TO} 'managed'"},
    ),
    _one(
        "0.1.0's isolation",
        "isolation",
        "networkPolicy",
        f"'networkPolicy' {m.NOT_AN_ISOLATION}",
    ),
    _one("0.1.0's isolation without policies", "isolation", False, f"false {m.NOT_AN_ISOLATION}"),
]

KINDS_OF_VALUE = [
    _one("null mapping", "monitoring", None, f"null {m.NOT_A_MAPPING} of"),
    _one("list instead of a mapping", "image", [], f"{m.NOT_A_MAPPING} of pullPolicy, pullSecrets, registry"),
    _one(
        "string instead of a mapping",
        f"{NODE}.image",
        "ixn",
        f"'ixn' {m.NOT_A_MAPPING} of digest, repository, tag",
    ),
    _one("mapping instead of a list", "peers.statServer.locations", {"pods": {}}, "is not a list"),
    _one("number instead of a string", f"{VQ}.image.tag", 1.1, f"1.1 is a number {m.QUOTE_IT}"),
    _one("string instead of a boolean", "openshift", "yes", f"'yes' {m.NOT_A_BOOLEAN}"),
    _one(
        "number in the environment",
        f"{SERVER}.env",
        {"LEVEL": 5},
        f"5 is a number {m.QUOTE_IT}",
        f"{SERVER}.env.LEVEL",
    ),
    _one("unknown pull policy", "image.pullPolicy", "Sometimes", f"'Sometimes' {m.NOT_A_PULL_POLICY}"),
    _one("invalid duration", "monitoring.interval", "half a minute", m.NOT_A_DURATION),
    _one("invalid quantity", f"{VQ}.resources.limits.memory", "160 MB", f"'160 MB' {m.NOT_A_QUANTITY}"),
    _one("zero quantity", f"{SERVER}.logStorage.storageSize", "0", "above zero", schema=VALUE_SENSE),
    _one(
        "fraction of a byte",
        f"{VQ}.resources.limits.memory",
        "160m",
        f"'160m' {m.PART_OF_A_BYTE}",
        schema=VALUE_SENSE,
    ),
    _one("a registry with a scheme", "image.registry", "https://a.example.com", m.NOT_A_REGISTRY),
    _one("a repository with a tag", f"{NODE}.image.repository", "ixn/node:1.0", m.NOT_A_REPOSITORY),
    _one("a name of two lines", "peers.ixnNodeDB.name", "ixn\nnode", values.line.expected),
    _one(
        "a reserved label of ServiceMonitors",
        "monitoring.labels",
        {"app.kubernetes.io/part-of": "monitoring"},
        f"'app.kubernetes.io/part-of' {m.RESERVED}",
        'monitoring.labels["app.kubernetes.io/part-of"]',
    ),
    _one("cores as a number", f"{NODE}.resources.limits.cpu", 2, f"2 is a number {m.QUOTE_IT}"),
    _one(
        "a tag that YAML parses as a number",
        f"{VQ}.image.tag",
        100,
        f"100 is a number {m.QUOTE_IT}",
    ),
    _one(
        "a label that YAML parses as a boolean",
        "peers.urs.locations.0.pods.labels",
        {"ixn": True},
        f"true is a boolean {m.QUOTE_IT}",
        "peers.urs.locations[0].pods.labels.ixn",
    ),
    _one(
        "a storage class without a size",
        f"{SERVER}.logStorage",
        {"storageClassName": "fast-ssd"},
        m.WITHOUT_A_SIZE,
        schema=TOGETHER,
    ),
    _one("no replicas", f"{NODE}.replicas", 0, f"0 {m.NOT_REPLICAS}"),
    _one("two replicas of the server", f"{SERVER}.replicas", 2, f"2 {m.ONE_REPLICA}: the primary/backup pair"),
    _one("true replicas of the server", f"{SERVER}.replicas", True, f"true {m.ONE_REPLICA}"),
    _one("a namespace in capitals", "namespace.name", "IXN", f"'IXN' {m.NOT_A_NAME}"),
    Bad(
        "requests above limits",
        {f"{NODE}.resources.requests.cpu": "1"},
        {f"ixn:{NODE}.resources": f"{m.ABOVE_ITS_LIMIT}: 1 is above 300m"},
        schema=TOGETHER,
    ),
    Bad(
        "a reserved label",
        {f"{SERVER}.podLabels": {"app.kubernetes.io/name": "mine"}},
        {f'ixn:{SERVER}.podLabels["app.kubernetes.io/name"]': f"'app.kubernetes.io/name' {m.RESERVED}"},
    ),
    Bad(
        "the mesh's annotation",
        {f"{NODE}.podAnnotations": {"consul.hashicorp.com/connect-inject": "true"}},
        {f'ixn:{NODE}.podAnnotations["consul.hashicorp.com/connect-inject"]': m.NO_MESH},
    ),
]

CHECK = "connectivityCheck"
CHECK_IMAGE = {"repository": "tools/busybox", "tag": "1.37"}
NOT_A_DEADLINE = f"{m.NOT_SECONDS}, an integer from 1 to 60"


def _check(name: str, path: str, value: Any, phrase: str, at: str = "", schema: str = "") -> Bad:
    """A connectivity check with one invalid value."""
    changes = {f"{CHECK}.image": CHECK_IMAGE, f"{CHECK}.{path}": value}
    return Bad(name, changes, {f"ixn:{CHECK}.{at or path}": phrase}, schema=schema)


CONNECTION_CHECK = [
    _one("a check that is true", CHECK, True, f"{m.NOT_A_MAPPING} of deadline, image, podAnnotations"),
    _one("a check without image", CHECK, {"deadline": 5}, f"{m.MISSING}: the image", f"{CHECK}.image"),
    _one("a check's image without tag", CHECK, {"image": {"repository": "a"}}, m.MISSING, f"{CHECK}.image.tag"),
    _check("a check's image with a registry", "image.registry", "x", f"{m.UNKNOWN_KEY} 'registry'", "image"),
    _check("an invalid tag of a check's image", "image.tag", "a@b", values.image_tag.expected),
    Bad(
        "unknown key of a check",
        {f"{CHECK}.image": CHECK_IMAGE, f"{CHECK}.deadlin": 5},
        {f"ixn:{CHECK}": f"{m.NEAREST} 'deadline'?"},
    ),
    _one("a rollout without time", "rollout.timeout", 0, f"0 {m.NOT_SECONDS}"),
    _one("a rollout timeout with a unit", "rollout.timeout", "10m", f"'10m' {m.NOT_SECONDS}"),
    _one("a rollout for longer than a day", "rollout.timeout", 86401, f"86401 {m.NOT_SECONDS}"),
    _check("a deadline of zero", "deadline", 0, f"0 {NOT_A_DEADLINE}"),
    _check("a deadline above the range", "deadline", 61, f"61 {NOT_A_DEADLINE}"),
    _check("a deadline as a word", "deadline", "abc", f"'abc' {NOT_A_DEADLINE}"),
    _check("a deadline true", "deadline", True, f"true {NOT_A_DEADLINE}"),
    _check("a deadline with a fraction", "deadline", 1.5, f"1.5 {NOT_A_DEADLINE}"),
    _check(
        "a check that requests more than its limit",
        "resources",
        {"requests": {"cpu": "1", "memory": "16Mi"}, "limits": {"cpu": "100m", "memory": "64Mi"}},
        f"{m.ABOVE_ITS_LIMIT}: 1 is above 100m",
        schema=TOGETHER,
    ),
    _check(
        "a check's resources without limits",
        "resources.requests",
        {"cpu": "1", "memory": "1Mi"},
        f"{m.MISSING}: the resources that the container may not exceed",
        "resources.limits",
    ),
    _check(
        "a reserved label on a check's pods",
        "podLabels",
        {"ixn-pulumi/policy": "ixn-server-100"},
        f"'ixn-pulumi/policy' {m.RESERVED}",
        'podLabels["ixn-pulumi/policy"]',
    ),
    _check(
        "the mesh's annotation on a check's pods",
        "podAnnotations",
        {"consul.hashicorp.com/connect-inject": "true"},
        m.NO_MESH,
        'podAnnotations["consul.hashicorp.com/connect-inject"]',
    ),
    _one(
        "a tenant's own check",
        "tenants.dev.connectivityCheck",
        {"image": CHECK_IMAGE},
        f"{m.UNKNOWN_KEY} 'connectivityCheck'",
        "tenants.dev",
    ),
]

LOOPBACK = f"{m.LOOPBACK_ADDRESS}: "
# fmt: off
PEERS = [
    _one("a peer missing", "peers.urs", REMOVED, f"{m.MISSING}: URS (connection 8)", schema=MERGED),
    _one("a shared peer missing", "peers.kafka", REMOVED, f"{m.MISSING}: Kafka (connections 6, 7)"),
    _one("localhost", "peers.configServer.host", "localhost", f"'localhost' {LOOPBACK}"),
    _one("127.0.0.1", "peers.voiceRQ.endpoints.0", "127.0.0.1:11000", f"'127.0.0.1:11000' {LOOPBACK}"),
    _one("::1", "peers.voiceConfig.host", "::1", f"'::1' {LOOPBACK}"),
    _one("[::1]", "peers.kafka.endpoints.0", "[::1]:9092", f"'[::1]:9092' {LOOPBACK}"),
    _one("no locations", "peers.prometheus.locations", [], f"{m.NOT_EMPTY} entry"),
    _one("locations missing", "peers.gwsIxnService.locations", REMOVED, m.MISSING, schema=MERGED),
    _one("an address without its port", "peers.ixnDB.endpoint", "postgres.infra.svc", "'host:port'"),
    _one(
        "an address with a login",
        "peers.ixnNodeDB.endpoint",
        f"postgres://ixn:{SECRET}@db:5432",
        f"'...@db:5432' {m.NOT_AN_ADDRESS}",
        schema=VALUE_SENSE,
    ),
    _one(
        "a port above the range",
        "peers.orsRedisStream.endpoints.0",
        "redis:65536",
        f"'redis:65536' {m.NOT_AN_ADDRESS} with its port",
        schema=VALUE_SENSE,
    ),
    _one("invalid network", "peers.statServer.locations.0", {"cidrs": ["10.0.0.0"]}, m.NOT_A_NETWORK,
         "peers.statServer.locations[0].cidrs[0]"),
    _one("a network with host bits", "peers.statServer.locations.0", {"cidrs": ["10.0.0.1/8"]},
         m.HOST_BITS, "peers.statServer.locations[0].cidrs[0]", VALUE_SENSE),
    _one("a location of two kinds", "peers.urs.locations.0.cidrs", ["10.0.0.0/8"],
         f"{m.EXACTLY_ONE} pods, cidrs, nodeAgent, dnsNames", "peers.urs.locations[0]"),
    _one("a location with a null list", "peers.urs.locations.0", {"dnsNames": None}, m.EXACTLY_ONE,
         "peers.urs.locations[0]"),
    _one("a Consul location other than a node agent", "peers.consul.locations", [{"cidrs": ["10.0.0.0/16"]}],
         "each of its locations must be a nodeAgent", "peers.consul", VALUE_SENSE),
    _one("absent: false", "peers.pulseStatServers", {"absent": False}, f"{m.ONLY_TRUE} (omit",
         "peers.pulseStatServers.absent"),
    Bad("absent and located", {"peers.voiceConfig.absent": True},
        {"ixn:peers.voiceConfig": "cannot be combined with 'absent'"}),
    _one("a tenant's own Kafka", "tenants.dev.peers", {"kafka": {"absent": True}},
         "set ixn:peers.kafka", "tenants.dev.peers.kafka"),
]

BY_DNS_NAME = [{"dnsNames": ["peer.example.com"]}]
POLICIES = [
    _one("unknown isolation", "isolation", "calico", f"'calico' {m.NOT_AN_ISOLATION}"),
    _one("a DNS name that a NetworkPolicy cannot express", "peers.voiceRQ.locations", BY_DNS_NAME,
         m.NEEDS_CILIUM, "peers.voiceRQ.locations[0].dnsNames", TOGETHER),
    _one("a DNS name that a NetworkPolicy cannot express, shared", "peers.kafka.locations", BY_DNS_NAME,
         m.NEEDS_CILIUM, "peers.kafka.locations[0].dnsNames", TOGETHER),
    _one("a caller by its DNS name", "peers.gwsIxnService.locations", BY_DNS_NAME,
         m.NO_INBOUND_DNS_NAMES, "peers.gwsIxnService.locations[0].dnsNames", TOGETHER),
    _one("a resolver by its DNS name", "dns", {"locations": BY_DNS_NAME, "ports": [53]},
         "DNS resolver", "dns.locations[0].dnsNames", TOGETHER),
    _one("a resolver without ports", "dns", {"locations": [{"cidrs": ["10.0.0.10/32"]}], "ports": []},
         f"{m.NOT_EMPTY} entry", "dns.ports"),
    Bad("an address as a DNS name", {"peers.orsRedisStream.locations": [{"dnsNames": ["192.0.2.1"]}]},
        {"ixn:peers.orsRedisStream.locations[0].dnsNames": m.NEEDS_CILIUM,
         "ixn:peers.orsRedisStream.locations[0].dnsNames[0]": "'192.0.2.1' is not a DNS name"},
        schema=VALUE_SENSE),
    _one("pods' ports in the wrong order", "peers.ixnDB.targetPorts", [{"first": 2, "last": 1}],
         f"{m.NOT_A_RANGE}: 1 is below 2", "peers.ixnDB.targetPorts[0]", TOGETHER),
    _one("no ports of pods", "peers.ixnNodeDB.targetPorts", [], f"{m.NOT_EMPTY} entry"),
    _one("an advertised broker without port", "peers.kafka.advertised", ["kafka-0"], "'host:port'",
         "peers.kafka.advertised[0]"),
]
# fmt: on

TENANTS = [
    Bad("no tenants", {"tenants": REMOVED}, {"ixn:tenants": "with an entry for each tenant"}, alone=True),
    Bad("an empty list of tenants", {"tenants": {}}, {"ixn:tenants": "with an entry"}, alone=True),
    Bad("tenants that are no mapping", {"tenants": ["dev"]}, {"ixn:tenants": "must be a mapping"}, alone=True),
    _one("a tenant that is no mapping", "tenants.extra", "x", f"'x' {m.NOT_A_MAPPING}"),
    Bad(
        "an invalid tenant key",
        {"tenants": {"a.b": {**SECOND, "id": DEV_ID, "sid": "100"}}},
        {'ixn:tenants["a.b"]': f"'a.b' is not {values.tenant_key.expected}"},
        alone=True,
    ),
    _one("a malformed UUID", "tenants.dev.id", "9350e2fc", f"'9350e2fc' {m.NOT_A_UUID}"),
    _one("a sid in capitals", "tenants.dev.sid", "East", m.NOT_A_SID),
    _one("a sid too long", "tenants.dev.sid", "a" * 42, m.NOT_A_SID),
    _one("a tenant without sid", "tenants.dev.sid", REMOVED, f"{m.MISSING}: the tenant's short id"),
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
        {"ixn:tenants.second.aliases[0]": f"'dev' {m.ANOTHERS_KEY}"},
        schema=TOGETHER,
    ),
    Bad(
        "aliases its own key",
        {"tenants.dev.aliases": ["dev"]},
        {"ixn:tenants.dev.aliases[0]": f"'dev' {m.ANOTHERS_KEY}, or of this one"},
        schema=TOGETHER,
    ),
]

# Alone: it depends on the target whether passwords may be written.
TARGETS = [
    replace(each, alone=True)
    for each in (
        _one("a target of no kind", "target", {}, f"{m.EXACTLY_ONE} render, context"),
        _one("a target of both kinds", "target.context", "here", f"{m.EXACTLY_ONE} render, context", "target"),
        _one("a null target", "target.render", None, f"{m.EXACTLY_ONE} render, context", "target"),
        _one("no target", "target", REMOVED, f"{m.MISSING}: the target of the stack"),
        _one("render: false", "target.render", False, m.ONLY_TRUE),
    )
]

SECRETS = frozenset({"secrets"})
PASSWORD = {"password": SECRET}
MANAGED = {"managed": {"username": "ixn"}}
OWN = "tenants.dev.peers"
DATABASE_SECRET = "peers.ixnDB.secret"
ELSEWHERE = "; secret values belong in ixn:secrets"


def rendered(name: str) -> dict[str, str]:
    """Return the issue of a tenant's managed password in the stack `dev`, which renders manifests."""
    return {f"ixn:{OWN}.{name}.secret.managed": m.IN_PLAIN_TEXT}


STORE = {"name": "vault"}
REMOTE = {"key": "ixn"}
EXTERNAL = [
    Bad(
        "an unknown value of a database in a store",
        {f"{DATABASE_SECRET}": {"external": {"store": STORE, "keys": {"username": REMOTE, "pasword": REMOTE}}}},
        {f"ixn:{DATABASE_SECRET}.external.keys": f"{m.UNKNOWN_KEY} 'pasword'; {m.NEAREST} 'password'?"},
        alone=True,
    ),
    Bad(
        "a missing value of a database in a store",
        {"peers.ixnNodeDB.secret": {"external": {"store": STORE, "keys": {"password": REMOTE}}}},
        {"ixn:peers.ixnNodeDB.secret.external.keys.username": f"{m.MISSING}: the username"},
        alone=True,
    ),
    Bad(
        "both kinds of values of Redis in a store",
        {
            "peers.orsRedisStream.secret": {
                "external": {"store": STORE, "keys": {"json": REMOTE, "password": REMOTE}}
            }
        },
        {"ixn:peers.orsRedisStream.secret.external.keys": f"{m.EXACTLY_ONE} json, password"},
    ),
    Bad(
        "a password of Kafka in a store",
        {"peers.kafka.secret": {"external": {"store": STORE, "keys": {"json": REMOTE, "password": REMOTE}}}},
        {"ixn:peers.kafka.secret.external.keys": f"{m.UNKNOWN_KEY} 'password'"},
    ),
    Bad(
        "a password instead of a key in a store",
        {DATABASE_SECRET: {"external": {"store": STORE, "keys": {"username": REMOTE, "password": SECRET}}}},
        {f"ixn:{DATABASE_SECRET}.external.keys.password": m.NOT_A_MAPPING},
        alone=True,
    ),
    Bad(
        "no store",
        {"peers.kafka.secret": {"external": {"keys": {"json": REMOTE}}}},
        {"ixn:peers.kafka.secret.external.store": f"{m.MISSING}: the secret store"},
    ),
]

RENDERING = [
    Bad(
        "a generated password in a rendered manifest",
        {DATABASE_SECRET: {"generated": {"username": "ixn"}}},
        {f"ixn:{DATABASE_SECRET}.generated": m.IN_PLAIN_TEXT},
        schema=TOGETHER,
        alone=True,
    ),
    Bad(
        "a password of the settings in a rendered manifest",
        {OWN: {"ixnNodeDB": {"secret": MANAGED}}, "secrets": {"tenants": {"dev": {"ixnNodeDB": PASSWORD}}}},
        rendered("ixnNodeDB"),
        SECRETS,
        schema=TOGETHER,
        alone=True,
    ),
    Bad(
        "a password of Kafka in a rendered manifest",
        {
            "peers.kafka.secret": {"managed": {}},
            "peers.kafka.sasl": {"mechanism": "PLAIN", "username": "ixn"},
            "secrets": {"kafka": PASSWORD},
        },
        {"ixn:peers.kafka.secret.managed": m.IN_PLAIN_TEXT},
        SECRETS,
        schema=TOGETHER,
        alone=True,
    ),
    Bad(
        "a password of Redis in a rendered manifest",
        {"peers.orsRedisStream.secret": {"managed": {}}, "secrets": {"orsRedisStream": PASSWORD}},
        {"ixn:peers.orsRedisStream.secret.managed": m.IN_PLAIN_TEXT},
        SECRETS,
        schema=TOGETHER,
        alone=True,
    ),
]

CREDENTIALS = [
    Bad(
        "credentials of two kinds",
        {DATABASE_SECRET: {"existing": {}, "generated": {"username": "ixn"}}},
        {f"ixn:{DATABASE_SECRET}": f"{m.EXACTLY_ONE} existing, generated, managed, external"},
    ),
    Bad(
        "a password under peers",
        {f"{DATABASE_SECRET}.password": SECRET},
        {f"ixn:{DATABASE_SECRET}": f"{m.UNKNOWN_KEY} 'password'{ELSEWHERE}"},
    ),
    Bad(
        "a password under a short key",
        {"peers.ixnNodeDB.pass": SECRET},
        {"ixn:peers.ixnNodeDB": f"{m.UNKNOWN_KEY} 'pass'{ELSEWHERE}"},
    ),
    Bad(
        "a password below a key with 'Auth'",
        {"peers.kafka.saslAuth": SECRET},
        {"ixn:peers.kafka": f"{m.UNKNOWN_KEY} 'saslAuth'"},
    ),
    Bad(
        "a password in a connection string",
        {"peers.ixnDB.endpoint": f"Host=db;Port=5432;Pwd = {SECRET}"},
        {"ixn:peers.ixnDB.endpoint": f"{m.NOT_AN_ADDRESS} with its port"},
    ),
    Bad(
        "a password in a chart's connection string",
        {f"{SERVER}.db": {"connectionString": f"KeepaliveTime=60;Password={SECRET};"}},
        {f"ixn:{SERVER}.db.connectionString": m.OF_THE_CHART},
    ),
    Bad(
        "an issue of a tenant whose key resembles a secret one",
        {"tenants.passau": {"id": "9350e2fc", "sid": "300"}},
        {"ixn:tenants.passau.id": f"'9350e2fc' {m.NOT_A_UUID}"},
    ),
    Bad(
        "an issue below a key that only resembles a secret one",
        {"peers.orsRedisStream.rejectUnauthorized": "yes"},
        {"ixn:peers.orsRedisStream.rejectUnauthorized": f"'yes' {m.NOT_A_BOOLEAN}"},
    ),
    Bad(
        "a misspelled key of a Secret's name",
        {"image.pullSecret": ["pullsecret"]},
        {"ixn:image": f"{m.UNKNOWN_KEY} 'pullSecret'; {m.NEAREST} 'pullSecrets'?"},
    ),
    Bad(
        "a misspelled key of credentials",
        {"peers.orsRedisStream.secrets": {"managed": {}}},
        {"ixn:peers.orsRedisStream": f"{m.UNKNOWN_KEY} 'secrets'; {m.NEAREST} 'secret'?"},
    ),
    Bad(
        "a misspelled key of a Secret's key",
        {"peers.kafka.secret": {"existing": {"nam": "kafka-shared-secret"}}},
        {"ixn:peers.kafka.secret.existing": f"{m.UNKNOWN_KEY} 'nam'; did"},
    ),
    Bad(
        "a password instead of a mapping of credentials",
        {DATABASE_SECRET: SECRET},
        {f"ixn:{DATABASE_SECRET}": f"{m.NOT_A_MAPPING} of existing, external, generated, managed"},
    ),
    Bad(
        "a password instead of a user",
        {OWN: {"ixnDB": {"secret": {"managed": SECRET}}}},
        {
            f"ixn:{OWN}.ixnDB.secret.managed": f"{m.NOT_A_MAPPING} of username",
            "ixn:secrets.tenants.dev.ixnDB.password": f"{m.MISSING}: set it",
        },
    ),
    Bad(
        "an encrypted value outside ixn:secrets",
        {"peers.ixnDB.pw": SECRET},
        {
            "ixn:peers": m.HOLDS_A_SECRET,
            "ixn:peers.ixnDB": f"{m.UNKNOWN_KEY} 'pw'",
        },
        secret_keys=frozenset({"peers"}),
    ),
    Bad(
        "an encrypted tenant's id",
        {"tenants.dev.id": SECRET},
        {"ixn:tenants": m.HOLDS_A_SECRET, "ixn:tenants.dev.id": m.NOT_A_UUID},
        secret_keys=frozenset({"tenants"}),
    ),
    Bad(
        "a missing password",
        {OWN: {"ixnNodeDB": {"secret": MANAGED}}},
        {
            "ixn:secrets.tenants.dev.ixnNodeDB.password": f"{m.MISSING}: {m.SET_IT} `pulumi config set --secret",
            **rendered("ixnNodeDB"),
        },
        schema=TOGETHER,
    ),
    Bad(
        "a missing password of Redis",
        {"peers.orsRedisStream.secret": {"managed": {}}},
        {
            "ixn:secrets.orsRedisStream.password": f"{m.MISSING}: {m.SET_IT}",
            "ixn:peers.orsRedisStream.secret.managed": m.IN_PLAIN_TEXT,
        },
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
        "a password instead of its mapping",
        {OWN: {"ixnDB": {"secret": MANAGED}}, "secrets": {"tenants": {"dev": {"ixnDB": SECRET}}}},
        {"ixn:secrets.tenants.dev.ixnDB": f"{m.NOT_A_MAPPING} of password", **rendered("ixnDB")},
        SECRETS,
    ),
    Bad(
        "a password under an unknown key",
        {"secrets": {"ixnDB": PASSWORD}},
        {"ixn:secrets": f"{m.UNKNOWN_KEY} 'ixnDB'"},
        SECRETS,
    ),
    Bad(
        "a misspelled key of a password",
        {
            OWN: {"ixnNodeDB": {"secret": MANAGED}},
            "secrets": {"tenants": {"dev": {"ixnNodeDB": {"passwort": SECRET}}}},
        },
        {
            "ixn:secrets.tenants.dev.ixnNodeDB": f"{m.UNKNOWN_KEY} 'passwort'; {m.NEAREST} 'password'?",
            **rendered("ixnNodeDB"),
        },
        SECRETS,
    ),
    Bad(
        "a misspelled key of a password that no Secret needs",
        {"secrets": {"orsRedisStream": {"passwort": SECRET}}},
        {"ixn:secrets.orsRedisStream": f"{m.UNKNOWN_KEY} 'passwort'; {m.NEAREST} 'password'?"},
        SECRETS,
    ),
    Bad(
        "an empty password",
        {OWN: {"ixnDB": {"secret": MANAGED}}, "secrets": {"tenants": {"dev": {"ixnDB": {"password": ""}}}}},
        {"ixn:secrets.tenants.dev.ixnDB.password": m.NOT_A_STRING, **rendered("ixnDB")},
        SECRETS,
        schema=ENCRYPTED,
    ),
    Bad(
        "a password in plain text in the environment",
        {f"{SERVER}.env": {"LOG_LEVEL": "debug", "DB_PASSWORD": SECRET}},
        {f"ixn:{SERVER}.env": f"{m.NOT_IN_ENV} DB_PASSWORD, {m.FROM_A_SECRET}"},
    ),
    Bad(
        "a user name in plain text in a tenant's environment",
        {"tenants.dev.ixnService": {"ixnNode": {"env": {"DB_USERNAME": "ixn"}}}},
        {"ixn:tenants.dev.ixnService.ixnNode.env": f"{m.NOT_IN_ENV} DB_USERNAME, {m.FROM_A_SECRET}"},
    ),
    Bad("secrets as a string", {"secrets": SECRET}, {"ixn:secrets": m.NOT_A_MAPPING}, SECRETS),
    Bad(
        "a password that is not encrypted",
        {OWN: {"ixnDB": {"secret": MANAGED}}, "secrets": {"tenants": {"dev": {"ixnDB": PASSWORD}}}},
        {
            "ixn:secrets": "is not encrypted: set each password with `pulumi config set --secret --path`",
            **rendered("ixnDB"),
        },
        alone=True,
    ),
]

PG = "postgresCluster"
CLUSTER: dict[str, Any] = {
    "name": "pg",
    "storage": {"size": "1Gi"},
    "backup": {"objectStore": {"created": {"destinationPath": "s3://backups"}}},
}
STORE = f"{PG}.backup.objectStore"


def _cluster(name: str, path: str, value: Any, phrase: str, at: str = "", schema: str = "") -> Bad:
    return Bad(name, {PG: CLUSTER, path: value}, {f"ixn:{at or path}": phrase}, schema=schema)


POSTGRES_CLUSTER = [
    _cluster("an unknown key of the Cluster", f"{PG}.instanzes", 3, "did you mean 'instances'", at=PG),
    _cluster("a Cluster's name that begins with a digit", f"{PG}.name", "1pg", "'1pg' is not a Cluster's name"),
    _cluster("no instance", f"{PG}.instances", 0, "0 is not a whole number from 1 to 100"),
    _cluster("a cron of five fields", f"{PG}.backup.schedule", "0 2 * * *", "has five fields", schema=VALUE_SENSE),
    _cluster("two stores", f"{STORE}.existing", {"name": "east"}, "exactly one of existing, created", at=STORE),
    _cluster("a store without a scheme", f"{STORE}.created.destinationPath", "backups", "'s3://bucket/path'"),
    _cluster("a window without a unit", f"{STORE}.created.retention", "30", "'30' is not a recovery window"),
    _cluster("an unknown compression", f"{STORE}.created.compression", "xz", "'gzip', 'bzip2', 'lz4' or 'snappy'"),
    _cluster(
        "a key of another store",
        f"{STORE}.created.secret",
        {"name": "login", "keys": {"storageKey": "key"}},
        "unknown key 'storageKey'",
        at=f"{STORE}.created.secret.keys",
        schema=VALUE_SENSE,
    ),
    _cluster(
        "a point in time without a zone",
        f"{PG}.recovery",
        {"objectStore": {"existing": {"name": "east"}}, "serverName": "pg", "targetTime": "2026-11-30T12:00:00"},
        "with its zone",
        at=f"{PG}.recovery.targetTime",
        schema=VALUE_SENSE,
    ),
    _cluster(
        "the directory of the backups to restore from",
        f"{PG}.recovery",
        {"objectStore": {"created": {"destinationPath": "s3://backups/"}}, "serverName": "pg"},
        "no two Clusters may write to one directory",
        at=f"{PG}.backup.serverName",
        schema=TOGETHER,
    ),
]

EXAMPLES = [
    *POSTGRES_CLUSTER,
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
    *RENDERING,
    *EXTERNAL,
]
