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

_TELLING = ("cloudNativePG",)
"""Keys by whose presence a value is of one kind and not of another."""

_OPTIONAL = ("ixnService", "ixnVQNode")
"""Keys that each tenant may set as a whole."""

_ENCRYPTED: Schema = {
    "description": "the value, encrypted: `pulumi config set --secret --path`",
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
    definitions: dict[str, Schema] = {name: _tidy(each) for name, each in model["$defs"].items()}
    keys: Schema = {name: _tidy(each) for name, each in model["properties"].items()}
    tenant = definitions["TenantSettings"]
    tenant["required"] = ["id", "sid"]
    for properties in (keys, tenant["properties"]):
        properties.update({name: _part(properties[name], definitions) for name in TENANT_KEYS})
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
        "$defs": _referenced(keys, definitions),
    }


def _part(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    """Return `schema` with nothing required where values are merged; add the definitions that it needs."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_DEFS)
        part = definitions[name + _PART] = _part(definitions[name], definitions)
        return schema if part == definitions[name] else {**schema, "$ref": _DEFS + name + _PART}
    part = dict(schema)
    if "oneOf" in schema:
        # Of a peer: absent, whose one key stays required, or the peer itself.
        absent, *present = schema["oneOf"]
        part["oneOf"] = [absent, *(_part(each, definitions) for each in present)]
    if "properties" in schema:
        part["properties"] = {
            key: each if key in _WHOLE else _part(each, definitions) for key, each in schema["properties"].items()
        }
        part["required"] = [key for key in part.pop("required", ()) if key in (*_WHOLE, *_TELLING)]
    return {key: each for key, each in part.items() if (key, each) != ("required", [])}


def _referenced(schema: object, definitions: dict[str, Schema]) -> dict[str, Schema]:
    """Return the definitions that `schema` references, directly or not."""
    found: dict[str, Schema] = {}
    while (
        more := {name for name in definitions if f'"{_DEFS}{name}"' in json.dumps([schema, found])} - found.keys()
    ):
        found |= {name: definitions[name] for name in more}
    return dict(sorted(found.items()))


def _tidy(schema: Schema) -> Schema:
    """Disallow unknown keys, and drop titles, which only repeat the keys; a choice needs a key.

    Secret values are encrypted in the file.
    """
    if schema.get("writeOnly"):
        return _ENCRYPTED
    tidy = {key: value for key, value in schema.items() if key != "title"}
    if "anyOf" in tidy:
        tidy["anyOf"] = [_tidy(each) for each in tidy["anyOf"]]
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
