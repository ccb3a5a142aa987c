"""How the vendor's chart spells what this package calls otherwise: who brings its values along is told."""

from collections.abc import Mapping
from typing import Any, cast

from pulumi_ixn.settings.mistakes import Mistake

_CONTRACT = "is in the container contract, which only a program of your own can change; remove it"
_MADE = "is made without being asked for; remove it"

CHART: Mapping[str, str] = {
    "image.imagePullSecrets": "ixn:image.pullSecrets",
    "tenant": "ixn:tenants.<name>.id and .sid",
    "replicaCount": "ixn:ixnService.ixnNode.replicas and ixn:ixnVQNode.replicas",
    "ixnService.image": "ixn:ixnService.ixnServer.image and ixn:ixnService.ixnNode.image",
    "ixnService.annotations": "ixn:ixnService.ixnServer.podAnnotations and ixn:ixnService.ixnNode.podAnnotations",
    "ixnService.prometheus": "ixn:monitoring.enabled",
    "ixnService.securityContext": "ixn:openshift",
    "ixnService.ixnServer.ports.default": "ixn:ixnService.ixnServer.port",
    "ixnService.ixnServer.ports.health": "ixn:ixnService.ixnServer.ports",
    "ixnService.ixnServer.confServer.host": "ixn:neighbours.configServer.host",
    "ixnService.ixnServer.confServer.port": "ixn:ixnService.ixnServer.config",
    "ixnService.ixnServer.confServer.appName": "ixn:ixnService.ixnServer.env.CONF_SERVER_APP_NAME",
    "ixnService.ixnServer.db.engine": "ixn:ixnService.ixnServer.env.DB_ENGINE",
    "ixnService.ixnServer.db.connectionString": "ixn:ixnService.ixnServer.env.DB_CONNECTION_STRING",
    "ixnService.ixnServer.db.host": "ixn:neighbours.ixnDB.endpoint",
    "ixnService.ixnServer.db.port": "ixn:neighbours.ixnDB.endpoint",
    "ixnService.ixnServer.db.name": "ixn:neighbours.ixnDB.name",
    "ixnService.ixnServer.secrets": "ixn:neighbours.ixnDB.secret",
    "ixnService.ixnNode.ports.health": "ixn:ixnService.ixnNode.ports",
    "ixnService.ixnNode.configNode.host": "ixn:neighbours.voiceConfig.host",
    "ixnService.ixnNode.configNode.port": "ixn:ixnService.ixnNode.conf",
    "ixnService.ixnNode.consul.host": "ixn:neighbours.consul.places, its address being the node's",
    "ixnService.ixnNode.consul.port": "ixn:ixnService.ixnNode.consul",
    "ixnService.ixnNode.db.host": "ixn:neighbours.ixnNodeDB.endpoint",
    "ixnService.ixnNode.db.port": "ixn:neighbours.ixnNodeDB.endpoint",
    "ixnService.ixnNode.db.name": "ixn:neighbours.ixnNodeDB.name",
    "ixnService.ixnNode.secrets": "ixn:neighbours.ixnNodeDB.secret",
    "ixnService.ixnNode.redis": "ixn:neighbours.orsRedisStream.endpoints",
    "ixnService.ixnNode.redisOptions.tls": "ixn:neighbours.orsRedisStream.tls and .rejectUnauthorized",
    "ixnVQNode.image.ixnVQNode": "ixn:ixnVQNode.image",
    "ixnVQNode.annotations": "ixn:ixnVQNode.podAnnotations",
    "ixnVQNode.prometheus": "ixn:monitoring.enabled",
    "ixnVQNode.securityContext": "ixn:openshift",
}
"""Paths of the chart, and ours for each."""

WITHOUT: Mapping[str, str] = {
    "ixnService.service": _MADE,
    "ixnService.serviceAccount": _MADE,
    "ixnService.volumes": _CONTRACT,
    "ixnService.ixnServer.serviceq": "has no counterpart here; remove it",
    "ixnService.ixnServer.dbinit": _CONTRACT,
    "ixnService.ixnServer.logStorage.mountPath": _CONTRACT,
    "ixnService.ixnServer.logStorage.volume": "is an emptyDir wherever no storageClassName is given; remove it",
    "ixnService.ixnServer.volumeMounts": _CONTRACT,
    "ixnService.ixnNode.consul.sslMode": _CONTRACT,
    "ixnService.ixnNode.db.options": _CONTRACT,
    "ixnService.ixnNode.dbinit": _CONTRACT,
    "ixnService.ixnNode.ports.default": "belongs to no connection of the table and is not opened; remove it",
    "ixnService.ixnNode.settings": _CONTRACT,
    "ixnService.ixnNode.storingSessions": _CONTRACT,
    "ixnService.ixnNode.volumeMounts": _CONTRACT,
    "ixnVQNode.service": _MADE,
    "ixnVQNode.serviceAccount": _MADE,
    "ixnVQNode.volumeMounts": _CONTRACT,
    "ixnVQNode.volumes": _CONTRACT,
}
"""Paths of the chart to which nothing corresponds here, and why."""

_TOLD: Mapping[str, str] = {
    **{path: f"is the chart's spelling; here it is {ours}" for path, ours in CHART.items()},
    **WITHOUT,
}


def take_chart_spellings(
    values: Mapping[str, Any], prefix: tuple[str, ...] = ()
) -> tuple[dict[str, Any], list[Mistake]]:
    """Return `values` without what is the chart's alone, and a mistake for each such path."""
    left, mistakes = dict(values), list[Mistake]()
    for path, wanted in _TOLD.items():
        location = tuple(path.split("."))
        left, found = _without(left, location)
        if found is not _MISSING:
            mistakes.append(Mistake((*prefix, *location), wanted, found))
    return left, mistakes


_MISSING = object()


def _without(values: dict[str, Any], location: tuple[str, ...]) -> tuple[dict[str, Any], object]:
    """Return `values` without the value at `location`, and that value; what is left empty by it goes too."""
    first, *rest = location
    if first not in values:
        return values, _MISSING
    others = {key: value for key, value in values.items() if key != first}
    if not rest:
        return others, values[first]
    inner: object = values[first]
    if not isinstance(inner, dict):
        return values, _MISSING
    left, found = _without(cast("dict[str, Any]", inner), tuple(rest))
    if found is _MISSING:
        return values, _MISSING
    return ({**values, first: left} if left else others), found
