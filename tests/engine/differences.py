"""Differences between two sets of manifests, by path."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

Location = tuple[str, str]
"""A manifest, such as `Service/ixn-server-100-headless`, and a path in it."""

NOTHING = "(nothing)"
"""The value of a path that one of the two sets lacks."""


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[Location, tuple[Any, Any]]:
    """Return every path whose values differ, with both values."""
    old, new = _locations(before), _locations(after)
    pairs = {location: (old.get(location, NOTHING), new.get(location, NOTHING)) for location in old | new}
    # True == 1, and 7120 is not "7120".
    return {location: (was, now) for location, (was, now) in pairs.items() if (type(was), was) != (type(now), now)}


def _locations(manifests: Mapping[str, Any]) -> dict[Location, Any]:
    return {(name, path): value for name, each in manifests.items() for path, value in _leaves(each, "")}


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the leaves: `spec.ports[metrics].port`, `data[settings.json].rq[0].host`.

    List items are identified by name if they have one; JSON files are parsed.
    """
    if isinstance(value, str) and path.endswith(".json]"):
        value = json.loads(value)
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            plain = key.isidentifier()
            yield from _leaves(inner, f"{path}.{key}".lstrip(".") if plain else f"{path}[{key}]")
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            named = isinstance(item, dict) and "name" in item and len(item) > 1
            rest = {key: inner for key, inner in item.items() if key != "name"} if named else item
            yield from _leaves(rest, f"{path}[{item['name'] if named else index}]")
    else:
        yield path, value
