"""Checks that a stack that renders manifests writes no secret value to them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from pulumi_ixn.config.checks import value_at
from pulumi_ixn.config.issues import SECRETS, ConfigIssue, KeyPath
from pulumi_ixn.config.passwords import DATABASES, REDIS
from pulumi_ixn.config.raw import Values
from pulumi_ixn.config.service_secrets import KAFKA
from pulumi_ixn.config.tenants import Tenant

_WITH_PASSWORD = ("generated", "managed")
"""The sources of a Secret of which this package writes the password."""

_MESSAGE = (
    "would write a password to a rendered manifest, in plain text: use 'existing' or 'external', or deploy to a "
    "cluster with ixn:target.context"
)


def rendering_checks(values: Values, tenants: Sequence[Tenant]) -> Iterator[ConfigIssue]:
    """Yield an issue for each setting that would write a password to a rendered manifest.

    They read the raw values, so that they run even if other values are invalid.
    """
    if value_at(values, ("target", "render")) is not True:
        return
    shared = [REDIS, *([KAFKA] if _kafka_has_a_secret(values) else [])]
    yield from (ConfigIssue(path, _MESSAGE) for name in shared for path in _written(values, name))
    for tenant in tenants:
        for name in DATABASES:
            yield from (ConfigIssue(tenant.origin(path), _MESSAGE) for path in _written(tenant.merged, name))


def _kafka_has_a_secret(values: Values) -> bool:
    """Return whether Kafka's JSON would have more than addresses."""
    return any(value_at(values, path) is not None for path in (("peers", KAFKA, "sasl"), (SECRETS, KAFKA)))


def _written(values: Values, peer: str) -> Iterator[KeyPath]:
    path = ("peers", peer, "secret")
    secret = value_at(values, path)
    # One of several sources, or a malformed one, is reported by the models.
    if isinstance(secret, Mapping) and len(given := cast("Mapping[str, object]", secret)) == 1:
        yield from ((*path, key) for key in given if key in _WITH_PASSWORD and isinstance(given[key], Mapping))
