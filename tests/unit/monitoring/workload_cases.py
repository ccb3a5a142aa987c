"""Cases of the alerts on pods, rollouts and scraping."""

from tests.unit.monitoring.cases import CLAIM, NAMESPACE, NODES, SERVER, VQ_NODE, Case, Fires, of_cluster, own

ONE, TWO = NODES
OF_ANOTHER_TENANT = "ixn-node-100-b-7c9d8b6f5-x2x4z"
OF_A_CHECK = "ixn-server-100-check-b5k7w"
RESTARTS, TERMINATED, WAITING = (
    f"kube_pod_container_status_{each}" for each in ("restarts_total", "last_terminated_reason", "waiting_reason")
)
MEMORY, LIMITS = "container_memory_working_set_bytes", "kube_pod_container_resource_limits"
EXPIRATION = "certmanager_certificate_expiration_timestamp_seconds"
CRASH = "CrashLoopBackOff"
TEN_DAYS, TEXT = "864000x100", "9d 22h 30m 0s"
"""When a certificate expires, and what is left of it at minute 90."""


def restarts(pod: str) -> dict[str, str]:
    at = {"pod": pod, "container": "main", "uid": "u"}
    return {of_cluster(TERMINATED, reason="OOMKilled", **at): "1x40", of_cluster(RESTARTS, **at): "2x10 3x30"}


def deployment(name: str, wanted: str, available: str, updated: str) -> dict[str, str]:
    values = {"spec_replicas": wanted, "status_replicas_available": available, "status_replicas_updated": updated}
    return {of_cluster(f"kube_deployment_{each}", deployment=name): value for each, value in values.items()}


def stateful_set(wanted: str, ready: str, updated: str) -> dict[str, str]:
    values = {"replicas": wanted, "status_replicas_ready": ready, "status_replicas_updated": updated}
    return {
        of_cluster(f"kube_statefulset_{each}", statefulset="ixn-server-100"): value
        for each, value in values.items()
    }


