"""The copies of custom resources' schemas lose descriptions, and nothing else."""

from typing import Any

import yaml

from tests.crd_schema import schema_of
from tests.unit.config.stacks import CHECKOUT

SPEC = {
    "type": "object",
    "description": "what is wanted",
    "required": ["description"],
    "properties": {
        "description": {"type": "string", "description": "a field of this name"},
        "properties": {"type": "object", "properties": {"description": {"enum": ["description"]}}},
        "rules": {"type": "array", "items": {"description": "one", "oneOf": [{"required": ["to"]}]}},
    },
}


def crd(properties: Any) -> Any:
    old = {"served": True, "storage": False, "schema": {}}
    kept = {"served": True, "storage": True, "schema": {"openAPIV3Schema": {"properties": properties}}}
    return {"spec": {"versions": [old, kept]}}


def test_descriptions_are_dropped_and_fields_of_that_name_are_not() -> None:
    assert schema_of(crd({"spec": SPEC}))["properties"]["spec"] == {
        "type": "object",
        "required": ["description"],
        "properties": {
            "description": {"type": "string"},
            "properties": {"type": "object", "properties": {"description": {"enum": ["description"]}}},
            "rules": {"type": "array", "items": {"oneOf": [{"required": ["to"]}]}},
        },
    }


def test_what_is_said_twice_is_written_once() -> None:
    schema = schema_of(crd({"spec": SPEC, "specs": {"type": "array", "items": SPEC}}))

    assert yaml.safe_dump(schema).count("oneOf") == 1
    assert yaml.safe_load(yaml.safe_dump(schema)) == schema


def test_the_copy_of_ciliums_keeps_its_constraints() -> None:
    text = (CHECKOUT / "tests" / "data" / "ciliumnetworkpolicy.schema.yaml").read_text(encoding="utf-8")
    spec = yaml.safe_load(text)["properties"]["spec"]

    assert spec["oneOf"]
    assert spec["anyOf"]
    ports = spec["properties"]["egress"]["items"]["properties"]["toPorts"]["items"]["properties"]["ports"]
    assert ports["maxItems"] == 40
    assert ports["items"]["properties"]["protocol"]["enum"] == ["TCP", "UDP", "SCTP", "ANY"]
