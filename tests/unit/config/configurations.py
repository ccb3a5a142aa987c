"""Complete stack configs built by hypothesis: one to three tenants, every union, sometimes invalid."""

import json
import zlib
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from pulumi_ixn.config.peers import PARTIES, SHARED_PEERS
from pulumi_ixn.spec import CONNECTIONS

from tests.unit.config.injections import INJECTIONS
from tests.unit.config.service_configurations import kafka_options, redis_options

Values = dict[str, Any]

CALLERS = frozenset(name for name, party in PARTIES.items() if party in {row.source for row in CONNECTIONS})
CONTEXT = "ixn-fuzz"

_letters = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)
_names = st.builds(lambda a, b: f"{a}-{b}", _letters, st.integers(0, 999))
_labels = st.dictionaries(st.sampled_from(["app", "role", "example.com/tier"]), _letters, min_size=1, max_size=2)
_ports = st.integers(1, 65535)
_two_ports = st.builds(lambda one, other: (one, other if other != one else one % 65535 + 1), _ports, _ports)
_cidrs = st.lists(st.integers(1, 220).map(lambda n: f"{n if n != 127 else 10}.0.0.0/8"), min_size=1, max_size=2)
_hosts = st.one_of(
    _names, _names.map(lambda name: f"{name}.infra.svc"), st.just("192.0.2.7"), st.just("2001:db8::7")
)
_sizes = st.sampled_from([("100m", "64Mi"), ("0.5", "1Gi"), ("1", "1500M"), ("2", "2e9")])


@dataclass(frozen=True)
class Configuration:
    """A stack config, its secret keys, and the paths of the injected issues (none if it is valid)."""

    values: Values
    secret_keys: frozenset[str]
    issues: tuple[str, ...] = ()


