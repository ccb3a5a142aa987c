"""The alerts on pods, rollouts and scraping: on series of Prometheus and of the cluster's exporters."""

from collections.abc import Iterator

from pulumi_ixn.monitoring.alerts.model import Alert, Query, Threshold
from pulumi_ixn.naming import NODE, SERVER, VQ_NODE, WorkloadId
from pulumi_ixn.spec import CONNECTIONS, Party

_UP = 'up{@ixn,container="@container"}'


def _scraped(expr: str) -> Iterator[Query]:
    """Yield a query for each workload, with the row on which Prometheus scrapes it."""
    for workload in (SERVER, NODE, VQ_NODE):
        rows = (
            row.number
            for row in CONNECTIONS
            if row.source is Party.PROMETHEUS and row.destination is workload.party
        )
        yield Query(expr, workload, tuple(rows))


def _scraped_without(workload: WorkloadId, row: int, series: str, needs: tuple[int, ...] = ()) -> Query:
    return Query(f"count({_UP} == 1) unless on () {series}{{@ixn}}", workload, (row,), needs)


def _missing(kind: str, total: str, *parts: str) -> str:
    """Return the expression of replicas that are missing among `parts`, the largest number."""
    select = f'{{namespace="@namespace",{kind}="@workload"}}'
    differences = (f"{total}{select} - {part}{select}" for part in parts)
    return " or ".join(f"max by ({kind}) ({each}) > 0" for each in differences)


_DEPLOYMENT = _missing(
    "deployment",
    "kube_deployment_spec_replicas",
    "kube_deployment_status_replicas_available",
    "kube_deployment_status_replicas_updated",
)
_STATEFUL_SET = _missing(
    "statefulset",
    "kube_statefulset_replicas",
    "kube_statefulset_status_replicas_ready",
    "kube_statefulset_status_replicas_updated",
)
_EXPIRATION = "certmanager_certificate_expiration_timestamp_seconds"

WORKLOAD_ALERTS = (
    Alert(
        "IxnWorkloadDown",
        "critical",
        "6m",  # longer than the longest startup probe: a slow start is no outage
        tuple(_scraped(f"count({_UP}) unless on () ({_UP} == 1)")),
        "@container of tenant @tenant is down",
        "Prometheus has not reached any of @value pods of @workload for @for.",
        cause="workload",
    ),
    Alert(
        "IxnTargetDown",
        "warning",
        "15m",
        tuple(_scraped(f"max by (pod) ({_UP}) == 0")),
        "A pod of @container of tenant @tenant is not scraped",
        "Prometheus has not reached @pod for @for (up is @value).",
    ),
    Alert(
        "IxnTargetAbsent",
        "critical",
        "15m",
        tuple(_scraped(f"absent({_UP})")),
        "@container of tenant @tenant is not monitored",
        "Prometheus has had no target for @workload for @for (absent is @value): there are no pods, or it"
        " ignores the ServiceMonitor. No alert on @container can fire.",
        cause="workload",
    ),
    Alert(
        "IxnSeriesAbsent",
        "warning",
        "15m",
        (
            _scraped_without(SERVER, 12, "ixn_health_info_run_mode"),
            _scraped_without(NODE, 11, "ixnnode_configured_strategies_current"),
            _scraped_without(VQ_NODE, 10, "ixn_vq_node_kafka_producer_state", needs=(7,)),
        ),
        "@container of tenant @tenant does not export the expected metrics",
        "Prometheus scrapes @value pods of @workload, but finds none of the expected series: no alert on"
        " @container can fire.",
    ),
    Alert(
        "IxnContainerRestarted",
        "warning",
        "0s",
        (
            Query(
                "max by (pod, container, reason)"
                ' (kube_pod_container_status_last_terminated_reason{@pods,reason!="Completed"})'
                " * on (pod, container) group_left () max by (pod, container)"
                " (increase(kube_pod_container_status_restarts_total{@pods}[15m]) > @threshold)",
                None,
            ),
        ),
        "A container of tenant @tenant has failed",
        "The container {{ $labels.container }} in @pod has restarted @count times in"
        " 15 minutes, last because of {{ $labels.reason }}.",
        threshold=Threshold(0, "restarts in 15 minutes"),
    ),
    Alert(
        "IxnPodPending",
        "warning",
        "10m",
        (Query('max by (pod) (kube_pod_status_phase{@pods,phase="Pending"}) > 0', None),),
        "A pod of tenant @tenant is pending",
        "@pod has been Pending for @for (phase is @value).",
    ),
    Alert(
        "IxnPodNotStarting",
        "warning",
        "10m",
        (
            Query(
                "max by (pod, container, reason) (max_over_time(kube_pod_container_status_waiting_reason"
                '{@pods,reason!~"ContainerCreating|PodInitializing"}[5m])) > 0',
                None,
            ),
        ),
        "A container of tenant @tenant does not start",
        "The container {{ $labels.container }} in @pod has been waiting for @for: {{ $labels.reason }} (@value).",
    ),
    Alert(
        "IxnMemoryHigh",
        "warning",
        "5m",
        (
            Query(
                '100 * max by (pod, container) (container_memory_working_set_bytes{@pods,container!=""})'
                ' / max by (pod, container) (kube_pod_container_resource_limits{@pods,resource="memory"})'
                " > @threshold",
                None,
            ),
        ),
        "A container of tenant @tenant is near its memory limit",
        "The container {{ $labels.container }} in @pod uses @count % of its memory"
        " limit (threshold: @threshold %).",
        threshold=Threshold(85, "percent", least=1, most=100),
    ),
    Alert(
        "IxnRolloutStuck",
        "warning",
        "15m",
        (Query(_STATEFUL_SET, SERVER), Query(_DEPLOYMENT, NODE), Query(_DEPLOYMENT, VQ_NODE)),
        "The rollout of @workload is stuck",
        "@value pods of @workload have been missing, old or unavailable for @for.",
    ),
    Alert(
        "IxnLogVolumeFilling",
        "warning",
        "15m",
        (
            Query(
                "100 * max by (persistentvolumeclaim) (kubelet_volume_stats_available_bytes"
                '{namespace="@namespace",persistentvolumeclaim=~"@claims"})'
                " / max by (persistentvolumeclaim) (kubelet_volume_stats_capacity_bytes"
                '{namespace="@namespace",persistentvolumeclaim=~"@claims"}) < @threshold',
                SERVER,
            ),
        ),
        "The log volume of IXN Server of tenant @tenant fills up",
        "The claim {{ $labels.persistentvolumeclaim }} has @count % of its space left (threshold: @threshold %).",
        threshold=Threshold(10, "percent left", least=1, most=100),
    ),
    Alert(
        "IxnCertificateExpiring",
        "warning",
        "1h",
        (
            Query(
                # cert-manager's own namespace is in `namespace` unless Prometheus honors the labels of its series.
                f'max by (name) ({_EXPIRATION}{{name=~"@certificates",namespace="@namespace"}}'
                f' or {_EXPIRATION}{{name=~"@certificates",exported_namespace="@namespace"}})'
                " - time() < @threshold * 86400",
                None,
            ),
        ),
        "A certificate in the namespace of tenant @tenant expires",
        "The certificate {{ $labels.name }} expires in @age: cert-manager has not renewed it.",
        threshold=Threshold(14, "days", least=1, most=365),
    ),
)
