"""The alerts, as data: the vendor's eleven, corrected, and those that its metrics allow beyond them."""

from collections.abc import Mapping
from types import MappingProxyType

from pulumi_ixn.monitoring.alerts.model import Alert, Cause, Query, Severity, Threshold
from pulumi_ixn.monitoring.alerts.node import NODE_ALERTS
from pulumi_ixn.monitoring.alerts.server import SERVER_ALERTS
from pulumi_ixn.monitoring.alerts.vq_node import VQ_NODE_ALERTS
from pulumi_ixn.monitoring.alerts.workloads import WORKLOAD_ALERTS

__all__ = ["ALERTS", "ALERT_GROUPS", "Alert", "Cause", "Query", "Severity", "Threshold"]

ALERT_GROUPS: Mapping[str, tuple[Alert, ...]] = MappingProxyType(
    {
        "ixn-server": SERVER_ALERTS,
        "ixn-node": NODE_ALERTS,
        "ixn-vqnode": VQ_NODE_ALERTS,
        "ixn-workloads": WORKLOAD_ALERTS,
    }
)
"""The alerts by the name of their group."""

ALERTS: Mapping[str, Alert] = MappingProxyType(
    {alert.name: alert for group in ALERT_GROUPS.values() for alert in group}
)
"""The alerts by name."""
