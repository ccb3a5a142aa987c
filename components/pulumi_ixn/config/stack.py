"""The settings of a stack: those that all tenants share, and those of each tenant."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import Field

from pulumi_ixn.args import DASHBOARD_FOLDER, DASHBOARD_LABELS, DashboardsArgs
from pulumi_ixn.config.alerts import AlertSettings
from pulumi_ixn.config.connectivity_check import ConnectivityCheckSettings
from pulumi_ixn.config.fields import (
    AnnotationKey,
    DnsLabel,
    Duration,
    HttpPath,
    IsolationMode,
    Line,
    Model,
    ObjectName,
    OnlyTrue,
    Port,
    PullPolicy,
    Registry,
    RolloutTimeout,
    Sid,
    StrictBool,
    TenantKey,
    Uuid,
    empty,
)
from pulumi_ixn.config.passwords import SecretText
from pulumi_ixn.config.peer_models import Location, OneOf
from pulumi_ixn.config.peers import AllPeers, SharedPeers, TenantPeers
from pulumi_ixn.config.postgres_cluster import PostgresClusterSettings
from pulumi_ixn.config.service_secrets import KafkaSecrets, RedisSecrets
from pulumi_ixn.config.workloads import AddedLabels, AnyWorkloadSettings, ServiceSettings, VqNodeSettings
from pulumi_ixn.naming import NODE, SERVER, VQ_NODE, WorkloadId


class Target(OneOf):
    """The target of the stack: exactly one of the keys."""

    render: OnlyTrue | None = Field(default=None, description="true: render manifests to build/rendered/<stack>")
    context: Line | None = Field(default=None, description="the kubeconfig context to deploy to")


class Namespace(Model):
    """The namespace of the stack's tenants."""

    name: DnsLabel = Field(default="ixn", description="the namespace's name")
    create: StrictBool = Field(
        default=True, description="whether the stack creates the namespace; false if it exists"
    )


class ImageDefaults(Model):
    """The settings for all images."""

    registry: Registry = Field(description="the registry of the images")
    pull_policy: PullPolicy = Field(default="IfNotPresent", description="the imagePullPolicy of all containers")
    pull_secrets: list[ObjectName] = Field(default_factory=list, description="the names of the imagePullSecrets")


class RolloutSettings(Model):
    """How `up` waits for the pods."""

    timeout: RolloutTimeout = Field(
        default=600,
        description="how long the pods of a workload may take to become available before `up` fails and says why",
    )


class DashboardSettings(Model):
    """The Grafana dashboards, each a ConfigMap in the stack's namespace."""

    enabled: StrictBool = Field(
        default=False,
        description="true creates the dashboards; one stack for each Grafana, as their uids are fixed",
    )
    labels: AddedLabels = Field(
        default=dict(DASHBOARD_LABELS),
        min_length=1,
        description="labels by which Grafana's sidecar selects ConfigMaps; they replace the default",
    )
    folder: Line | None = Field(default=DASHBOARD_FOLDER, description="Grafana's folder of the dashboards")
    folder_annotation: AnnotationKey = Field(
        default=DashboardsArgs.folder_annotation,
        description="the annotation from which the sidecar reads the folder (its `folderAnnotation`)",
    )


class MonitoringSettings(Model):
    """How Prometheus discovers the metrics (connections 10 to 12), and what Grafana shows of them."""

    enabled: StrictBool = Field(
        default=True,
        description="false omits all ServiceMonitors and PrometheusRules, for clusters without the CRDs",
    )
    interval: Duration = Field(default="30s", description="the scrape interval, a Prometheus duration")
    path: HttpPath = Field(default="/metrics", description="the path of the metrics and of the HTTP probes")
    labels: AddedLabels = Field(
        default_factory=dict,
        description="labels by which Prometheus selects the ServiceMonitors and PrometheusRules",
    )
    alerts: AlertSettings = Field(default_factory=empty(AlertSettings), description="the alerts of each tenant")
    dashboards: DashboardSettings = Field(
        default_factory=empty(DashboardSettings), description="the Grafana dashboards"
    )


class DnsSettings(Model):
    """The cluster's DNS, to which all pods may connect."""

    locations: list[Location] = Field(min_length=1, description="the locations of its pods")
    ports: list[Port] = Field(min_length=1, description="the ports of its pods, UDP and TCP")


class Password(Model):
    """A password."""

    password: SecretText = Field(description="the password, a secret value")


class TenantSecrets(Model):
    """The passwords of one tenant's databases."""

    ixn_db: Password | None = Field(default=None, alias="ixnDB", description="for ixn:peers.ixnDB.secret.managed")
    ixn_node_db: Password | None = Field(
        default=None, alias="ixnNodeDB", description="for ixn:peers.ixnNodeDB.secret.managed"
    )


class Secrets(Model):
    """All secret values; no other key may contain one."""

    kafka: KafkaSecrets | None = Field(default=None, description="for ixn:peers.kafka.secret.managed")
    ors_redis_stream: RedisSecrets | None = Field(
        default=None, description="for ixn:peers.orsRedisStream.secret.managed"
    )
    tenants: dict[TenantKey, TenantSecrets] = Field(
        default_factory=dict, description="by tenant key, as in ixn:tenants"
    )


