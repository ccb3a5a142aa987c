"""Arguments of the components, with the vendor's defaults.

Values that determine names or which resources exist must be plain; all others may be Inputs. The validation rules
are in `pulumi_ixn.rules`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_kubernetes.apps.v1 import DeploymentSpecPatchArgsDict, StatefulSetSpecPatchArgsDict
from pulumi_kubernetes.core.v1 import ContainerArgsDict, ContainerPatchArgsDict, PodSpecPatchArgsDict

from pulumi_ixn.contract.model import Contract
from pulumi_ixn.links import Links
from pulumi_ixn.monitoring.alert_args import Alerts
from pulumi_ixn.naming import NODE, SERVER, VQ_NODE, Tenant, WorkloadId
from pulumi_ixn.policies import Isolation, NetworkPolicies
from pulumi_ixn.rollout import RolloutWaiter
from pulumi_ixn.scaling.autoscalers import Autoscaling
from pulumi_ixn.scaling.budget import DisruptionBudget


@dataclass(frozen=True)
class Image:
    """A container image: `registry/repository:tag`, or `registry/repository:tag@digest`.

    The tag is also the version label. With a digest (`sha256:` and 64 hexadecimal digits), nodes pull by it alone.
    """

    repository: str
    tag: str
    registry: str = ""
    digest: str | None = None

    @property
    def reference(self) -> str:
        """The image reference that the kubelet pulls."""
        name = "/".join(part for part in (self.registry.rstrip("/"), self.repository) if part)
        return f"{name}:{self.tag}@{self.digest}" if self.digest else f"{name}:{self.tag}"


@dataclass(frozen=True)
class ResourceRequirements:
    """Requests and limits of one container, as Kubernetes quantities ("100m", "512Mi")."""

    requests: Mapping[str, str]
    limits: Mapping[str, str]


REPOSITORIES: Mapping[WorkloadId, str] = {
    SERVER: "ixn/interaction_server",
    NODE: "ixn/ixn_node",
    VQ_NODE: "ixn/ixn_vq_node",
}
"""The vendor's repositories."""

RESOURCES: Mapping[WorkloadId, ResourceRequirements] = {
    SERVER: ResourceRequirements({"cpu": "100m", "memory": "512Mi"}, {"cpu": "200m", "memory": "2Gi"}),
    NODE: ResourceRequirements({"cpu": "40m", "memory": "128Mi"}, {"cpu": "300m", "memory": "320Mi"}),
    VQ_NODE: ResourceRequirements({"cpu": "30m", "memory": "128Mi"}, {"cpu": "300m", "memory": "160Mi"}),
}
"""The vendor's sample values."""


@dataclass(frozen=True)
class Versions:
    """The image tags of the three workloads."""

    server: str
    node: str
    vq_node: str


@dataclass(frozen=True)
class SecurityContext:
    """The user and group ids of containers. None leaves a value to the platform, as OpenShift requires."""

    run_as_user: int | None = 500
    run_as_group: int | None = 500
    fs_group: int | None = 500


OPENSHIFT = SecurityContext(run_as_user=None, run_as_group=0, fs_group=None)
"""On OpenShift, containers run under arbitrary user ids of their namespace, in group 0."""


@dataclass(frozen=True)
class Monitoring:
    """How Prometheus scrapes the workloads: with a ServiceMonitor for each, if `enabled`.

    `interval` is a Prometheus duration. `path` is that of the metrics and of the HTTP probes. `labels` are added
    to the ServiceMonitors and PrometheusRules, for a Prometheus that selects them by label. `alerts` are those of
    a whole tenant, which `Ixn` creates.
    """

    enabled: bool = True
    interval: str = "30s"
    path: str = "/metrics"
    labels: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    alerts: Alerts = field(default_factory=Alerts)


DASHBOARD_LABELS: Mapping[str, str] = {"grafana_dashboard": "1"}
"""The label by which Grafana's sidecar finds dashboards, as kube-prometheus-stack configures it."""

DASHBOARD_FOLDER = "IXN"


@dataclass(frozen=True)
class DashboardsArgs:
    """Where Grafana finds the dashboards.

    `namespace` is one that Grafana's sidecar watches, and `labels` are what it selects by, at least one.
    `folder` is Grafana's folder for them; None leaves them in its default one. The sidecar reads it from the
    annotation `folder_annotation`, if it is configured to (`sidecar.dashboards.folderAnnotation` of the Grafana
    chart).
    """

    namespace: pulumi.Input[str]
    labels: Mapping[str, pulumi.Input[str]] = field(default_factory=lambda: DASHBOARD_LABELS)
    folder: pulumi.Input[str] | None = DASHBOARD_FOLDER
    folder_annotation: str = "grafana_folder"


