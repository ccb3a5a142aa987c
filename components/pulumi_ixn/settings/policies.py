"""Neighbours that are placed by DNS name, against the kind of policy that would have to say so."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from pulumi_ixn.settings.checks import value_at
from pulumi_ixn.settings.mistakes import Location
from pulumi_ixn.settings.neighbours import PARTIES
from pulumi_ixn.spec import CONNECTIONS

_DNS: Location = ("dns", "places")
_CALLERS = frozenset(row.source for row in CONNECTIONS)


def places_by_name(merged: Mapping[str, Any], isolation: object) -> Iterator[tuple[Location, str]]:
    """Yield the locations of neighbours' places that the policies of `isolation` cannot say, and why.

    `merged` are neighbours as they were given, whatever else is wrong with them.
    """
    if isolation == "off":
        return
    for name, party in PARTIES.items():
        for location in _by_name(merged, ("neighbours", name, "places")):
            if party in _CALLERS:
                yield location, f"{party} calls us, and no policy says so by DNS name: give its cidrs"
            elif isolation != "cilium":
                yield location, "needs ixn:isolation to be 'cilium': a NetworkPolicy says no DNS name"


def resolver_by_name(values: Mapping[str, Any]) -> Iterator[tuple[Location, str]]:
    """Yield the locations of places of the resolver by DNS name, which nobody would resolve."""
    for location in _by_name(values, _DNS):
        yield location, "is a DNS name of what resolves them: give its pods or cidrs"


def _by_name(values: Mapping[str, Any], places: Location) -> Iterator[Location]:
    given = value_at(values, places)
    for index, place in enumerate(cast("list[object]", given) if isinstance(given, list) else ()):
        if value_at(place, ("fqdns",)) is not None:
            yield (*places, index, "fqdns")
