"""A tenant's own values over the environment's."""

from collections.abc import Mapping
from typing import cast

from pulumi_ixn.config.issues import KeyPath
from pulumi_ixn.config.raw import MutableValues, Values

_REPLACED = frozenset({"secret"})
"""Mappings that are taken whole: of several keys one is given, and another tenant's choice may be another."""


def merge(shared: Values, own: Values) -> MutableValues:
    """Return `shared` with the values of `own` over it; lists and what stands for a choice are taken whole."""
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
    # Labels and variables may have any name; what they hold is text.
    return "absent" in values and not isinstance(values["absent"], str)


def has_path(values: object, key_path: KeyPath) -> bool:
    """Say whether `key_path` leads to a value in `values`."""
    for part in key_path:
        if isinstance(values, Mapping) and part in values:
            values = cast("Mapping[object, object]", values)[part]
        elif isinstance(values, list) and isinstance(part, int) and part < len(cast("list[object]", values)):
            values = cast("list[object]", values)[part]
        else:
            return False
    return True