@st.composite
def configurations(draw: st.DrawFn) -> Configuration:
    """Build a valid stack config, and inject an issue into some of them."""
    isolation = draw(st.sampled_from(["kubernetes", "cilium", "none"]))
    target: Values = draw(st.sampled_from([{"render": True}, {"context": CONTEXT}]))
    live = "context" in target
    keys = draw(st.lists(_names, min_size=1, max_size=3, unique=True))
    # A value that every tenant overrides need not be in the environment, and vice versa.
    values: Values = {
        "target": target,
        "image": {
            "registry": "registry.example.com",
            **draw(optional("pullSecrets", st.lists(_names, max_size=2))),
        },
        "ixnService": draw(services()),
        "ixnVQNode": draw(vq_nodes()),
        "peers": {name: draw(peers(name, isolation, live)) for name in PARTIES},
        "tenants": {key: draw(tenants(index, isolation, live)) for index, key in enumerate(keys)},
        **draw(optional("namespace", st.builds(lambda n, c: {"name": n, "create": c}, _names, st.booleans()))),
        **draw(optional("openshift", st.booleans())),
        **draw(optional("protect", st.booleans())),
        **draw(optional("monitoring", monitoring())),
        **draw(optional("rollout", st.builds(lambda seconds: {"timeout": seconds}, st.integers(1, 86400)))),
        **draw(optional("connectivityCheck", connection_checks())),
        **draw(optional("postgresCluster", postgres_clusters())),
    }
    if isolation != "kubernetes" or draw(st.booleans()):
        values["isolation"] = isolation
    values |= draw(optional("dns", resolvers()))
    values |= secrets_of(values)
    secret_keys = frozenset({"secrets"} & values.keys())
    # A checksum is evenly distributed; the values that hypothesis draws are skewed.
    chance = zlib.crc32(json.dumps(values).encode())
    if chance % 2:
        return Configuration(values, secret_keys)
    injection = INJECTIONS[chance // 2 % len(INJECTIONS)]
    return Configuration(values, secret_keys, injection(values, keys[chance % len(keys)]))


def optional(key: str, value: st.SearchStrategy[Any]) -> st.SearchStrategy[Values]:
    """Return `key` with a value, or nothing."""
    return st.one_of(st.just({}), value.map(lambda given: {key: given}))


def monitoring() -> st.SearchStrategy[Values]:
    """Settings of the ServiceMonitors."""
    return st.builds(
        lambda enabled, interval, labels: {"enabled": enabled, "interval": interval, "labels": labels},
        st.booleans(),
        st.sampled_from(["30s", "1m", "1m30s", "500ms"]),
        _labels,
    )


@st.composite
def postgres_clusters(draw: st.DrawFn) -> Values:
    """Settings of a Cluster of CloudNativePG."""
    store = draw(st.sampled_from(["s3://backups/a", "gs://backups", "https://a.blob.core.windows.net/backups"]))
    created: Values = {"destinationPath": store, **draw(optional("secret", st.just({"name": "login"})))}
    stores = st.sampled_from([{"created": created}, {"existing": {"name": "backups"}}])
    schedules = st.sampled_from(["0 0 2 * * *", "30 */5 0-6 1,15 jan-mar MON-FRI"])
    backup = st.builds(lambda store, schedule: {"objectStore": store, "schedule": schedule}, stores, schedules)
    recovery = st.builds(lambda store: {"objectStore": store, "serverName": "elsewhere"}, stores)
    return {
        "name": draw(_letters),
        "storage": {"size": draw(_sizes)[1]},
        **draw(optional("namespace", _names)),
        **draw(optional("instances", st.integers(1, 100))),
        **draw(optional("walStorage", st.just({"size": "1Gi", "storageClass": "fast"}))),
        **draw(optional("backup", backup)),
        **draw(optional("recovery", recovery)),
    }


@st.composite
def pods(draw: st.DrawFn) -> Values:
    """Settings of all pods."""
    (cpu, memory), (more_cpu, more_memory) = ("10m", "32Mi"), draw(_sizes)
    resources = {"requests": {"cpu": cpu, "memory": memory}, "limits": {"cpu": more_cpu, "memory": more_memory}}
    return {
        "image": {"repository": draw(_letters), "tag": draw(st.sampled_from(["1", "100.0.007.0400", "a_b"]))},
        **draw(optional("resources", st.just(resources))),
        **draw(optional("podLabels", _labels)),
        **draw(optional("podAnnotations", _labels)),
    }


@st.composite
def connection_checks(draw: st.DrawFn) -> Values:
    """Settings of the connectivity check."""
    return {**draw(pods()), **draw(optional("deadline", st.integers(1, 60)))}


@st.composite
def workloads(draw: st.DrawFn) -> Values:
    """Settings of all workloads."""
    environment = st.dictionaries(
        st.sampled_from(["LOG_LEVEL", "DB_ENGINE", "TZ"]), st.one_of(st.none(), _letters)
    )
    return {**draw(pods()), **draw(optional("env", environment))}


@st.composite
def services(draw: st.DrawFn) -> Values:
    """IXN Server and IXN Node."""
    port, ports = draw(_two_ports)
    storage = {"storageSize": draw(_sizes)[1], **draw(optional("storageClassName", _names))}
    return {
        "ixnServer": {
            **draw(workloads()),
            **draw(st.sampled_from([{}, {"port": port, "ports": ports}])),
            **draw(optional("config", _ports)),
            **draw(optional("logStorage", st.just(storage))),
        },
        "ixnNode": {
            **draw(workloads()),
            **draw(optional("replicas", st.integers(1, 9))),
            **draw(optional("ports", _ports)),
            **draw(optional("conf", _ports)),
            **draw(optional("consul", _ports)),
        },
    }


@st.composite
def vq_nodes(draw: st.DrawFn) -> Values:
    """IXN VQ Node."""
    default, health = draw(_two_ports)
    ports = st.just({"default": default, "health": health})
    return {**draw(workloads()), **draw(optional("ports", ports)), **draw(optional("replicas", st.integers(1, 9)))}


@st.composite
def tenants(draw: st.DrawFn, index: int, isolation: str, live: bool) -> Values:
    """One tenant, with some of the environment's values overridden."""
    sid = draw(st.sampled_from([100 + index, f"{100 + index}", f"t-{index}", f"{index}" * 41]))
    own = [name for name in PARTIES if name not in SHARED_PEERS]
    overridden = draw(st.lists(st.sampled_from(own), max_size=3, unique=True))
    return {
        "id": f"9350e2fc-a1dd-4c65-8d40-1f75a2e0800{index}",
        "sid": sid,
        **draw(optional("ixnService", services())),
        **draw(optional("ixnVQNode", vq_nodes())),
        **({"peers": {name: draw(peers(name, isolation, live)) for name in overridden}} if overridden else {}),
        **draw(optional("aliases", st.just([f"former-{index}-x"]))),
        **draw(optional("movedFrom", st.just({"sid": 7, "namespace": "old"}))),
        **draw(optional("protect", st.booleans())),
    }


@st.composite
def locations(draw: st.DrawFn, name: str, isolation: str) -> Values:
    """A location of any kind that the isolation supports."""
    pods = {"namespace": draw(_names), "labels": draw(_labels)}
    node_agent = {"nodeAgent": {"cidrs": draw(_cidrs), "pods": pods}}
    if name == "consul":
        return node_agent
    kinds: list[Values] = [{"pods": pods}, {"cidrs": draw(_cidrs)}]
    if isolation == "none" or (isolation == "cilium" and name not in CALLERS):
        kinds.append({"dnsNames": [draw(_names) + ".example.com"]})
    return draw(st.sampled_from(kinds))


def resolvers() -> st.SearchStrategy[Values]:
    """The cluster's resolver."""
    ports = st.one_of(_ports.map(lambda port: [port]), _two_ports.map(list))
    return st.builds(
        lambda location, ports: {"locations": [location], "ports": ports}, locations("resolver", ""), ports
    )


@st.composite
def peers(draw: st.DrawFn, name: str, isolation: str, live: bool) -> Values:
    """One peer: absent, or with the locations and endpoints of its kind. No password is rendered unless `live`."""
    if draw(st.integers(0, 9)) == 0:
        return {"absent": True}
    found: Values = {"locations": draw(st.lists(locations(name, isolation), min_size=1, max_size=2))}
    host = draw(_hosts)
    address = f"[{host}]:{draw(_ports)}" if ":" in host else f"{host}:{draw(_ports)}"
    if name in ("configServer", "voiceConfig"):
        found["host"] = host
    if name in ("kafka", "orsRedisStream", "voiceRQ", "pulseStatServers"):
        found["endpoints"] = [address, *draw(st.lists(_names.map(lambda each: f"{each}.svc:9092"), max_size=2))]
    if name in ("kafka", "orsRedisStream"):
        found |= draw(optional("advertised", st.just([address])))
        existing: list[Values] = [{"existing": {}}, {"existing": {"version": "1"}}, external("json")]
        secret: Values = draw(
            st.sampled_from([*existing, *([{"managed": {}}] if live or name == "kafka" else [])])
        )
        found["secret"] = secret
        options = kafka_options if name == "kafka" else redis_options
        found |= draw(options(managed="managed" in secret))
        if not live:
            found.pop("sasl", None)
    if name in ("ixnDB", "ixnNodeDB"):
        user = {"username": draw(_letters)}
        written = [{"generated": user}, {"managed": user}] if live else []
        secret = draw(st.sampled_from([{"existing": {}}, external("username", "password"), *written]))
        found |= {"endpoint": address, "name": draw(_names), "secret": secret}
    if found.keys() - {"locations"}:
        found |= draw(optional("targetPorts", st.just([{"first": 1024, "last": 2048}, {"first": 9}])))
    return found


def external(*names: str) -> Values:
    """Return the source of a Secret with values of these names in a secret store."""
    keys = {name: {"key": f"ixn/{name}"} for name in names}
    return {"external": {"store": {"name": "vault"}, "refreshInterval": "15m", "keys": keys}}


def secrets_of(values: Values) -> Values:
    """Return the passwords of written Secrets as in the top-level key; nothing if there are none."""
    own: Values = {
        key: {
            name: {"password": "x"}
            for name in ("ixnDB", "ixnNodeDB")
            if "managed" in {**values["peers"], **tenant.get("peers", {})}[name].get("secret", {})
        }
        for key, tenant in values["tenants"].items()
    }
    secrets: Values = {"tenants": {key: found for key, found in own.items() if found}}
    if "managed" in values["peers"]["orsRedisStream"].get("secret", {}):
        secrets["orsRedisStream"] = {"password": "x"}
    if "sasl" in values["peers"]["kafka"]:
        secrets["kafka"] = {"password": "x"}
    secrets = {key: found for key, found in secrets.items() if found}
    return {"secrets": secrets} if secrets else {}
