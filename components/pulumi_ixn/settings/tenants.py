"""The tenants of a stack config: each one's own values, the environment's, and where a merged value is from."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError

from pulumi_ixn.settings.chart import take_chart_spellings
from pulumi_ixn.settings.checks import equal_ports
from pulumi_ixn.settings.fields import TenantKey
from pulumi_ixn.settings.merge import merge, stands_in
from pulumi_ixn.settings.mistakes import Location, Mistake, config_path
from pulumi_ixn.settings.neighbours import SHARED_NEIGHBOURS

Values = dict[str, Any]

OF_TENANTS = ("ixnService", "ixnVQNode", "neighbours")
"""Top-level keys whose values each tenant may override."""

_KEYS: TypeAdapter[str] = TypeAdapter(TenantKey)


@dataclass(frozen=True)
class Tenant:
    """One tenant: its key, the environment's values that it shares, and its own.

    `stands_for_none`: there is no tenant in the config, and this one is to find what is wrong beside that.
    """

    key: str
    shared: Values
    given: Values
    stands_for_none: bool = False

    @cached_property
    def own(self) -> Values:
        """Its own values, without what it cannot override."""
        if "neighbours" not in self.given:
            return self.given
        return {**self.given, "neighbours": split_neighbours(self.given["neighbours"])[0]}

    @cached_property
    def merged(self) -> Values:
        """Its own values over the environment's."""
        return merge(self.shared, self.own)

    def origin(self, location: Location, *, missing: bool = False) -> Location:
        """Return the path of the merged value at `location`: the tenant's own where it stands there.

        Of a value that is missing, the path at which it would be set.
        """
        of_tenant: Location = ("tenants", self.key, *location)
        if not location or location[0] not in OF_TENANTS:
            return of_tenant
        if missing:
            only_there = stands_in(self.own, location[:-1]) and not stands_in(self.shared, location[:-1])
            return of_tenant if only_there else location
        return of_tenant if stands_in(self.own, location) else location

    def shared_overrides(self) -> Iterator[Mistake]:
        """Yield the neighbours that this tenant wants of its own, and that all tenants share."""
        neighbours: object = self.given.get("neighbours")
        if isinstance(neighbours, dict):
            for name in SHARED_NEIGHBOURS & cast("Values", neighbours).keys():
                wanted = f"is shared by the tenants of the namespace: set ixn:neighbours.{name}"
                yield Mistake(("tenants", self.key, "neighbours", name), wanted)

    def equal_ports(self) -> Iterator[Mistake]:
        """Yield the ports of a pod that are equal, told where they were set: by the tenant, if it set one."""
        for port, locations in equal_ports(self.merged):
            own = [location for location in locations if stands_in(self.own, location)]
            given = [location for location in locations if stands_in(self.shared, location)]
            location = (own or given or locations)[-1]
            other = next(each for each in locations if each != location)
            wanted = f"is the port of {config_path(self.origin(other))} too: ports of a pod differ"
            yield Mistake(self.origin(location), wanted, port)


def tenants_of(values: Values, mistakes: list[Mistake]) -> list[Tenant]:
    """Return the tenants of a config; to `mistakes` goes what stands in the place of one and is none."""
    shared = {key: values[key] for key in OF_TENANTS if key in values}
    shared["neighbours"] = split_neighbours(values.get("neighbours", {}))[0]
    given: object = values.get("tenants")
    tenants: list[Tenant] = []
    if not isinstance(given, dict) or not given:
        wanted = "is missing or no mapping: it needs an entry for each tenant, with its id and sid"
        mistakes.append(Mistake(("tenants",), wanted))
        given = {}
    for key, own in cast("dict[str, object]", given).items():
        mistakes += _key_mistakes(key)
        if isinstance(own, dict):
            left, found = take_chart_spellings(cast("Values", own), ("tenants", str(key)))
            mistakes += found
            tenants.append(Tenant(str(key), shared, left))
        else:
            mistakes.append(Mistake(("tenants", str(key)), "is not a mapping", own))
    return tenants or [Tenant("", shared, {}, stands_for_none=True)]


def split_neighbours(neighbours: object) -> tuple[object, object]:
    """Return the neighbours that tenants may override, and those that they share."""
    if not isinstance(neighbours, dict):
        return neighbours, neighbours
    given = cast("Values", neighbours)
    common = {key: value for key, value in given.items() if key in SHARED_NEIGHBOURS}
    return {key: value for key, value in given.items() if key not in SHARED_NEIGHBOURS}, common


def _key_mistakes(key: object) -> Iterator[Mistake]:
    try:
        _KEYS.validate_python(key)
    except ValidationError as error:
        yield Mistake(("tenants", str(key)), error.errors()[0]["msg"], key)
