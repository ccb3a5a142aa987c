"""Stack config becomes settings, or one error that tells every mistake."""

from collections.abc import Mapping, Set
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError

from pulumi_ixn.settings.chart import take_chart_spellings
from pulumi_ixn.settings.checks import name_checks, password_checks, port_checks
from pulumi_ixn.settings.explain import errors_of, explain, location_of
from pulumi_ixn.settings.merge import merge, stands_in
from pulumi_ixn.settings.mistakes import ConfigurationError, Location, Mistake, config_path
from pulumi_ixn.settings.neighbours import SHARED_NEIGHBOURS
from pulumi_ixn.settings.stack import Environment, Settings, TenantSettings

Values = dict[str, Any]
M = TypeVar("M", bound=BaseModel)

_OF_TENANTS = ("ixnService", "ixnVQNode", "neighbours")
"""Top-level keys whose values each tenant may override."""


def load(config: Mapping[str, Any], secret_keys: Set[str] = frozenset()) -> Settings:
    """Return the settings of a stack.

    `config` holds the values of the `ixn:` keys, by key without the prefix; `secret_keys` are those that
    hold a secret value. Raises ConfigurationError with every mistake.
    """
    values, mistakes = take_chart_spellings(config)
    mistakes += _misplaced_secrets(secret_keys)
    tenants = _tenants(values, mistakes)
    shared = {key: values[key] for key in _OF_TENANTS if key in values}
    shared["neighbours"], common = _split_neighbours(shared.get("neighbours", {}))

    environment = _environment({**values, "neighbours": common}, mistakes)
    loaded = {key: _tenant(key, shared, own, mistakes) for key, own in tenants.items()}

    mistakes += name_checks(tenants)
    mistakes += password_checks(environment, loaded) if environment else []
    if mistakes or environment is None:
        raise ConfigurationError(mistakes)
    return Settings(environment, {key: tenant for key, tenant in loaded.items() if tenant is not None})


def _misplaced_secrets(secret_keys: Set[str]) -> list[Mistake]:
    return [
        Mistake(
            config_path((key,)),
            "holds a secret value, which would reach the state in clear; secret values stand in ixn:secrets",
        )
        for key in secret_keys - {"secrets"}
    ]


def _tenants(values: Values, mistakes: list[Mistake]) -> dict[str, Values]:
    """Return each tenant's own values, without the chart's spellings."""
    given: object = values.get("tenants")
    if not isinstance(given, dict) or not given:
        wanted = "is missing or no mapping: it needs an entry for each tenant, with its id and sid"
        mistakes.append(Mistake(config_path(("tenants",)), wanted))
        return {}
    tenants: dict[str, Values] = {}
    for key, own in cast("dict[str, object]", given).items():
        if not isinstance(own, dict):
            mistakes.append(Mistake(config_path(("tenants", key)), "is not a mapping"))
            continue
        tenants[key], found = take_chart_spellings(cast("Values", own), ("tenants", key))
        mistakes += found
    return tenants


def _split_neighbours(neighbours: object) -> tuple[object, object]:
    """Return the neighbours that tenants may override, and those that they share."""
    if not isinstance(neighbours, dict):
        return neighbours, neighbours
    given = cast("Values", neighbours)
    common = {key: value for key, value in given.items() if key in SHARED_NEIGHBOURS}
    return {key: value for key, value in given.items() if key not in SHARED_NEIGHBOURS}, common


def _environment(values: Values, mistakes: list[Mistake]) -> Environment | None:
    own = {key: value for key, value in values.items() if key not in ("tenants", "ixnService", "ixnVQNode")}
    try:
        return Environment.model_validate(own)
    except ValidationError as error:
        mistakes += [explain(each, Environment, location_of(each)) for each in errors_of(error)]
        return None


def _tenant(key: str, shared: Values, own: Values, mistakes: list[Mistake]) -> TenantSettings | None:
    own_neighbours: object = own.get("neighbours")
    if isinstance(own_neighbours, dict):
        for name in sorted(SHARED_NEIGHBOURS & set(cast("Values", own_neighbours))):
            wanted = f"is shared by the tenants of the namespace: set ixn:neighbours.{name}"
            mistakes.append(Mistake(config_path(("tenants", key, "neighbours", name)), wanted))
        own = {**own, "neighbours": _split_neighbours(cast("Values", own_neighbours))[0]}
    merged = merge(shared, own)
    for location, wanted in port_checks(merged):
        mistakes.append(Mistake(config_path(_origin(location, False, key, shared, own)), wanted))
    try:
        return TenantSettings.model_validate(merged)
    except ValidationError as error:
        for each in errors_of(error):
            path = _origin(location_of(each), each["type"] == "missing", key, shared, own)
            mistakes.append(explain(each, TenantSettings, path))
        return None


def _origin(location: Location, missing: bool, tenant: str, shared: Values, own: Values) -> Location:
    """Return the path of the value at `location`: the tenant's own where it stands there, else the shared one."""
    of_tenant: Location = ("tenants", tenant, *location)
    if not location or location[0] not in _OF_TENANTS:
        return of_tenant
    if missing:
        only_there = stands_in(own, location[:-1]) and not stands_in(shared, location[:-1])
        return of_tenant if only_there else location
    return of_tenant if stands_in(own, location) else location
