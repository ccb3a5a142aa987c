"""What only shows when several settings are seen together.

The checks look at the values as they were given, so that they speak up beside whatever else is wrong.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from pulumi_ixn.settings.mistakes import Location, Mistake
from pulumi_ixn.spec import OURS, Parameter, default_port, owner


def name_checks(tenants: Mapping[str, Mapping[str, Any]]) -> Iterator[Mistake]:
    """Yield what tenants may not share: ids, short ids, keys now and formerly."""
    for field in ("id", "sid"):
        # As they are compared in the end: ids in lower case, short ids as text.
        given = {key: str(own[field]).lower() for key, own in tenants.items() if _is_plain(own.get(field))}
        count = Counter(given.values())
        for key, name in given.items():
            if count[name] > 1:
                yield Mistake(
                    ("tenants", key, field), f"is the {field} of another tenant too", tenants[key][field]
                )
    names = Counter(name for key, own in tenants.items() for name in (key, *_formerly(own).values()))
    for key, own in tenants.items():
        for index, name in _formerly(own).items():
            if names[name] > 1:
                wanted = "is the key, now or formerly, of another tenant or of this one"
                yield Mistake(("tenants", key, "formerly", index), wanted, name)


def equal_ports(values: Mapping[str, Any]) -> Iterator[tuple[int, Sequence[Location]]]:
    """Yield each port that several parameters of one pod have, and the locations of these."""
    for party in OURS:
        ports: dict[int, list[Location]] = {}
        for parameter in (parameter for parameter in Parameter if owner(parameter) is party):
            location = tuple(parameter.split("."))
            port = value_at(values, location, default_port(parameter))
            if isinstance(port, int) and not isinstance(port, bool):
                ports.setdefault(port, []).append(location)
        yield from ((port, locations) for port, locations in ports.items() if len(locations) > 1)


def value_at(values: object, location: Location, default: object = None) -> object:
    """Return the value at `location`, or `default` where there is none."""
    for part in location:
        if not isinstance(values, Mapping) or part not in values:
            return default
        values = cast("Mapping[object, object]", values)[part]
    return values


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _formerly(own: Mapping[str, Any]) -> dict[int, str]:
    given: object = own.get("formerly")
    names = cast("list[object]", given) if isinstance(given, list) else []
    return {index: name for index, name in enumerate(names) if isinstance(name, str)}
