"""The spec of a ServiceMonitor, a custom resource of the Prometheus operator."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi

from pulumi_ixn.args import Monitoring
from pulumi_ixn.links import Links
from pulumi_ixn.manifests.ports import METRICS
from pulumi_ixn.naming import Identity
from pulumi_ixn.spec import Party

API_VERSION, KIND = "monitoring.coreos.com/v1", "ServiceMonitor"

SERVICE = "ixn"
"""The value of the labels `service` and `servicename` in the vendor's queries."""


class Selector(TypedDict):
    """Selects the Services."""

    matchLabels: Mapping[str, pulumi.Input[str]]


class Relabeling(TypedDict):
    """Sets a label of the target, and so of every series that is scraped from it."""

    targetLabel: str
    replacement: str


class MonitorEndpoint(TypedDict):
    """The port to scrape; `interval` is a Prometheus duration."""

    port: str
    path: str
    interval: str
    relabelings: Sequence[Relabeling]


class ServiceMonitorSpec(TypedDict):
    """The fields of the custom resource that this package sets."""

    jobLabel: str
    selector: Selector
    endpoints: Sequence[MonitorEndpoint]


def is_scraped(links: Links) -> bool:
    """Return whether Prometheus is one of the peers."""
    return any(link.row.source is Party.PROMETHEUS and not link.absent for link in links)


def service_monitor_spec(identity: Identity, monitoring: Monitoring) -> ServiceMonitorSpec:
    """Return the spec. It scrapes each pod once: the headless Service, also selected, has no metrics port.

    The Prometheus operator sets `container`, `namespace` and `pod`. A label of the same name that the container
    exports is renamed to `exported_<name>`, since `honorLabels` is false by default.
    """
    endpoint: MonitorEndpoint = {
        "port": METRICS,
        "path": monitoring.path,
        "interval": monitoring.interval,
        "relabelings": [
            {"targetLabel": name, "replacement": value} for name, value in target_labels(identity).items()
        ],
    }
    return {
        "jobLabel": "app.kubernetes.io/name",
        "selector": {"matchLabels": identity.selector},
        "endpoints": [endpoint],
    }


def target_labels(identity: Identity) -> Mapping[str, str]:
    """Return the labels by which the vendor's queries select series, beside `container` and `namespace`.

    `service` replaces the name of the Service, which the Prometheus operator sets.
    """
    return {"tenant": identity.tenant.sid, "service": SERVICE, "servicename": SERVICE}
