"""Checks that each managed Secret has its password in `ixn:secrets`, and each password its Secret."""

from collections.abc import Iterator, Mapping
from typing import Annotated, cast

from pydantic import Field, SecretStr

from pulumi_ixn.config.checks import value_at
from pulumi_ixn.config.issues import SECRETS, ConfigIssue, KeyPath, config_path
from pulumi_ixn.config.raw import Values
from pulumi_ixn.config.validators import Expect

DATABASES = ("ixnDB", "ixnNodeDB")
REDIS = "orsRedisStream"

SecretText = Annotated[SecretStr, Field(min_length=1), Expect("a string")]
"""A value of `ixn:secrets`."""


def password_checks(values: Values, merged: Mapping[str, Values]) -> Iterator[ConfigIssue]:
    """Yield an issue for each managed Secret without a password, and for each unused password.

    `values` is the stack config, `merged` each tenant's values merged over the shared ones, valid or not.
    """
    yield from _password(values, (REDIS,), values)
    for key, tenant in merged.items():
        for name in DATABASES:
            yield from _password(values, ("tenants", key, name), tenant)
    given = value_at(values, (SECRETS, "tenants"))
    for key in cast("Mapping[object, object]", given) if isinstance(given, Mapping) else ():
        if str(key) not in merged:
            yield ConfigIssue((SECRETS, "tenants", str(key)), "is not a key of ixn:tenants")


def _password(values: Values, owner: KeyPath, settings: Values) -> Iterator[ConfigIssue]:
    secret = ("peers", owner[-1], "secret")
    needed = value_at(settings, (*secret, "managed")) is not None
    given = value_at(values, (SECRETS, *owner)) is not None
    key_path = (SECRETS, *owner, "password")
    if needed and not given:
        yield missing_secret(key_path)
    # Only for `password`: the models report any other key as unknown.
    if value_at(values, key_path) is not None and not needed:
        yield not_managed(key_path, secret)


def missing_secret(path: KeyPath) -> ConfigIssue:
    """Return the issue of a secret value that is missing."""
    shown = config_path(path)
    return ConfigIssue(path, f"is missing: set it with `pulumi config set --secret --path '{shown}'`")


def not_managed(path: KeyPath, secret: KeyPath) -> ConfigIssue:
    """Return the issue of a secret value that nothing uses, since `secret` has another source."""
    return ConfigIssue(path, f"is not used: {config_path(secret)} is not 'managed'")
