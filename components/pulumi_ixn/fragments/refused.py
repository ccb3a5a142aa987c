"""Fields that fragments may not set, with the reason and what to do instead."""

from collections.abc import Mapping

_OURS = "is set by this package; remove it"
_HOST = "would let the pod into its node, which the restricted Pod Security Standard forbids"
_IDS = "follows from the setting for user and group ids (`security` in a program, ixn:openshift); remove it"
_PROBES = "is part of the container contract, which a program can replace; remove it"
_NEVER_DONE = "would keep the update from being rolled out; remove it"
_VOLUME = "is a kind of volume that the restricted Pod Security Standard forbids"
_REPLACES = (
    "cannot be changed: Kubernetes would replace the StatefulSet, and the pod would stop first; "
    "docs/scheduling.md has the recipe"
)
_TEMPLATE = "is a field that Kubernetes does not allow in the template of a controller; remove it"
_HANDLER_HOST = "is forbidden by the Pod Security Standards; without it, the host is the pod"

_FORBIDDEN_VOLUMES = (
    "aws_elastic_block_store", "azure_disk", "azure_file", "cephfs", "cinder", "fc", "flex_volume", "flocker",
    "gce_persistent_disk", "git_repo", "glusterfs", "host_path", "iscsi", "nfs", "photon_persistent_disk",
    "portworx_volume", "quobyte", "rbd", "scale_io", "storageos", "vsphere_volume",
)  # fmt: skip

REFUSED: Mapping[tuple[str, str], str] = {
    ("ObjectMeta", "managed_fields"): "is set by Kubernetes; remove it",
    **{("Volume", name): _VOLUME for name in _FORBIDDEN_VOLUMES},
    ("SecurityContext", "windows_options"): "is for Windows; remove it",
    ("PodSecurityContext", "windows_options"): "is for Windows; remove it",
    ("SELinuxOptions", "user"): "is forbidden by the Pod Security Standards; remove it",
    ("SELinuxOptions", "role"): "is forbidden by the Pod Security Standards; remove it",
    ("ContainerPort", "host_port"): _HOST,
    ("ContainerPort", "host_ip"): _HOST,
    ("HTTPGetAction", "host"): _HANDLER_HOST,
    ("TCPSocketAction", "host"): _HANDLER_HOST,
    ("PodSecurityContext", "run_as_non_root"): _OURS,
    ("PodSecurityContext", "run_as_user"): _IDS,
    ("PodSecurityContext", "run_as_group"): _IDS,
    ("PodSecurityContext", "fs_group"): _IDS,
    ("PodSecurityContext", "seccomp_profile"): _OURS,
}
"""By type and field."""

POD: Mapping[str, str] = {
    "active_deadline_seconds": _TEMPLATE,
    "automount_service_account_token": "is false; mount the token as a projected volume instead",
    "containers": "are set by `container` and `sidecars`",
    "enable_service_links": _OURS,
    "ephemeral_containers": _TEMPLATE,
    "host_ipc": _HOST,
    "host_network": _HOST,
    "host_pid": _HOST,
    "hostname": _OURS,
    "hostname_override": _OURS,
    "node_name": "would bypass the scheduler; use the node selector or an affinity",
    "os": "is for pods that may run on Windows; remove it",
    "overhead": "is set by Kubernetes, from the runtime class; remove it",
    "priority": "is set by Kubernetes, from the priority class; remove it",
    "resources": "are those of the containers; set `resources` beside `pod`",
    "restart_policy": _OURS,
    "scheduling_gates": _NEVER_DONE,
    "service_account": _OURS,
    "service_account_name": _OURS,
    "subdomain": _OURS,
}
"""Of the pod."""

CONTAINER: Mapping[str, str] = {
    "args": _PROBES,
    "command": _PROBES,
    "image": "is set by `image` beside `container`",
    "image_pull_policy": "is set by the pull policy of all images",
    "liveness_probe": _PROBES,
    "name": _OURS,
    "ports": "are those of the connection table, at their own settings",
    "readiness_probe": _PROBES,
    "restart_policy": _OURS,
    "restart_policy_rules": _OURS,
    "startup_probe": _PROBES,
}
"""Of the workload's own container."""

SIDECAR: Mapping[str, str] = {
    "restart_policy": "is Always for a sidecar; a container that ends belongs in the pod's init containers",
    "restart_policy_rules": "are for containers that end; remove it",
}
"""Of a sidecar."""

DEPLOYMENT: Mapping[str, str] = {
    "paused": _NEVER_DONE,
    "replicas": "is set by `replicas`",
    "selector": _OURS,
    "template": "is set by `pod`, `container` and `sidecars`",
}
"""Of a Deployment's update settings."""

STATEFUL_SET: Mapping[str, str] = {
    "ordinals": "would rename the pod; remove it",
    "persistent_volume_claim_retention_policy": _OURS,
    "pod_management_policy": _REPLACES,
    "replicas": "is set by `replicas`",
    "revision_history_limit": _REPLACES,
    "selector": _REPLACES,
    "service_name": _REPLACES,
    "template": "is set by `pod`, `container` and `sidecars`",
    "volume_claim_templates": "follow from the log storage; docs/operations.md has the recipe to change it",
}
"""Of a StatefulSet's update settings."""