CASES = (
    Case("IxnWorkloadDown", "the one server", {own("up", SERVER): "0x20"}, 9, (Fires("server", {}, 1),)),
    Case(
        "IxnWorkloadDown", "both nodes, and no VQ node",
        {own("up", ONE): "0x20", own("up", TWO): "0x20", own("up", VQ_NODE): "1x20"}, 9, (Fires("node", {}, 2),),
    ),
    Case("IxnWorkloadDown", "one of two nodes", {own("up", ONE): "0x20", own("up", TWO): "1x20"}, 15),
    Case("IxnWorkloadDown", "a start of five minutes", {own("up", SERVER): "1x5 0x5 1x20"}, 11),
    Case(
        "IxnTargetDown", "one of two nodes",
        {own("up", ONE): "0x30", own("up", TWO): "1x30"}, 20, (Fires("node", {"pod": ONE}, 0),),
    ),
    Case(
        "IxnTargetDown", "a pod that is replaced",
        {own("up", ONE): "1x5 0x3", own("up", TWO): "_x5 0x3 1x30"}, 20,
    ),
    Case(
        "IxnTargetAbsent", "no VQ node, and no ServiceMonitor of it",
        {own("up", SERVER): "1x30", own("up", ONE): "1x30"}, 20,
        (Fires("vqnode", {"container": "ixn-vqnode"}, 1),),
    ),
    Case(
        "IxnTargetAbsent", "targets that are down",
        {own("up", SERVER): "0x30", own("up", ONE): "0x30", own("up", VQ_NODE): "0x30"}, 20,
    ),
    Case("IxnSeriesAbsent", "another image", {own("up", SERVER): "1x30"}, 20, (Fires("server", {}, 1),)),
    Case(
        "IxnSeriesAbsent", "another image of the VQ node",
        {own("up", VQ_NODE): "1x30"}, 20, (Fires("vqnode", {}, 1),),
    ),
    Case(
        "IxnSeriesAbsent", "all there, or down",
        {
            own("up", SERVER): "1x30", own("ixn_health_info_run_mode", SERVER): "0x30",
            own("up", ONE): "1x30", own("ixnnode_configured_strategies_current", ONE): "0x30",
            own("up", VQ_NODE): "0x30",
        },
        20,
    ),
    Case(
        "IxnContainerRestarted", "once, by the memory limit", restarts(SERVER), 15,
        (Fires("server", {"pod": SERVER, "container": "main", "reason": "OOMKilled"}, 1),),
    ),
    Case("IxnContainerRestarted", "long ago", restarts(SERVER), 30),
    Case("IxnContainerRestarted", "a pod of another tenant", restarts(OF_ANOTHER_TENANT), 15),
    Case("IxnContainerRestarted", "a pod of the connectivity check", restarts(OF_A_CHECK), 15),
    Case(
        "IxnPodPending", "pending", {of_cluster("kube_pod_status_phase", pod=ONE, phase="Pending"): "1x20"}, 12,
        (Fires("node", {"pod": ONE}, 1),),
    ),
    Case("IxnPodPending", "running", {of_cluster("kube_pod_status_phase", pod=ONE, phase="Pending"): "0x40"}, 30),
    Case(
        "IxnPodPending", "a start",
        {
            of_cluster("kube_pod_status_phase", pod=ONE, phase="Pending"): "1x4 0x20",
            of_cluster("kube_pod_status_phase", pod=ONE, phase="Running"): "0x4 1x20",
        },
        12,
    ),
    Case(
        "IxnPodNotStarting", "CrashLoopBackOff, running in between",
        {of_cluster(WAITING, pod=VQ_NODE, container="main", reason=CRASH): "1 1 _ 1 1 _ 1 _ 1 1 1 _ 1 1 1"},
        14, (Fires("vqnode", {"pod": VQ_NODE, "container": "main", "reason": CRASH}, 1),),
    ),
    Case(
        "IxnPodNotStarting", "a slow volume",
        {of_cluster(WAITING, pod=SERVER, container="main", reason="ContainerCreating"): "1x30"}, 20,
    ),
    Case(
        "IxnPodNotStarting", "a Secret that comes late",
        {of_cluster(WAITING, pod=SERVER, container="main", reason="CreateContainerConfigError"): "1x3 _x30"}, 20,
    ),
    Case(
        "IxnMemoryHigh", "95 %",
        {
            of_cluster(MEMORY, pod=ONE, container="main"): "95x20",
            of_cluster(LIMITS, pod=ONE, container="main", resource="memory"): "100x20",
        },
        8, (Fires("node", {"pod": ONE, "container": "main"}, 95),),
    ),
    Case(
        "IxnMemoryHigh", "the threshold; more than the limit of CPU, and without a limit",
        {
            of_cluster(MEMORY, pod=ONE, container="main"): "85x20",
            of_cluster(LIMITS, pod=ONE, container="main", resource="memory"): "100x20",
            of_cluster(LIMITS, pod=ONE, container="main", resource="cpu"): "1x20",
            of_cluster(MEMORY, pod=ONE, container="sidecar"): "50x20",
        },
        15,
    ),
    Case(
        "IxnRolloutStuck", "the new server is not ready", stateful_set("1x30", "1x5 0x30", "1x30"), 25,
        (Fires("server", {"statefulset": "ixn-server-100"}, 1),),
    ),
    Case(
        "IxnRolloutStuck", "two nodes are old", deployment("ixn-node-100", "3x30", "3x30", "1x30"), 20,
        (Fires("node", {"deployment": "ixn-node-100"}, 2),),
    ),
    Case(
        "IxnRolloutStuck", "a rollout of ten minutes",
        deployment("ixn-vqnode-100", "2x30", "2x30", "2x5 1x10 2x20"), 16,
    ),
    Case("IxnRolloutStuck", "of another tenant", deployment("ixn-node-100-b", "3x30", "1x30", "1x30"), 20),
    Case(
        "IxnLogVolumeFilling", "5 % left",
        {
            of_cluster("kubelet_volume_stats_available_bytes", persistentvolumeclaim=CLAIM): "5x30",
            of_cluster("kubelet_volume_stats_capacity_bytes", persistentvolumeclaim=CLAIM): "100x30",
        },
        20, (Fires("server", {"persistentvolumeclaim": CLAIM}, 5),),
    ),
    Case(
        "IxnLogVolumeFilling", "the threshold; and another claim that is full",
        {
            of_cluster("kubelet_volume_stats_available_bytes", persistentvolumeclaim=CLAIM): "10x30",
            of_cluster("kubelet_volume_stats_capacity_bytes", persistentvolumeclaim=CLAIM): "100x30",
            of_cluster("kubelet_volume_stats_available_bytes", persistentvolumeclaim="data"): "0x30",
            of_cluster("kubelet_volume_stats_capacity_bytes", persistentvolumeclaim="data"): "100x30",
        },
        20,
    ),
    Case(
        "IxnCertificateExpiring", "ten days", {of_cluster(EXPIRATION, name="ixn.tls"): TEN_DAYS}, 90,
        (Fires("", {"name": "ixn.tls"}, 858600, TEXT),),
    ),
    Case(
        "IxnCertificateExpiring", "ten days, with the label that Prometheus renamed",
        {of_cluster(EXPIRATION, name="ixn.tls", namespace="cert-manager", exported_namespace=NAMESPACE): TEN_DAYS},
        90, (Fires("", {"name": "ixn.tls"}, 858600, TEXT),),
    ),
    Case(
        "IxnCertificateExpiring", "a month; ten days of other Certificates",
        {
            of_cluster(EXPIRATION, name="ixn.tls"): "2592000x100",
            of_cluster(EXPIRATION, name="ixn-tls"): TEN_DAYS,
            of_cluster(EXPIRATION, name="ixn.tls", namespace="cert-manager", exported_namespace="other"): TEN_DAYS,
        },
        90,
    ),
)  # fmt: skip
"""Each alert on what is around the containers, firing and silent."""
