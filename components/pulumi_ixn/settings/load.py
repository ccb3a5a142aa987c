"""Stack config becomes settings, or one error that tells every mistake."""

from collections.abc import Iterator, Mapping, Set
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pulumi_ixn.settings.chart import take_chart_spellings
from pulumi_ixn.settings.checks import name_checks
from pulumi_ixn.settings.explain import location_of, mistakes_of
from pulumi_ixn.settings.mistakes import SECRETS, ConfigurationError, Location, Mistake, without_secrets
from pulumi_ixn.settings.passwords import password_checks
from pulumi_ixn.settings.policies import places_by_name, resolver_by_name
from pulumi_ixn.settings.stack import Environment, Settings, TenantSettings
from pulumi_ixn.settings.tenants import OF_TENANTS, Tenant, split_neighbours, tenants_of

Values = dict[str, Any]


def load(config: Mapping[str, Any], secret_keys: Set[str] = frozenset()) -> Settings:
    """Return the settings of a stack.

    `config` holds the values of the `ixn:` keys, by key without the prefix; `secret_keys` are those that
    hold a secret value. Raises ConfigurationError with every mistake.
    """
    values, mistakes = take_chart_spellings(config)
    mistakes += _misplaced_secrets(values, secret_keys)
    tenants = tenants_of(values, mistakes)
    environment = _environment(values, mistakes)
    loaded = {tenant.key: _tenant(tenant, mistakes) for tenant in tenants}

    mistakes += name_checks({tenant.key: tenant.own for tenant in tenants})
    mistakes += _places_by_name(values, tenants)
    mistakes += password_checks(values, {tenant.key: tenant.merged for tenant in tenants})
    if mistakes or environment is None:
        raise ConfigurationError([without_secrets(mistake, secret_keys) for mistake in mistakes])
    return Settings(environment, {key: tenant for key, tenant in loaded.items() if tenant is not None})


def _misplaced_secrets(values: Values, secret_keys: Set[str]) -> Iterator[Mistake]:
    for key in secret_keys - {SECRETS}:
        wanted = "holds a secret value, which would reach the state in clear; secret values stand in ixn:secrets"
        yield Mistake((key,), wanted)
    if values.get(SECRETS) and SECRETS not in secret_keys:
        wanted = "is not encrypted: set each password with `pulumi config set --secret --path`"
        yield Mistake((SECRETS,), wanted)


def _places_by_name(values: Values, tenants: list[Tenant]) -> Iterator[Mistake]:
    isolation = values.get("isolation")
    for location, wanted in (*resolver_by_name(values), *places_by_name(_shared_neighbours(values), isolation)):
        yield Mistake(location, wanted)
    for tenant in tenants:
        for location, wanted in places_by_name(tenant.merged, isolation):
            yield Mistake(tenant.origin(location), wanted)


def _shared_neighbours(values: Values) -> Values:
    return {"neighbours": split_neighbours(values.get("neighbours"))[1]}


def _environment(values: Values, mistakes: list[Mistake]) -> Environment | None:
    common = split_neighbours(values.get("neighbours", {}))[1]
    own = {key: value for key, value in values.items() if key not in ("tenants", *OF_TENANTS)}
    try:
        return Environment.model_validate({**own, "neighbours": common})
    except ValidationError as error:
        mistakes += mistakes_of(error, location_of)
        return None


def _tenant(tenant: Tenant, mistakes: list[Mistake]) -> TenantSettings | None:
    mistakes += tenant.shared_overrides()
    mistakes += tenant.equal_ports()

    def path_of(error: ErrorDetails) -> Location | None:
        missing = error["type"] == "missing"
        path = tenant.origin(location_of(error), missing=missing)
        return None if tenant.stands_for_none and (missing or path[0] == "tenants") else path

    try:
        return TenantSettings.model_validate(tenant.merged)
    except ValidationError as error:
        mistakes += mistakes_of(error, path_of)
        return None
