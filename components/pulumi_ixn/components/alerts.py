"""The alerts of a tenant."""

from collections.abc import Mapping
from itertools import chain

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn.args import LogStorage, Monitoring
from pulumi_ixn.contract.model import Contract
from pulumi_ixn.inputs import apply
from pulumi_ixn.links import Links
from pulumi_ixn.manifests import monitor
from pulumi_ixn.manifests.prometheus_rule import (
    KIND,
    AlertedTenant,
    has_alerts,
    prometheus_rule_spec,
    rule_labels,
    rule_name,
)
from pulumi_ixn.manifests.volumes import claim_names
from pulumi_ixn.naming import Tenant, WorkloadId


def prometheus_rule(
    name: str,
    alerted: tuple[Tenant, pulumi.Input[str]],
    links: Mapping[WorkloadId, Links],
    monitoring: Monitoring,
    logs: tuple[Contract, LogStorage],
    opts: pulumi.ResourceOptions,
) -> k8s.apiextensions.CustomResource | None:
    """Register the PrometheusRule of a tenant in a namespace; nothing if it has no alerts."""
    if not has_alerts(monitoring, links.values()):
        return None
    tenant, namespace = alerted
    absent = {link.row.number for link in chain.from_iterable(links.values()) if link.absent}
    claims = claim_names(tenant, *logs)
    return k8s.apiextensions.CustomResource(
        name,
        api_version=monitor.API_VERSION,
        kind=KIND,
        metadata={
            "name": rule_name(tenant),
            "namespace": namespace,
            "labels": {**monitoring.labels, **rule_labels(tenant)},
        },
        spec=apply(
            namespace,
            lambda known: prometheus_rule_spec(AlertedTenant(tenant, known, absent, claims), monitoring.alerts),
        ),
        opts=opts,
    )