class Common(Model):
    """The settings that apply to the whole stack."""

    target: Target = Field(description="the target of the stack")
    namespace: Namespace = Field(default_factory=empty(Namespace), description="the namespace of the tenants")
    image: ImageDefaults = Field(description="the settings for all images")
    protect: StrictBool = Field(
        default=True,
        description="whether Pulumi refuses to delete or replace IXN Server's StatefulSet, and the Secrets, "
        "passwords and the PostgreSQL Cluster that this package creates; no effect on rendered manifests",
    )
    openshift: StrictBool = Field(default=False, description="true lets OpenShift assign user and group ids")
    rollout: RolloutSettings = Field(
        default_factory=empty(RolloutSettings), description="how `up` waits for the pods on a cluster"
    )
    monitoring: MonitoringSettings = Field(
        default_factory=empty(MonitoringSettings), description="how Prometheus discovers the metrics"
    )
    isolation: IsolationMode = Field(
        default="kubernetes",
        description="how traffic is restricted: 'kubernetes' (NetworkPolicy), 'cilium' (CiliumNetworkPolicy, "
        "which supports DNS names), or 'none'",
    )
    dns: DnsSettings | None = Field(
        default=None, description="the cluster's DNS; if omitted, the default of Kubernetes or OpenShift"
    )
    reloader: StrictBool = Field(
        default=False,
        description="true lets Stakater's Reloader restart the pods when a Secret that they read changes",
    )
    connectivity_check: ConnectivityCheckSettings | None = Field(
        default=None,
        description="Jobs that try the outgoing connections of each workload under its policy; omitted: no Jobs",
    )
    preflight: StrictBool = Field(
        default=True, description="whether the cluster is checked before a change; ignored for rendered manifests"
    )
    force_conflicts: StrictBool = Field(
        default=False,
        description="true overwrites the fields of this stack's objects that other clients changed; false stops "
        "at them",
    )
    postgres_cluster: PostgresClusterSettings | None = Field(
        default=None,
        description="a Cluster of CloudNativePG for the tenants' databases; if omitted, the stack creates none",
    )
    secrets: Secrets = Field(default_factory=empty(Secrets), description="all secret values")


class Environment(Common):
    """The settings that the tenants of a stack share."""

    peers: SharedPeers = Field(description="the peers that tenants share")


class MovedFrom(Model):
    """The old values of a deployed tenant whose id, sid or namespace changes, which confirm the change."""

    id: Uuid | None = Field(default=None, description="the id that the deployed tenant has")
    sid: Sid | None = Field(default=None, description="the sid that the deployed tenant has")
    namespace: DnsLabel | None = Field(default=None, description="the namespace in which the tenant is deployed")


WORKLOAD_PATHS: Mapping[WorkloadId, tuple[str, ...]] = {
    SERVER: ("ixnService", "ixnServer"),
    NODE: ("ixnService", "ixnNode"),
    VQ_NODE: ("ixnVQNode",),
}
"""The keys of each workload's settings, below those of the stack or of a tenant."""


class TenantSettings(Model):
    """One tenant, with the shared values that it does not override."""

    id: Uuid = Field(description="the tenant's id, a UUID, used in the names of the Services that peers look up")
    sid: Sid = Field(description="the tenant's short id, used in all other names")
    aliases: list[TenantKey] = Field(
        default_factory=list, description="earlier keys of this tenant in ixn:tenants"
    )
    moved_from: MovedFrom = Field(
        default_factory=empty(MovedFrom),
        description="the old values of the deployed tenant, to confirm a change of its id, sid or namespace",
    )
    protect: StrictBool | None = Field(default=None, description="overrides ixn:protect for this tenant")
    ixn_service: ServiceSettings = Field(description="IXN Server and IXN Node")
    ixn_vq_node: VqNodeSettings = Field(alias="ixnVQNode", description="IXN VQ Node")
    peers: TenantPeers = Field(description="the tenant's peers")

    @property
    def workloads(self) -> Mapping[WorkloadId, AnyWorkloadSettings]:
        """The settings of the workloads."""
        return {SERVER: self.ixn_service.ixn_server, NODE: self.ixn_service.ixn_node, VQ_NODE: self.ixn_vq_node}


class StackFile(Common):
    """The whole stack config, as written in the file.

    Defines the known keys for messages, the reference page and the JSON Schema. Environment and TenantSettings (of
    the merged values) determine which keys are required.
    """

    ixn_service: ServiceSettings = Field(description="IXN Server and IXN Node")
    ixn_vq_node: VqNodeSettings = Field(alias="ixnVQNode", description="IXN VQ Node")
    peers: AllPeers = Field(description="the peers, which this package does not deploy")
    tenants: dict[TenantKey, TenantSettings] = Field(
        min_length=1, description="the tenants, each by its Pulumi resource name"
    )


@dataclass(frozen=True)
class Settings:
    """A stack's settings: the shared ones, and those of each tenant by its key."""

    environment: Environment
    tenants: Mapping[str, TenantSettings]
