"""Custom resources that the settings request, and that the cluster must know."""

from collections.abc import Iterator

from pulumi_ixn.config.stack import Settings
from pulumi_ixn.live.cluster import Cluster
from pulumi_ixn.live.peer_secrets import peer_secrets
from pulumi_ixn.live.problem import Problem
from pulumi_ixn.live.subject import Subject
from pulumi_ixn.manifests import (
    autoscaling,
    certificate,
    cloud_native_pg,
    external_secret,
    monitor,
    postgres_cluster,
    prometheus_rule,
)
from pulumi_ixn.policies import cilium_policy

_SETTINGS = {
    monitor.KIND: (
        "ixn:monitoring.enabled",
        "install the CRDs of the Prometheus operator, or set it to false",
    ),
    prometheus_rule.KIND: (
        "ixn:monitoring.alerts.enabled",
        "install the CRDs of the Prometheus operator, or set it to false",
    ),
    autoscaling.KEDA_KIND: ("autoscaling.keda", "install KEDA, or choose autoscaling.hpa"),
    cloud_native_pg.ROLE: ("cloudNativePG", "install CloudNativePG 1.30 or later, or choose `provisioned`"),
    postgres_cluster.CLUSTER: ("ixn:postgresCluster", "install CloudNativePG 1.30 or later"),
    postgres_cluster.STORE: (
        "ixn:postgresCluster",
        "install the Barman Cloud plugin of CloudNativePG, or remove `backup` and `recovery`",
    ),
    certificate.KIND: ("certificates.client.certManager", "install cert-manager, or set an existing Secret"),
    cilium_policy.KIND: ("ixn:isolation", "install Cilium, or choose 'kubernetes'"),
}
"""The setting that requests each kind, and what to do if the cluster does not have it."""


def missing_definitions(cluster: Cluster, subject: Subject) -> Iterator[Problem]:
    """Yield a problem for each kind that the API server does not serve: for kinds of one API, the first."""
    reported: set[str] = set()
    requested = {**_SETTINGS, **_external(subject.settings)}
    for kind in dict.fromkeys(each.kind for each in subject.objects):
        if kind.name not in requested or kind.api in reported:
            continue
        served = cluster.get(kind.api) or {"resources": []}
        if kind.resource not in {each["name"] for each in served["resources"]}:
            reported.add(kind.api)
            setting, action = requested[kind.name]
            yield Problem(setting, f"the cluster has no {kind.name} ({kind.api_version}): {action}")


def _external(settings: Settings) -> dict[str, tuple[str, str]]:
    """Return the setting of the first peer that requests an ExternalSecret, and what to do."""
    path = next((each.path for each in peer_secrets(settings) if each.source == "external"), None)
    action = "install External Secrets 0.16 or later, or choose another source"
    return {external_secret.KIND: (f"{path}.secret.external", action)} if path else {}
