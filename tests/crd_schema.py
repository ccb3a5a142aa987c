"""The schema of a custom resource, as tests/data has it: `python -m tests.crd_schema CRD.yaml` prints it.

The header of the file there is written by hand.
"""

import sys
from pathlib import Path
from typing import Any, cast

import yaml


def schema_of(crd: Any) -> Any:
    """Return the schema of the version that is stored, with every constraint and no description."""
    (stored,) = (each for each in crd["spec"]["versions"] if each["served"] and each["storage"])
    schema = _bare(stored["schema"]["openAPIV3Schema"])
    fields = schema["properties"]
    if fields.get("specs", {}).get("items") == fields["spec"]:
        # Cilium's list of what `spec` is: one object, which YAML writes once.
        fields["specs"]["items"] = fields["spec"]
    return schema


def _bare(schema: Any, names: bool = False) -> Any:
    """Drop the descriptions; with `names`, the keys are field names, one of which may be 'description'."""
    if isinstance(schema, list):
        return [_bare(each) for each in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    parts = cast("dict[str, Any]", schema)
    return {
        key: _bare(each, key == "properties" and not names)
        for key, each in parts.items()
        if names or key != "description"
    }


if __name__ == "__main__":
    read = yaml.safe_load(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.stdout.write(yaml.safe_dump(schema_of(read)))
