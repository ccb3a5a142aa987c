"""Strict validation of manifests against the JSON Schemas of Kubernetes.

kubernetes-validate reads its schemas again for each manifest (a tenth of a second each); this reads them once.
"""

import functools
import ipaddress
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
"""The validated versions of Kubernetes, oldest first."""

SERVICE_MONITOR = ("monitoring.coreos.com/v1", "ServiceMonitor")
PROMETHEUS_RULE = ("monitoring.coreos.com/v1", "PrometheusRule")
CILIUM_POLICY = ("cilium.io/v2", "CiliumNetworkPolicy")
CERTIFICATE = ("cert-manager.io/v1", "Certificate")
SCALED_OBJECT = ("keda.sh/v1alpha1", "ScaledObject")
EXTERNAL_SECRET = ("external-secrets.io/v1", "ExternalSecret")
SECRET_STORE = ("external-secrets.io/v1", "SecretStore")
CLUSTER_SECRET_STORE = ("external-secrets.io/v1", "ClusterSecretStore")
CNPG_DATABASE = ("postgresql.cnpg.io/v1", "Database")
CNPG_ROLE = ("postgresql.cnpg.io/v1", "DatabaseRole")
CNPG_CLUSTER = ("postgresql.cnpg.io/v1", "Cluster")
CNPG_SCHEDULED_BACKUP = ("postgresql.cnpg.io/v1", "ScheduledBackup")
OBJECT_STORE = ("barmancloud.cnpg.io/v1", "ObjectStore")

_DATA = Path(__file__).parents[1] / "data"
_CUSTOM = {
    SERVICE_MONITOR: _DATA / "servicemonitor.schema.yaml",
    PROMETHEUS_RULE: _DATA / "prometheusrule.schema.yaml",
    CILIUM_POLICY: _DATA / "ciliumnetworkpolicy.schema.yaml",
    CERTIFICATE: _DATA / "certificate.schema.yaml",
    SCALED_OBJECT: _DATA / "scaledobject.schema.yaml",
    EXTERNAL_SECRET: _DATA / "externalsecret.schema.yaml",
    SECRET_STORE: _DATA / "secretstore.schema.yaml",
    CLUSTER_SECRET_STORE: _DATA / "secretstore.schema.yaml",
    CNPG_DATABASE: _DATA / "cnpg-database.schema.yaml",
    CNPG_ROLE: _DATA / "cnpg-databaserole.schema.yaml",
    CNPG_CLUSTER: _DATA / "cnpg-cluster.schema.yaml",
    CNPG_SCHEDULED_BACKUP: _DATA / "cnpg-scheduledbackup.schema.yaml",
    OBJECT_STORE: _DATA / "objectstore.schema.yaml",
}
"""Custom resources, with the schemas of their own definitions."""

_METADATA = {
    "$ref": "https://kubernetes.io/api/_definitions.json#/$defs/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
    "required": ["name", "namespace"],
}
"""The metadata of a custom resource, which its own schema does not cover."""

_CLUSTER_SCOPED = (CLUSTER_SECRET_STORE,)

_FORMATS = jsonschema.FormatChecker(formats=())


@_FORMATS.checks("cidr", raises=ValueError)
def _is_cidr(value: object) -> bool:
    # Kubernetes requires the prefix length, which Python makes optional.
    return "/" in str(value) and bool(ipaddress.ip_network(str(value), strict=False))


def validation_errors(manifest: Mapping[str, Any], version: str) -> list[str]:
    """Return the validation errors of a manifest for a version of Kubernetes."""
    validator = _validator(manifest["apiVersion"], manifest["kind"], version)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(manifest)]


@functools.cache
def _validator(api_version: str, kind: str, version: str) -> jsonschema.Draft202012Validator:
    registry = _definitions(version)
    custom = _CUSTOM.get((api_version, kind))
    if custom is not None:
        schema = _strict(yaml.safe_load(custom.read_text(encoding="utf-8")))
        scoped = {"required": ["name"]} if (api_version, kind) in _CLUSTER_SCOPED else {}
        schema["properties"]["metadata"] = {**_METADATA, **scoped}
        schema["required"] = ["apiVersion", "kind", "metadata", "spec"]
    else:
        group = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", api_version)
        schema = _read(f"{kind.lower()}-{group}.json", version)
        registry = Resource.from_contents(schema) @ registry
    return jsonschema.Draft202012Validator(schema, registry=registry, format_checker=_FORMATS)


@functools.cache
def _definitions(version: str) -> "Registry[Any]":
    return Resource.from_contents(_read("_definitions.json", version)) @ Registry()


def _read(name: str, version: str) -> Any:
    return schema_contents(f"kubernetes-json-schema/v{version}-local-strict/{name}", version)


def _strict(schema: Any) -> Any:
    """Reject unknown keys, which the API server would drop."""
    if isinstance(schema, list):
        return [_strict(each) for each in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    known = {key: _strict(each) for key, each in cast("dict[str, Any]", schema).items()}
    said = {"additionalProperties", "x-kubernetes-preserve-unknown-fields"}
    closed = known.get("type") == "object" and "properties" in known and not said & known.keys()
    return {**known, "additionalProperties": False} if closed else known
