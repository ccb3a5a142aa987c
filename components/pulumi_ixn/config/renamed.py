"""Keys of earlier versions and of the vendor's chart, and the keys that replace them."""

from collections.abc import Mapping
from typing import cast

from pulumi_ixn.config.explain import known_keys
from pulumi_ixn.config.issues import ConfigIssue, KeyPath
from pulumi_ixn.config.raw import MutableValues, Values
from pulumi_ixn.scaling.rules import ONE_SERVER

RENAMED_KEYS: Mapping[str, str] = {
    "neighbours": "peers",
    "places": "locations",
    "ownNode": "nodeAgent",
    "agent": "pods",
    "fqdns": "dnsNames",
    "wire": "targetPorts",
    "written": "managed",
    "formerly": "aliases",
    "connectionCheck": "connectivityCheck",
}
"""Keys of 0.1.0 and their new names."""

_CONTRACT = "is part of the container contract, which only a program that uses the library can change; remove it"
_ALWAYS = "is always created; remove it"

RENAMED: Mapping[str, str] = {
    "image.imagePullSecrets": "ixn:image.pullSecrets",
    "tenant": "ixn:tenants.<name>.id and .sid",
    "replicaCount": "ixn:ixnService.ixnNode.replicas and ixn:ixnVQNode.replicas",
    "ixnService.image": "ixn:ixnService.ixnServer.image and ixn:ixnService.ixnNode.image",
    "ixnService.annotations": "ixn:ixnService.ixnServer.podAnnotations and ixn:ixnService.ixnNode.podAnnotations",
    "ixnService.prometheus": "ixn:monitoring.enabled",
    "ixnService.securityContext": "ixn:openshift",
    "ixnService.ixnServer.ports.default": "ixn:ixnService.ixnServer.port",
    "ixnService.ixnServer.ports.health": "ixn:ixnService.ixnServer.ports",
    "ixnService.ixnServer.confServer.host": "ixn:peers.configServer.host",
    "ixnService.ixnServer.confServer.port": "ixn:ixnService.ixnServer.config",
    "ixnService.ixnServer.confServer.appName": "ixn:ixnService.ixnServer.env.CONF_SERVER_APP_NAME",
    "ixnService.ixnServer.db.engine": "ixn:ixnService.ixnServer.env.DB_ENGINE",
    "ixnService.ixnServer.db.connectionString": "ixn:ixnService.ixnServer.env.DB_CONNECTION_STRING",
    "ixnService.ixnServer.db.host": "ixn:peers.ixnDB.endpoint",
    "ixnService.ixnServer.db.port": "ixn:peers.ixnDB.endpoint",
    "ixnService.ixnServer.db.name": "ixn:peers.ixnDB.name",
    "ixnService.ixnServer.secrets": "ixn:peers.ixnDB.secret",
    "ixnService.ixnNode.ports.health": "ixn:ixnService.ixnNode.ports",
    "ixnService.ixnNode.configNode.host": "ixn:peers.voiceConfig.host",
    "ixnService.ixnNode.configNode.port": "ixn:ixnService.ixnNode.conf",
    "ixnService.ixnNode.consul.host": "ixn:peers.consul.locations (the host is that of the node)",
    "ixnService.ixnNode.consul.port": "ixn:ixnService.ixnNode.consul",
    "ixnService.ixnNode.db.host": "ixn:peers.ixnNodeDB.endpoint",
    "ixnService.ixnNode.db.port": "ixn:peers.ixnNodeDB.endpoint",
    "ixnService.ixnNode.db.name": "ixn:peers.ixnNodeDB.name",
    "ixnService.ixnNode.secrets": "ixn:peers.ixnNodeDB.secret",
    "ixnService.ixnNode.redis": "ixn:peers.orsRedisStream.endpoints",
    "ixnService.ixnNode.redisOptions.tls": "ixn:peers.orsRedisStream.tls and .rejectUnauthorized",
    "ixnVQNode.image.ixnVQNode": "ixn:ixnVQNode.image",
    "ixnVQNode.annotations": "ixn:ixnVQNode.podAnnotations",
    "ixnVQNode.prometheus": "ixn:monitoring.enabled",
    "ixnVQNode.securityContext": "ixn:openshift",
}
"""Paths of the chart, and the paths that replace them."""

