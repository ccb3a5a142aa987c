"""The spec of a ServiceMonitor, a custom resource of the Prometheus operator."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi

from pulumi_ixn.args import Monitoring
from pulumi_ixn.manifests.ports import METRICS
from pulumi_ixn.naming import Identity


class Selector(TypedDict):
    """Which Services are meant."""

    matchLabels: Mapping[str, pulumi.Input[str]]


class MonitorEndpoint(TypedDict):
    """Which port is polled; `interval` is a Prometheus duration."""

    port: str
    path: str
    interval: str


class ServiceMonitorSpec(TypedDict):
    """The part of the custom resource that we set."""

    jobLabel: str
    selector: Selector
    endpoints: Sequence[MonitorEndpoint]


def service_monitor_spec(identity: Identity, monitoring: Monitoring) -> ServiceMonitorSpec:
    """Return the spec: the Service's metrics port; the headless Service has none, so nothing is polled twice."""
    return {
        "jobLabel": "app.kubernetes.io/name",
        "selector": {"matchLabels": identity.selector},
        "endpoints": [{"port": METRICS, "path": monitoring.path, "interval": monitoring.interval}],
    }