@dataclass(frozen=True)
class LogStorage:
    """The log volume of IXN Server: a PersistentVolumeClaim with `size` and `storage_class`, else an emptyDir.

    Kubernetes evicts the pod when an emptyDir exceeds `size_limit`; without one, it may fill the node's disk.
    """

    size: str | None = None
    storage_class: str | None = None
    size_limit: str | None = None

    @property
    def claimed(self) -> bool:
        """Whether the volume is a PersistentVolumeClaim."""
        return self.size is not None and self.storage_class is not None


@dataclass(frozen=True)
class PodArgs:
    """The pods of one workload.

    `image` and `resources` default to the vendor's; a workload component used without `Ixn` needs an image. `env`
    adds variables to the contract's or replaces them; None removes one. `labels` and `annotations` are added to
    the pods (labels never enter a selector). `contract` replaces the workload's own. `replicas` is None if an
    autoscaler sets it: that of `autoscaling`, which IXN Server cannot have, or one of others. Without a
    `disruption_budget`, a workload that may have several pods gets the default one.

    Kubernetes objects are passed on whole, with everything that this package does not set itself: `pod` are fields
    of the PodSpec, `container` those of the workload's Container, `update` those of the spec of the Deployment or
    StatefulSet. `sidecars` are further Containers, which start before the workload's and end after it. Lists are
    appended to this package's own, except `topology_spread_constraints`, which replace the default; one without a
    label selector is about the workload's own pods.
    """

    image: Image | None = None
    resources: ResourceRequirements | None = None
    replicas: int | None = 1
    image_pull_policy: str = "IfNotPresent"
    image_pull_secrets: Sequence[pulumi.Input[str]] = ()
    env: Mapping[str, pulumi.Input[str] | None] = field(default_factory=dict[str, pulumi.Input[str] | None])
    labels: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    annotations: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    security: SecurityContext = SecurityContext()
    contract: Contract | None = None
    pod: PodSpecPatchArgsDict = field(default_factory=PodSpecPatchArgsDict)
    container: ContainerPatchArgsDict = field(default_factory=ContainerPatchArgsDict)
    sidecars: Sequence[ContainerArgsDict] = ()
    update: DeploymentSpecPatchArgsDict | StatefulSetSpecPatchArgsDict = field(
        default_factory=DeploymentSpecPatchArgsDict
    )
    autoscaling: Autoscaling | None = None
    disruption_budget: DisruptionBudget | None = None


@dataclass(frozen=True)
class WorkloadArgs:
    """One workload. `links` are the workload's own, as returned by `resolve`.

    `rollout` waits for the pods after each update; without it, the provider waits as it does by default. With
    `reloader`, Stakater's Reloader restarts the pods when a Secret that they read changes.
    """

    tenant: Tenant
    namespace: pulumi.Input[str]
    links: Links
    pod: PodArgs
    monitoring: Monitoring = field(default_factory=Monitoring)
    isolation: Isolation = field(default_factory=NetworkPolicies)
    rollout: RolloutWaiter | None = field(default=None, kw_only=True)
    reloader: bool = field(default=False, kw_only=True)


@dataclass(frozen=True)
class IxnServerArgs(WorkloadArgs):
    """IXN Server, with its log volume.

    With `protect`, Pulumi refuses to delete or replace the StatefulSet; so it does on the component's own option
    `protect`, which its other objects inherit, too.
    """

    log_storage: LogStorage = LogStorage()
    protect: bool = False


@dataclass(frozen=True)
class ConnectivityCheckOptions:
    """How the Jobs of a `ConnectivityCheck` run.

    `image` needs a POSIX shell at /bin/sh and a TCP client: BusyBox, any `nc` with -z, or bash. `deadline` is in
    whole seconds (1 to 60) for one connection, including DNS resolution. `labels` and `annotations` are
    added to the pods, for the policies of peers that select by them.
    """

    image: Image
    deadline: int = 10
    image_pull_policy: str = "IfNotPresent"
    image_pull_secrets: Sequence[pulumi.Input[str]] = ()
    resources: ResourceRequirements = ResourceRequirements(
        {"cpu": "10m", "memory": "16Mi"}, {"cpu": "100m", "memory": "64Mi"}
    )
    labels: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    annotations: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    security: SecurityContext = SecurityContext()
