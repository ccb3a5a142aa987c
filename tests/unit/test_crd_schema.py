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


def test_descriptions_are_dropped_but_fields_with_that_name_are_kept() -> None:
    assert schema_of(crd({"spec": SPEC}))["properties"]["spec"] == {
        "type": "object",
        "required": ["description"],
        "properties": {
            "description": {"type": "string"},
            "properties": {"type": "object", "properties": {"description": {"enum": ["description"]}}},
            "rules": {"type": "array", "items": {"oneOf": [{"required": ["to"]}]}},
        },
    }


def test_repeated_schema_parts_are_written_once() -> None:
    schema = schema_of(crd({"spec": SPEC, "specs": {"type": "array", "items": SPEC}}))

    assert yaml.safe_dump(schema).count("oneOf") == 1
    assert yaml.safe_load(yaml.safe_dump(schema)) == schema


def test_the_reduced_cilium_schema_keeps_its_constraints() -> None:
    text = (CHECKOUT / "tests" / "data" / "ciliumnetworkpolicy.schema.yaml").read_text(encoding="utf-8")
    spec = yaml.safe_load(text)["properties"]["spec"]

    assert spec["oneOf"]
    assert spec["anyOf"]
    ports = spec["properties"]["egress"]["items"]["properties"]["toPorts"]["items"]["properties"]["ports"]
    assert ports["maxItems"] == 40
    assert ports["items"]["properties"]["protocol"]["enum"] == ["TCP", "UDP", "SCTP", "ANY"]
