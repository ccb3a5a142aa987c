"""Merge a tenant's own values over the shared ones."""

from collections.abc import Mapping
from typing import cast

from pulumi_ixn.config.issues import KeyPath
from pulumi_ixn.config.raw import MutableValues, Values

_REPLACED = frozenset({"secret"})
"""Mappings that are replaced as a whole: they have exactly one key, and each tenant may choose another one."""


def merge(shared: Values, own: Values) -> MutableValues:
    """Return `own` merged over `shared`; lists, `secret` and absent peers are replaced as a whole."""
    merged = dict(shared)
    for key, value in own.items():
        before = merged.get(key)
        whole = key in _REPLACED or not (isinstance(value, Mapping) and isinstance(before, Mapping))
        if whole or _declares_absence(cast("Values", value)) or _declares_absence(cast("Values", before)):
            merged[key] = value
        else:
            merged[key] = merge(cast("Values", before), cast("Values", value))
    return merged


def _declares_absence(values: Values) -> bool:
    # A label or variable may also be named 'absent', but its value is a string.
    return "absent" in values and not isinstance(values["absent"], str)


def has_path(values: object, key_path: KeyPath) -> bool:
    """Return whether `values` has a value at `key_path`."""
    for part in key_path:
        if isinstance(values, Mapping) and part in values:
            values = cast("Mapping[object, object]", values)[part]
        elif isinstance(values, list) and isinstance(part, int) and part < len(cast("list[object]", values)):
            values = cast("list[object]", values)[part]
        else:
            return False
    return True
