"""Issues that can be injected into any stack config: each changes it in place and returns the paths to report.

An issue of a tenant is in the tenant's own values, which override the environment's.
"""

from collections.abc import Callable
from typing import Any

Values = dict[str, Any]
Injection = Callable[[Values, str], tuple[str, ...]]

_POD = {"pods": {"namespace": "infra", "labels": {"app": "peer"}}}


def _at(path: str, value: object) -> Injection:
    """Set `path` to `value`; it is also the path of the issue."""

    def inject(values: Values, key: str) -> tuple[str, ...]:
        *parents, last = path.replace("<tenant>", key).split(".")
        target = values
        for part in parents:
            target = target.setdefault(part, {})
        target[last] = value
        return (f"ixn:{'.'.join((*parents, last))}",)

    return inject


def _without(path: str) -> Injection:
    def inject(values: Values, key: str) -> tuple[str, ...]:
        *parents, last = path.replace("<tenant>", key).split(".")
        target = values
        for part in parents:
            target = target[part]
        del target[last]
        return (f"ixn:{'.'.join((*parents, last))}",)

    return inject


def _unknown(path: str) -> Injection:
    """Set the unknown key `path`; the path of the issue is its parent's."""
    inject = _at(path, "x")

    def parents(values: Values, key: str) -> tuple[str, ...]:
        (found,) = inject(values, key)
        return (found.rpartition(".")[0] or "ixn",)

    return parents


def _below(inject: Injection, suffix: str) -> Injection:
    return lambda values, key: tuple(f"{path}{suffix}" for path in inject(values, key))


def _equal_ports(values: Values, key: str) -> tuple[str, ...]:
    own = values["tenants"][key].setdefault("ixnVQNode", {})
    own["ports"] = {"default": 7000, "health": 7000}
    return (f"ixn:tenants.{key}.ixnVQNode.ports.health",)


def _one_sid(values: Values, key: str) -> tuple[str, ...]:
    values["tenants"]["another"] = {**values["tenants"][key], "id": "7d0c1d38-2c1b-4bd5-a3ea-4b44f5ef9d6a"}
    return (f"ixn:tenants.{key}.sid", "ixn:tenants.another.sid")


def _one_id(values: Values, key: str) -> tuple[str, ...]:
    values["tenants"]["another"] = {**values["tenants"][key], "sid": "another"}
    return (f"ixn:tenants.{key}.id", "ixn:tenants.another.id")


def _in_clear(values: Values, key: str) -> tuple[str, ...]:
    values["secrets"] = {"tenants": {"nobody": {"ixnDB": {"password": "x"}}}}
    return ("ixn:secrets.tenants.nobody",)


_OWN = "tenants.<tenant>"
INJECTIONS: tuple[Injection, ...] = (
    *(_at(f"{_OWN}.ixnService.ixnServer.port", value) for value in (0, 65536, "7120", True, 7120.5, None)),
    *(_at(f"{_OWN}.ixnService.ixnNode.consul", value) for value in (-1, "abc", [])),
    _equal_ports,
    _unknown("zzz"),
    _unknown("image.registri"),
    _unknown("namespace.nam"),
    _unknown(f"{_OWN}.neighbors"),
    _at(f"{_OWN}.ixnService.ixnServer.confServer.port", 8888),
    _at(f"{_OWN}.ixnService.ixnServer.replicas", 2),
    _at(f"{_OWN}.ixnVQNode.image", "ixn"),
    _at(f"{_OWN}.ixnVQNode.resources.limits.memory", "x"),
    _at(f"{_OWN}.peers.kafka", {"absent": True}),
    _below(_at(f"{_OWN}.peers.urs", {"absent": False}), ".absent"),
    _below(_at(f"{_OWN}.peers.configServer", {"host": "localhost", "locations": [_POD]}), ".host"),
    _below(_at(f"{_OWN}.peers.statServer", {"locations": [{}]}), ".locations[0]"),
    _at(f"{_OWN}.id", "not-a-uuid"),
    _at(f"{_OWN}.sid", "a" * 42),
    _without(f"{_OWN}.sid"),
    _without("target"),
    _without("peers.orsRedisStream"),
    _at("target", {"render": True, "context": "here"}),
    _at("monitoring", []),
    _at("connectivityCheck", True),
    _at("connectivityCheck.deadline", 0),
    _at("rollout.timeout", 0),
    _below(
        _at("connectivityCheck.podLabels", {"app.kubernetes.io/name": "ixn-server"}), '["app.kubernetes.io/name"]'
    ),
    _at("openshift", "no"),
    _at("protect", "no"),
    _at(f"{_OWN}.protect", 1),
    _at(f"{_OWN}.movedFrom.sid", "East"),
    _one_sid,
    _one_id,
    _in_clear,
)
