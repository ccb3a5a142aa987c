"""The JSON in the Secrets of Kafka and Redis, composed and escaped in one place."""

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import pulumi

from pulumi_ixn.inputs import apply_all, as_output
from pulumi_ixn.json_fields import JsonFields
from pulumi_ixn.peers import PropertyValue

FieldValue: TypeAlias = PropertyValue | Sequence[Mapping[str, PropertyValue]]


def service_json(fields: Mapping[str, pulumi.Input[FieldValue] | None], changes: JsonFields) -> pulumi.Output[str]:
    """Return the JSON of the fields that have a value, with the changes to them; secret if a value is."""
    renamed = {changes.renamed.get(name, name): value for name, value in fields.items() if value is not None}
    named = {name: value for name, value in renamed.items() if name is not None}
    named |= changes.extra

    def text(known: Sequence[FieldValue]) -> str:
        return json.dumps(dict(zip(named, known, strict=True)))

    return as_output(apply_all(list(named.values()), text))
