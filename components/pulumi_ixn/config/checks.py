"""Checks that compare several values.

They read the raw values, so that they run even if other values are invalid.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from pulumi_ixn.config.issues import ConfigIssue, KeyPath
from pulumi_ixn.config.raw import Values
from pulumi_ixn.spec import WORKLOAD_PARTIES, Parameter, default_port, owner


def name_checks(tenants: Mapping[str, Values]) -> Iterator[ConfigIssue]:
    """Yield an issue for each id, sid, key and alias that two tenants share."""
    for field in ("id", "sid"):
        # Normalize as the parsers do: ids in lower case, sids as strings.
        given = {key: str(own[field]).lower() for key, own in tenants.items() if _is_plain(own.get(field))}
        count = Counter(given.values())
        for key, name in given.items():
            if count[name] > 1:
                yield ConfigIssue(
                    ("tenants", key, field), f"is also the {field} of another tenant", tenants[key][field]
                )
    names = Counter(name for key, own in tenants.items() for name in (key, *_aliases(own).values()))
    for key, own in tenants.items():
        for index, name in _aliases(own).items():
            if names[name] > 1:
                message = "is also the key or an alias of another tenant, or of this one"
                yield ConfigIssue(("tenants", key, "aliases", index), message, name)


def equal_ports(values: Values) -> Iterator[tuple[int, Sequence[KeyPath]]]:
    """Yield each port that several parameters of one pod set, and the paths of these parameters."""
    for party in WORKLOAD_PARTIES:
        ports: dict[int, list[KeyPath]] = {}
        for parameter in (parameter for parameter in Parameter if owner(parameter) is party):
            key_path = tuple(parameter.split("."))
            port = value_at(values, key_path, default_port(parameter))
            if isinstance(port, int) and not isinstance(port, bool):
                ports.setdefault(port, []).append(key_path)
        yield from ((port, key_paths) for port, key_paths in ports.items() if len(key_paths) > 1)


def value_at(values: object, key_path: KeyPath, default: object = None) -> object:
    """Return the value at `key_path`, or `default` if there is none."""
    for part in key_path:
        if not isinstance(values, Mapping) or part not in values:
            return default
        values = cast("Mapping[object, object]", values)[part]
    return values


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _aliases(own: Values) -> dict[int, str]:
    given: object = own.get("aliases")
    names = cast("list[object]", given) if isinstance(given, list) else []
    return {index: name for index, name in enumerate(names) if isinstance(name, str)}
