"""Monitoring: what the containers export, and what is made of it."""

from pulumi_ixn.monitoring.catalog import (
    SCRAPE_LABELS,
    Metric,
    OtherSeries,
    labels_by_series,
    metrics,
    other_series,
)

__all__ = [
    "SCRAPE_LABELS",
    "Metric",
    "OtherSeries",
    "labels_by_series",
    "metrics",
    "other_series",
]
