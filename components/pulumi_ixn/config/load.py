"""Load the settings of a stack, or report every error in its configuration."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pulumi_ixn.config.checks import name_checks, value_at
from pulumi_ixn.config.databases import database_checks
from pulumi_ixn.config.explain import issues_from, key_path_of
from pulumi_ixn.config.issues import SECRETS, ConfigIssue, ConfigurationError, KeyPath, redacted
from pulumi_ixn.config.locations import locations_by_name, resolver_by_name
from pulumi_ixn.config.passwords import password_checks
from pulumi_ixn.config.raw import MutableValues, Values
from pulumi_ixn.config.renamed import pop_helm_keys, rename_keys
from pulumi_ixn.config.rendering import rendering_checks
from pulumi_ixn.config.service_secrets import service_secret_checks
from pulumi_ixn.config.stack import Environment, Namespace, Settings, TenantSettings
from pulumi_ixn.config.tenants import TENANT_KEYS, Tenant, split_shared, tenants_of


def load(config: Values, secret_keys: AbstractSet[str] = frozenset()) -> Settings:
    """Return the settings of a stack.

    `config` holds the values of the `ixn:` keys, by key without the prefix; `secret_keys` are those that
    contain a secret value. Raises ConfigurationError with every issue.
    """
    values, issues = rename_keys(config)
    values, helm_issues = pop_helm_keys(values)
    issues += helm_issues
    issues += _misplaced_secrets(values, secret_keys)
    tenants = tenants_of(values, issues)
    environment = _environment(values, issues)
    loaded = {tenant.key: _tenant(tenant, issues) for tenant in tenants}

    issues += name_checks({tenant.key: tenant.own for tenant in tenants})
    issues += _locations_by_name(values, tenants)
    issues += database_checks(tenants, value_at(values, ("namespace", "name"), Namespace().name))
    issues += password_checks(values, {tenant.key: tenant.merged for tenant in tenants})
    issues += rendering_checks(values, tenants)
    issues += service_secret_checks(values)
    if issues or environment is None:
        raise ConfigurationError([redacted(issue, secret_keys) for issue in issues])
    return Settings(environment, {key: tenant for key, tenant in loaded.items() if tenant is not None})


def _misplaced_secrets(values: MutableValues, secret_keys: AbstractSet[str]) -> Iterator[ConfigIssue]:
    for key in secret_keys - {SECRETS}:
        message = "contains a secret value, which the state would store in plain text; move it to ixn:secrets"
        yield ConfigIssue((key,), message)
    if values.get(SECRETS) and SECRETS not in secret_keys:
        message = "is not encrypted: set each password with `pulumi config set --secret --path`"
        yield ConfigIssue((SECRETS,), message)


def _locations_by_name(values: MutableValues, tenants: list[Tenant]) -> Iterator[ConfigIssue]:
    isolation = values.get("isolation")
    for key_path, message in (*resolver_by_name(values), *locations_by_name(_shared_peers(values), isolation)):
        yield ConfigIssue(key_path, message)
    for tenant in tenants:
        for key_path, message in locations_by_name(tenant.merged, isolation):
            yield ConfigIssue(tenant.origin(key_path), message)


def _shared_peers(values: MutableValues) -> MutableValues:
    return {"peers": split_shared(values.get("peers"))[1]}


def _environment(values: MutableValues, issues: list[ConfigIssue]) -> Environment | None:
    common = split_shared(values.get("peers", {}))[1]
    own = {key: value for key, value in values.items() if key not in ("tenants", *TENANT_KEYS)}
    try:
        return Environment.model_validate({**own, "peers": common})
    except ValidationError as error:
        issues += issues_from(error, key_path_of)
        return None


def _tenant(tenant: Tenant, issues: list[ConfigIssue]) -> TenantSettings | None:
    issues += tenant.shared_overrides()
    issues += tenant.equal_ports()

    def path_of(error: ErrorDetails) -> KeyPath | None:
        missing = error["type"] == "missing"
        path = tenant.origin(key_path_of(error), missing=missing)
        return None if tenant.is_placeholder and (missing or path[0] == "tenants") else path

    try:
        return TenantSettings.model_validate(tenant.merged)
    except ValidationError as error:
        issues += issues_from(error, path_of)
        return None
