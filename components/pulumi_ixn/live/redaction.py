"""Objects without what may be secret, for a support bundle."""

from typing import cast

from pulumi_ixn.live.cluster import Json, Object

REDACTED = "[redacted]"

_COPIES = "kubectl.kubernetes.io/last-applied-configuration"
"""An annotation with a copy of the object, of a Secret's data too."""


def redacted(value: Object) -> Object:
    """Return an object without the values of environment variables; names of Secrets and of their keys stay.

    Of a Secret, only type and metadata stay; of metadata, what has copies of the content does not.
    """
    if value.get("kind") == "Secret":
        return {
            name: _without_values(value[name])
            for name in ("apiVersion", "kind", "type", "metadata")
            if name in value
        }
    return _without_values(value)


def _without_values(value: Json) -> Json:
    if isinstance(value, list):
        return [_without_values(each) for each in cast("list[Json]", value)]
    if not isinstance(value, dict):
        return value
    known = cast("Object", value)
    return {name: _kept(name, each) for name, each in known.items() if name not in ("managedFields", _COPIES)}


def _kept(name: str, value: Json) -> Json:
    if name == "env" and isinstance(value, list):
        return [_variable(each) for each in cast("list[Object]", value)]
    return _without_values(value)


def _variable(variable: Object) -> Object:
    return {**variable, "value": REDACTED} if "value" in variable else variable
