"""Arguments of the components: plain values for shape, Inputs for addresses, names and secrets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from pulumi_ixn.contract.model import Contract
from pulumi_ixn.inputs import require_text
from pulumi_ixn.links import Links
from pulumi_ixn.naming import Tenant
from pulumi_ixn.policies import Isolation, NetworkPolicies
from pulumi_ixn.policies.renderer import validate_locations

MAX_DEADLINE = 60
"""Seconds for one connection: after some more, the kernel gives up by itself."""


@dataclass(frozen=True)
class Image:
    """A container image: `registry/repository:tag`. The tag is the workload's version label too.

    ValueError for what is no text: the label and the reference are made here, so an Output will not do.
    """

    repository: str
    tag: str
    registry: str = ""

    def __post_init__(self) -> None:
        """Refuse what would be written in another form, or as the help text of an Output."""
        require_text(self.repository, "the repository of an image")
        require_text(self.tag, "the tag of an image")
        require_text(self.registry, "the registry of an image")

    @property
    def reference(self) -> str:
        """What the kubelet pulls."""
        return "/".join(part for part in (self.registry.rstrip("/"), f"{self.repository}:{self.tag}") if part)


@dataclass(frozen=True)
class ResourceRequirements:
    """Requests and limits of one container, as Kubernetes quantities ("100m", "512Mi")."""

    requests: Mapping[str, str]
    limits: Mapping[str, str]


@dataclass(frozen=True)
class SecurityContext:
    """The identity that containers run as. None leaves it to the platform, as OpenShift wants it."""

    run_as_user: int | None = 500
    run_as_group: int | None = 500
    fs_group: int | None = 500


OPENSHIFT = SecurityContext(run_as_user=None, run_as_group=0, fs_group=None)
"""OpenShift gives each namespace arbitrary user ids in group 0."""


@dataclass(frozen=True)
class Monitoring:
    """How Prometheus finds the metrics. `labels` are added for a Prometheus that selects by them."""

    enabled: bool = True
    interval: str = "30s"
    path: str = "/metrics"
    labels: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])


@dataclass(frozen=True)
class LogStorage:
    """The server's log volume: a claim where both are given, else an emptyDir. `size` is a quantity."""

    size: str | None = None
    storage_class: str | None = None

    @property
    def claimed(self) -> bool:
        """Whether the volume is a claim of its own."""
        return self.size is not None and self.storage_class is not None


@dataclass(frozen=True)
class PodArgs:
    """The pods of one workload.

    `env` sets variables beside or over the contract's; None takes one away. `labels` and `annotations` are
    added to the pods (labels never enter a selector). `contract` replaces the workload's own whole. `replicas`
    is None where an autoscaler owns their number; ValueError for less than none.
    """

    image: Image
    resources: ResourceRequirements
    replicas: int | None = 1
    image_pull_policy: str = "IfNotPresent"
    image_pull_secrets: Sequence[pulumi.Input[str]] = ()
    env: Mapping[str, pulumi.Input[str] | None] = field(default_factory=dict[str, pulumi.Input[str] | None])
    labels: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    annotations: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    security: SecurityContext = SecurityContext()
    contract: Contract | None = None

    def __post_init__(self) -> None:
        """Refuse what is no number of pods."""
        if self.replicas is not None and (type(self.replicas) is not int or self.replicas < 0):
            raise ValueError(f"replicas are a number of pods, or None, not {self.replicas!r}")


@dataclass(frozen=True)
class WorkloadArgs:
    """One of our workloads.

    `links` are its own, from `resolve`. Raises ValueError with every peer whose location `isolation` cannot
    express.
    """

    tenant: Tenant
    namespace: pulumi.Input[str]
    links: Links
    pod: PodArgs
    monitoring: Monitoring = field(default_factory=Monitoring)
    isolation: Isolation = field(default_factory=NetworkPolicies)

    def __post_init__(self) -> None:
        """Reject here what would be rejected when half of the workload is registered."""
        validate_locations(self.links, self.isolation)


@dataclass(frozen=True)
class IxnServerArgs(WorkloadArgs):
    """IXN Server: as any workload, and its log volume."""

    log_storage: LogStorage = LogStorage()


@dataclass(frozen=True)
class ConnectivityCheckOptions:
    """How the Jobs of a `ConnectivityCheck` run.

    `image` needs a POSIX shell at /bin/sh and a TCP client: BusyBox, any `nc` that knows -z, or bash.
    `deadline` are the whole seconds (1 to 60) for one connection, the resolution of its name included; ValueError
    for others. `labels` and `annotations` are added to the pods, for whoever else's policies select by them.
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

    def __post_init__(self) -> None:
        """Refuse a deadline that the kernel's own would forestall, and none."""
        # A program without types may hand over any value; the script counts in whole seconds.
        if type(self.deadline) is not int or not 1 <= self.deadline <= MAX_DEADLINE:
            expected = f"1 to {MAX_DEADLINE} seconds"
            raise ValueError(f"the deadline of a connection is {expected}, not {self.deadline!r}")
