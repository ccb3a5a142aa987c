"""The JSON Schema of the stack files, for editors: from the settings' models, and the keys that Pulumi adds.

A tenant's values are merged over the shared ones, so neither must be complete: keys that the merged value requires
are optional in both. Only the program checks rules across several settings.
"""

import json
from typing import Any

from pulumi_ixn.config.stack import StackFile
from pulumi_ixn.config.tenants import TENANT_KEYS

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DEFS = "#/$defs/"
_PART = "Part"
"""Suffix of the name of a definition without required keys."""

_WHOLE = ("secret", "kafka", "orsRedisStream")
"""Values that are not merged: choices, which are replaced as a whole, and shared peers."""

_OPTIONAL = ("ixnService", "ixnVQNode")
"""Keys that each tenant may set as a whole."""

_ENCRYPTED: Schema = {
    "description": "the password, encrypted: `pulumi config set --secret --path`",
    "type": "object",
    "properties": {"secure": {"type": "string"}},
    "required": ["secure"],
    "additionalProperties": False,
}


def schema_text() -> str:
    """Return the schema as the text of its file."""
    return json.dumps(stack_file_schema(), indent=2) + "\n"


def stack_file_schema() -> Schema:
    """Return the schema of a whole `Pulumi.<stack>.yaml`."""
    model = StackFile.model_json_schema()
    definitions = _Definitions({name: _tidy(each) for name, each in model["$defs"].items()})
    definitions.all["Password"]["properties"]["password"] = _ENCRYPTED
    keys: Schema = {name: _tidy(each) for name, each in model["properties"].items()}
    for name in TENANT_KEYS:
        keys[name] = definitions.part_of(keys[name])
        tenant = definitions.all["TenantSettings"]["properties"]
        tenant[name] = definitions.part_of(tenant[name])
    definitions.all["TenantSettings"]["required"] = ["id", "sid"]
    required = [name for name in model["required"] if name not in _OPTIONAL]
    return {
        "$schema": _DIALECT,
        "title": "Pulumi.<stack>.yaml of ixn",
        "type": "object",
        "properties": {
            "config": {
                "type": "object",
                "properties": {f"ixn:{name}": each for name, each in keys.items()},
                "patternProperties": {"^(?!ixn:)": {}},
                "required": [f"ixn:{name}" for name in required],
                "additionalProperties": False,
            }
        },
        "$defs": definitions.all_endpoints(keys),
    }


class _Definitions:
    """The schema's definitions, and variants of some of them without required keys."""

    def __init__(self, definitions: dict[str, Schema]) -> None:
        self.all = definitions

    def part_of(self, schema: Schema) -> Schema:
        """Return `schema` with nothing required where values are merged."""
        part = dict(schema)
        if "$ref" in schema:
            part["$ref"] = self._part_definition(schema["$ref"])
        if "oneOf" in schema:
            # Of a peer: absent, or the peer itself; of the first, its one key stays required.
            gone, present = schema["oneOf"]
            part["oneOf"] = [gone, self.part_of(present)]
        if "properties" in schema:
            part["properties"] = {
                key: each if key in _WHOLE else self.part_of(each) for key, each in schema["properties"].items()
            }
            required = [key for key in schema.get("required", ()) if key in _WHOLE]
            part.pop("required", None)
            part |= {"required": required} if required else {}
        return part

    def all_endpoints(self, schema: object) -> dict[str, Schema]:
        """Return the definitions that `schema` references."""
        found: dict[str, Schema] = {}
        while (
            more := {name for name in self.all if f'"{_DEFS}{name}"' in json.dumps([schema, found])} - found.keys()
        ):
            found |= {name: self.all[name] for name in more}
        return dict(sorted(found.items()))

    def _part_definition(self, reference: str) -> str:
        name = reference.removeprefix(_DEFS)
        part = self.part_of(self.all[name])
        if part == self.all[name]:
            return reference
        self.all[name + _PART] = part
        return reference + _PART


def _tidy(schema: Schema) -> Schema:
    """Disallow unknown keys, and drop titles, which only repeat the keys; a choice needs a key."""
    tidy = {key: value for key, value in schema.items() if key != "title"}
    for key in ("properties", "patternProperties"):
        if key in tidy:
            tidy[key] = {name: _tidy(each) for name, each in tidy[key].items()}
    if "patternProperties" in tidy:
        tidy["additionalProperties"] = False
    if tidy.get("maxProperties") == 1:
        tidy["properties"] = {name: _not_null(each) for name, each in tidy["properties"].items()}
    return tidy


def _not_null(schema: Schema) -> Schema:
    branches = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    if not branches:
        return schema
    left = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
    return {**left, **branches[0]}
