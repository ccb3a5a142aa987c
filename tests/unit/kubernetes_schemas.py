"""The JSON Schemas of Kubernetes, strict: of a manifest, what is wrong with it.

kubernetes-validate reads its schemas anew for each manifest (a tenth of a second each); here once.
"""

import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import jsonschema
import yaml
from kubernetes_validate.utils import all_versions, schema_contents
from referencing import Registry, Resource

_SUPPORTED = ("1.33.", "1.34.", "1.35.", "1.36.", "1.37.")
VERSIONS: tuple[str, ...] = tuple(dict.fromkeys(each for each in all_versions() if each.startswith(_SUPPORTED)))
"""The versions of Kubernetes that are looked at, oldest first."""

SERVICE_MONITOR = ("monitoring.coreos.com/v1", "ServiceMonitor")
CILIUM_POLICY = ("cilium.io/v2", "CiliumNetworkPolicy")
"""A custom resource of which no schema is at hand: only what all objects have in common is looked at."""

_COMMON = {
    "type": "object",
    "required": ["apiVersion", "kind", "metadata", "spec"],
    "additionalProperties": False,
    "properties": {
        "apiVersion": {"type": "string"},
        "kind": {"type": "string"},
        "metadata": {"type": "object", "required": ["name", "namespace"]},
        "spec": {"type": "object"},
    },
}


def complaints(manifest: Mapping[str, Any], version: str) -> list[str]:
    """Return what the schemas of a version of Kubernetes say of a manifest."""
    validator = _validator(manifest["apiVersion"], manifest["kind"], version)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(manifest)]


@functools.cache
def _validator(api_version: str, kind: str, version: str) -> jsonschema.Draft202012Validator:
    if (api_version, kind) == SERVICE_MONITOR:
        return jsonschema.Draft202012Validator(_service_monitor())
    if (api_version, kind) == CILIUM_POLICY:
        return jsonschema.Draft202012Validator(_COMMON)
    group = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", api_version)
    schema = _read(f"{kind.lower()}-{group}.json", version)
    registry: Registry[Any] = Resource.from_contents(schema) @ _definitions(version)
    return jsonschema.Draft202012Validator(schema, registry=registry)


@functools.cache
def _definitions(version: str) -> "Registry[Any]":
    return Resource.from_contents(_read("_definitions.json", version)) @ Registry()


def _read(name: str, version: str) -> Any:
    return schema_contents(f"kubernetes-json-schema/v{version}-local-strict/{name}", version)


def _service_monitor() -> dict[str, Any]:
    text = (Path(__file__).parents[1] / "data" / "servicemonitor.schema.yaml").read_text(encoding="utf-8")
    return _strict(yaml.safe_load(text))


def _strict(schema: Any) -> Any:
    """Refuse unknown keys, which the API server would drop."""
    if isinstance(schema, list):
        return [_strict(each) for each in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    known = {key: _strict(each) for key, each in cast("dict[str, Any]", schema).items()}
    closed = known.get("type") == "object" and "properties" in known and "additionalProperties" not in known
    return {**known, "additionalProperties": False} if closed else known
