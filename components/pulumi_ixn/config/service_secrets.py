"""The secret values of Kafka and Redis in `ixn:secrets`, and the checks that each is used and none is missing."""

from collections.abc import Iterator

import pulumi
from pydantic import Field, SecretStr

from pulumi_ixn.config.checks import value_at
from pulumi_ixn.config.fields import Model
from pulumi_ixn.config.issues import SECRETS, ConfigIssue, KeyPath, config_path
from pulumi_ixn.config.json_fields import JsonName, json_field_checks
from pulumi_ixn.config.passwords import REDIS, SecretText, missing_secret, not_managed
from pulumi_ixn.config.raw import Values

KAFKA = "kafka"


class KafkaSecrets(Model):
    """The secret values of Kafka."""

    password: SecretText | None = Field(default=None, description="the password for ixn:peers.kafka.sasl")
    json_fields: dict[JsonName, SecretText] = Field(
        default_factory=dict[str, SecretStr], description="further fields of the JSON, with secret values"
    )


class RedisSecrets(Model):
    """The secret values of Redis."""

    password: SecretText = Field(description="the password, a secret value")
    sentinel_password: SecretText | None = Field(
        default=None, description="the password of the Sentinels, if they have one of their own"
    )
    json_fields: dict[JsonName, SecretText] = Field(
        default_factory=dict[str, SecretStr], description="further fields of the JSON, with secret values"
    )


def secret_output(value: SecretStr | None) -> pulumi.Output[str] | None:
    """Return a secret value as an Output."""
    return None if value is None else pulumi.Output.secret(value.get_secret_value())


def service_secret_checks(config: Values) -> Iterator[ConfigIssue]:
    """Yield an issue for each secret value of Kafka and Redis that is missing, is not used, or is elsewhere."""
    sasl = value_at(config, ("peers", KAFKA, "sasl")) is not None
    yield from _value(config, (KAFKA, "password"), ("sasl",), is_set=sasl, needed=sasl)
    sentinel = value_at(config, ("peers", REDIS, "sentinel")) is not None
    yield from _value(config, (REDIS, "sentinelPassword"), ("sentinel",), is_set=sentinel)
    for name in (KAFKA, REDIS):
        yield from _value(config, (name, "jsonFields"), (), is_set=True)
        yield from json_field_checks(config, name)


def _value(
    config: Values, of: tuple[str, str], setting: KeyPath, *, is_set: bool, needed: bool = False
) -> Iterator[ConfigIssue]:
    """Check a secret value that is used if the Secret is managed and `setting` of the peer is set."""
    path, peer = (SECRETS, *of), ("peers", of[0])
    given = value_at(config, path) is not None
    managed = value_at(config, (*peer, "secret", "managed")) is not None
    if given and not managed:
        yield not_managed(path, (*peer, "secret"))
    elif given and not is_set:
        yield ConfigIssue(path, f"is not used: {config_path((*peer, *setting))} is not set")
    elif needed and managed and not given:
        yield missing_secret(path)
