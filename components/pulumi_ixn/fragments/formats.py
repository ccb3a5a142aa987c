"""Formats and choices of fields that the types of pulumi_kubernetes do not state.

Those of security contexts and of volumes are what the restricted Pod Security Standard allows.
"""

import ipaddress
from collections.abc import Mapping

from pulumi_ixn import images, values
from pulumi_ixn.parsing import Parser, boolean, from_to, integer, matching, one_of, string
from pulumi_ixn.validation import Each, Entries, FieldRule

_MAX_INT = 2**31 - 1
_LABELS = Entries(values.label_key, values.label_value)
_LABEL_KEYS = Each(values.label_key)
_AMOUNTS = Entries(values.label_key, values.amount)

_natural = from_to(0, _MAX_INT)
_positive = from_to(1, _MAX_INT)
_weight = from_to(1, 100)
_address: Parser[str] = Parser("an IP address", lambda value: str(ipaddress.ip_address(string(value))))
_absolute = matching("an absolute path without ':'", r"/[^:]*", 4096)
_socket_name = matching("a port name: lower-case letters, digits and '-', at most 15", values.DNS_LABEL, 15)
_requirement = one_of("In", "NotIn", "Exists", "DoesNotExist")
_local_profile = one_of("RuntimeDefault", "Localhost")
_port_or_name: Parser[int | str] = Parser(
    "a port number or the name of a port",
    lambda value: _socket_name(value) if isinstance(value, str) else values.port(value),
)


def _only(expected: bool) -> Parser[bool]:  # noqa: FBT001
    def parse(value: object) -> bool:
        if boolean(value) is not expected:
            raise ValueError(value)
        return expected

    return Parser(f"{str(expected).lower()}, as the restricted Pod Security Standard demands", parse)


def _not_root(value: object) -> int:
    return integer(value, 1, 2**31 - 1)


_user = Parser("the id of a user other than root", _not_root)

