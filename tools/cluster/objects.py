"""Objects of a cluster that a stack relies on."""

import yaml

from tools.cluster.client import Object
from tools.cluster.templates import manifest

STORAGE_CLASS = "local"
"""The default storage class, manifests/storage.yaml."""


def service_monitor_definition(schema: Object | None = None) -> Object:
    """Return the definition of ServiceMonitor; without a schema, one that accepts any spec."""
    definition = yaml.safe_load(manifest("service-monitor-definition"))
    if schema:
        definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"] = schema
    return definition
