"""The models of the JSON fields of Kafka and Redis, and the checks of the fields that may be secret."""

from collections.abc import Iterator, Mapping
from typing import Annotated, cast

import pulumi
from pydantic import Field, SecretStr

from pulumi_ixn import json_fields, values
from pulumi_ixn.config.checks import value_at
from pulumi_ixn.config.fields import Model
from pulumi_ixn.config.issues import SECRETS, ConfigIssue, config_path, looks_sensitive
from pulumi_ixn.config.raw import Values
from pulumi_ixn.config.validators import Parsed
from pulumi_ixn.peers import PropertyValue

JsonName = Annotated[str, Parsed(values.json_field)]
JsonValue = Annotated[str | bool | int, Parsed(values.json_value)]
SecretFields = Mapping[str, SecretStr]


class JsonFieldsSettings(Model):
    """Changes to the JSON in the Secret that this package creates."""

    renamed: dict[str, JsonName | None] = Field(
        default_factory=dict[str, str | None],
        description="by the field's name, the name that the image expects; null leaves the field out",
    )
    extra: dict[JsonName, JsonValue] = Field(
        default_factory=dict[str, PropertyValue],
        description="further fields; those that are secret in ixn:secrets",
    )

    def args(self, secret: SecretFields) -> json_fields.JsonFields:
        """Return the library's fields, with those from ixn:secrets."""
        hidden = {name: pulumi.Output.secret(each.get_secret_value()) for name, each in secret.items()}
        return json_fields.JsonFields(self.renamed, {**self.extra, **hidden})


def json_field_checks(config: Values, name: str) -> Iterator[ConfigIssue]:
    """Yield an issue for each field of the peer `name` that is not where its value belongs, or is there twice."""
    extra_path, secret_path = ("peers", name, "jsonFields", "extra"), (SECRETS, name, "jsonFields")
    extra, secret = _keys(config, extra_path), _keys(config, secret_path)
    for key in extra:
        if looks_sensitive(key):
            message = f"may be a secret value; move it to {config_path((*secret_path, key))}"
            yield ConfigIssue((*extra_path, key), message)
        if key in secret:
            yield ConfigIssue((*extra_path, key), f"is also in {config_path(secret_path)}")


def _keys(config: Values, path: tuple[str, ...]) -> list[str]:
    found = value_at(config, path)
    return [str(key) for key in cast("Mapping[object, object]", found)] if isinstance(found, Mapping) else []