FORMATS: Mapping[tuple[str, str], FieldRule] = {
    # Scheduling
    ("PodSpec", "node_selector"): _LABELS,
    ("PodSpec", "priority_class_name"): values.object_name,
    ("PodSpec", "runtime_class_name"): values.object_name,
    ("PodSpec", "preemption_policy"): one_of("Never", "PreemptLowerPriority"),
    ("Toleration", "key"): values.label_key,
    ("Toleration", "operator"): one_of("Exists", "Equal"),
    ("Toleration", "effect"): one_of("NoSchedule", "PreferNoSchedule", "NoExecute"),
    ("Toleration", "value"): values.label_value,
    ("TopologySpreadConstraint", "topology_key"): values.label_key,
    ("TopologySpreadConstraint", "max_skew"): _positive,
    ("TopologySpreadConstraint", "min_domains"): _positive,
    ("TopologySpreadConstraint", "when_unsatisfiable"): one_of("DoNotSchedule", "ScheduleAnyway"),
    ("TopologySpreadConstraint", "match_label_keys"): _LABEL_KEYS,
    ("TopologySpreadConstraint", "node_affinity_policy"): one_of("Honor", "Ignore"),
    ("TopologySpreadConstraint", "node_taints_policy"): one_of("Honor", "Ignore"),
    ("PodAffinityTerm", "topology_key"): values.label_key,
    ("PodAffinityTerm", "match_label_keys"): _LABEL_KEYS,
    ("PodAffinityTerm", "mismatch_label_keys"): _LABEL_KEYS,
    ("WeightedPodAffinityTerm", "weight"): _weight,
    ("PreferredSchedulingTerm", "weight"): _weight,
    ("NodeSelectorRequirement", "key"): values.label_key,
    ("NodeSelectorRequirement", "operator"): one_of("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"),
    ("LabelSelectorRequirement", "key"): values.label_key,
    ("LabelSelectorRequirement", "operator"): _requirement,
    ("LabelSelector", "match_labels"): _LABELS,
    # Start and end
    ("PodSpec", "termination_grace_period_seconds"): from_to(1, _MAX_INT),
    ("SleepAction", "seconds"): _natural,
    ("Container", "termination_message_policy"): one_of("File", "FallbackToLogsOnError"),
    # DNS and hosts
    ("PodSpec", "dns_policy"): one_of("ClusterFirst", "None"),
    ("PodDNSConfig", "nameservers"): Each(_address),
    ("HostAlias", "ip"): _address,
    ("HostAlias", "hostnames"): Each(values.dns_name),
    # Containers
    ("Container", "name"): values.dns_label,
    ("Container", "image"): images.image,
    ("Container", "image_pull_policy"): values.pull_policy,
    ("Container", "restart_policy"): one_of("Always"),
    ("EnvVar", "name"): values.env_name,
    ("ConfigMapKeySelector", "name"): values.object_name,
    ("ConfigMapKeySelector", "key"): values.secret_key,
    ("SecretKeySelector", "name"): values.object_name,
    ("SecretKeySelector", "key"): values.secret_key,
    ("ConfigMapEnvSource", "name"): values.object_name,
    ("SecretEnvSource", "name"): values.object_name,
    ("ResourceRequirements", "requests"): _AMOUNTS,
    ("ResourceRequirements", "limits"): _AMOUNTS,
    ("ContainerPort", "name"): _socket_name,
    ("ContainerPort", "container_port"): values.port,
    ("ContainerPort", "protocol"): one_of("TCP", "UDP", "SCTP"),
    ("HTTPGetAction", "port"): _port_or_name,
    ("HTTPGetAction", "scheme"): one_of("HTTP", "HTTPS"),
    ("TCPSocketAction", "port"): _port_or_name,
    ("GRPCAction", "port"): values.port,
    ("Probe", "period_seconds"): _positive,
    ("Probe", "timeout_seconds"): _positive,
    ("Probe", "failure_threshold"): _positive,
    ("Probe", "success_threshold"): _positive,
    ("Probe", "initial_delay_seconds"): _natural,
    ("VolumeMount", "name"): values.dns_label,
    ("VolumeMount", "mount_path"): _absolute,
    ("VolumeMount", "mount_propagation"): one_of("None", "HostToContainer"),
    ("VolumeMount", "recursive_read_only"): one_of("Disabled", "IfPossible", "Enabled"),
    # Volumes
    ("Volume", "name"): values.dns_label,
    ("ConfigMapVolumeSource", "name"): values.object_name,
    ("SecretVolumeSource", "secret_name"): values.object_name,
    ("PersistentVolumeClaimVolumeSource", "claim_name"): values.object_name,
    ("EmptyDirVolumeSource", "size_limit"): values.byte_count,
    ("ImageVolumeSource", "reference"): images.image,
    ("ImageVolumeSource", "pull_policy"): values.pull_policy,
    ("LocalObjectReference", "name"): values.object_name,
    # The restricted Pod Security Standard
    ("SecurityContext", "privileged"): _only(expected=False),
    ("SecurityContext", "allow_privilege_escalation"): _only(expected=False),
    ("SecurityContext", "run_as_non_root"): _only(expected=True),
    ("SecurityContext", "run_as_user"): _user,
    ("SecurityContext", "proc_mount"): one_of("Default"),
    ("Capabilities", "add"): Each(one_of("NET_BIND_SERVICE")),
    ("SeccompProfile", "type"): _local_profile,
    ("AppArmorProfile", "type"): _local_profile,
    ("SELinuxOptions", "type"): one_of("container_t", "container_init_t", "container_kvm_t", "container_engine_t"),
    ("Sysctl", "name"): one_of(
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ping_group_range",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_rmem",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.tcp_wmem",
    ),
    ("PodSecurityContext", "fs_group_change_policy"): one_of("Always", "OnRootMismatch"),
    ("PodSecurityContext", "supplemental_groups_policy"): one_of("Merge", "Strict"),
    # Updates
    ("DeploymentSpec", "min_ready_seconds"): _natural,
    ("DeploymentSpec", "progress_deadline_seconds"): _positive,
    ("DeploymentSpec", "revision_history_limit"): _natural,
    ("DeploymentStrategy", "type"): one_of("RollingUpdate", "Recreate"),
    ("StatefulSetSpec", "min_ready_seconds"): _natural,
}
"""By type and field, the rule in place of that of the field's type."""

PLAIN = frozenset(
    {
        # What is merged with this package's own by name, or completed.
        ("PodSpec", "init_containers"),
        ("PodSpec", "volumes"),
        ("PodSpec", "image_pull_secrets"),
        ("PodSpec", "topology_spread_constraints"),
        ("PodSpec", "security_context"),
        ("Container", "name"),
        ("Container", "env"),
        ("Container", "volume_mounts"),
        ("Container", "ports"),
        ("Container", "lifecycle"),
        ("Container", "security_context"),
        ("SecurityContext", "capabilities"),
        ("EnvVar", "name"),
        ("Volume", "name"),
        ("VolumeMount", "name"),
        ("LocalObjectReference", "name"),
    }
)
"""Fields that must not be Outputs, nor their items."""
