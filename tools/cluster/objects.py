"""Objects of a cluster that a stack relies on."""

from pathlib import Path

import yaml

from tools.cluster.client import Object
from tools.cluster.templates import manifest

STORAGE_CLASS = "local"
"""The default storage class, manifests/storage.yaml."""

MONITORING_KINDS = ("ServiceMonitor", "PrometheusRule")
"""The kinds of the Prometheus operator that a stack writes."""


def monitoring_definition(kind: str, schema: Object | None = None) -> Object:
    """Return the definition of a kind of the Prometheus operator; without a schema, one that accepts any spec."""
    definition = yaml.safe_load(manifest("monitoring-definition", kind=kind, plural=f"{kind.lower()}s"))
    if schema:
        definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"] = schema
    return definition


def monitoring_definitions(schemas: Path) -> list[Object]:
    """Return the definitions of all kinds, with the schemas in the directory `schemas`."""
    return [
        monitoring_definition(kind, yaml.safe_load((schemas / f"{kind.lower()}.schema.yaml").read_text("utf-8")))
        for kind in MONITORING_KINDS
    ]