UNSUPPORTED: Mapping[str, str] = {
    "ixnService.service": _ALWAYS,
    "ixnService.serviceAccount": _ALWAYS,
    "ixnService.volumes": _CONTRACT,
    "ixnService.ixnServer.autoscaling": ONE_SERVER,
    "ixnService.ixnServer.serviceq": "has no equivalent; remove it",
    "ixnService.ixnServer.dbinit": _CONTRACT,
    "ixnService.ixnServer.logStorage.mountPath": _CONTRACT,
    "ixnService.ixnServer.logStorage.volume": "is an emptyDir unless storageClassName is set; remove it",
    "ixnService.ixnServer.volumeMounts": _CONTRACT,
    "ixnService.ixnNode.consul.sslMode": _CONTRACT,
    "ixnService.ixnNode.db.options": _CONTRACT,
    "ixnService.ixnNode.dbinit": _CONTRACT,
    "ixnService.ixnNode.ports.default": "belongs to no connection of the table; remove it",
    "ixnService.ixnNode.settings": _CONTRACT,
    "ixnService.ixnNode.storingSessions": _CONTRACT,
    "ixnService.ixnNode.volumeMounts": _CONTRACT,
    "ixnVQNode.service": _ALWAYS,
    "ixnVQNode.serviceAccount": _ALWAYS,
    "ixnVQNode.volumeMounts": _CONTRACT,
    "ixnVQNode.volumes": _CONTRACT,
}
"""Paths of the chart and of other workloads without an equivalent, and the reason."""

_MESSAGES: Mapping[str, str] = {
    **{path: f"is a path of the vendor's chart; use {path_here}" for path, path_here in RENAMED.items()},
    **UNSUPPORTED,
}


def pop_helm_keys(values: Values, prefix: tuple[str, ...] = ()) -> tuple[MutableValues, list[ConfigIssue]]:
    """Return `values` without the paths of the chart, and an issue for each of them."""
    rest, issues = dict(values), list[ConfigIssue]()
    for path, message in _MESSAGES.items():
        key_path = tuple(path.split("."))
        rest, found = _without(rest, key_path)
        if found is not _MISSING:
            issues.append(ConfigIssue((*prefix, *key_path), message, found))
    return rest, issues


def rename_keys(values: Values) -> tuple[MutableValues, list[ConfigIssue]]:
    """Return `values` with renamed keys replaced, and an issue for each of them."""
    issues: list[ConfigIssue] = []
    return _renamed_keys(values, (), issues), issues


def _renamed(value: object, path: KeyPath, issues: list[ConfigIssue]) -> object:
    if isinstance(value, list):
        return [_renamed(each, (*path, index), issues) for index, each in enumerate(cast("list[object]", value))]
    return _renamed_keys(cast("Values", value), path, issues) if isinstance(value, Mapping) else value


def _renamed_keys(values: Values, path: KeyPath, issues: list[ConfigIssue]) -> MutableValues:
    renamed: MutableValues = {}
    for key, inner in values.items():
        name = _name(key, path)
        if name != key:
            issues.append(ConfigIssue(path, f"key {key!r} was renamed to {name!r}"))
            if name in values:
                continue
        renamed[name] = _renamed(inner, (*path, name), issues)
    return renamed


def _name(key: str, path: KeyPath) -> str:
    name = RENAMED_KEYS.get(key)
    known = known_keys(path) if name else ()
    return name if name and name in known and key not in known else key


_MISSING = object()


def _without(values: MutableValues, key_path: tuple[str, ...]) -> tuple[MutableValues, object]:
    """Remove the value at `key_path` and mappings that become empty; return the rest and the value."""
    first, *rest = key_path
    if first not in values:
        return values, _MISSING
    others = {key: value for key, value in values.items() if key != first}
    if not rest:
        return others, values[first]
    inner: object = values[first]
    if not isinstance(inner, dict):
        return values, _MISSING
    kept, found = _without(cast("MutableValues", inner), tuple(rest))
    if found is _MISSING:
        return values, _MISSING
    return ({**values, first: kept} if kept else others), found
