"""The three workloads: their port parameters, at exactly the table's paths, and their pods."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Self, TypeAlias, cast

from pydantic import Field, model_validator

from pulumi_ixn import values
from pulumi_ixn.args import RESOURCES, LogStorage, PodArgs, ResourceRequirements
from pulumi_ixn.config.env import NoSecretEnv
from pulumi_ixn.config.fields import (
    AddedLabelKey,
    AnnotationKey,
    Bytes,
    Cores,
    EnvName,
    ImageDigest,
    ImageTag,
    LabelValue,
    Model,
    ObjectName,
    OneReplica,
    Port,
    Replicas,
    Repository,
    Str,
    connections_text,
    empty,
)
from pulumi_ixn.config.kubernetes_objects import (
    ContainerFields,
    Containers,
    DeploymentFields,
    Object,
    PodFields,
    StatefulSetFields,
    validation_error,
)
from pulumi_ixn.config.scaling import AutoscalingSettings, DisruptionBudgetSettings
from pulumi_ixn.config.validators import JsonSchemaExtra, check_record
from pulumi_ixn.contract import NODE_CONTRACT, SERVER_CONTRACT, VQ_NODE_CONTRACT, Contract
from pulumi_ixn.fragments.typed import kubernetes_path
from pulumi_ixn.manifests.fragment_issues import PodContext, fragment_issues
from pulumi_ixn.naming import NODE, SERVER, VQ_NODE, WorkloadId
from pulumi_ixn.scaling.autoscalers import Autoscaling
from pulumi_ixn.scaling.budget import DisruptionBudget
from pulumi_ixn.scaling.rules import scaling_issues
from pulumi_ixn.spec import CONNECTIONS, WORKLOAD_PARTIES, Parameter, default_port, owner
from pulumi_ixn.validation import Issue


def _no_keys_with(*prefixes: str) -> JsonSchemaExtra:
    begins = "|".join(prefix.replace(".", r"\.") for prefix in prefixes)
    return JsonSchemaExtra({"propertyNames": {"not": {"pattern": f"^({begins})"}}})


def _port(parameter: Parameter) -> Port:
    rows = [row for row in CONNECTIONS if row.parameter is parameter]
    what = (
        "the port on which the workload listens"
        if owner(parameter) in WORKLOAD_PARTIES
        else f"the port of {rows[0].destination}"
    )
    return Field(default=default_port(parameter), description=f"{what} ({connections_text(rows)})")


AddedLabels = Annotated[dict[AddedLabelKey, LabelValue], _no_keys_with(*values.RESERVED)]
PodAnnotations = Annotated[dict[AnnotationKey, Str], _no_keys_with(*values.MESH, *values.RESERVED_ANNOTATIONS)]


_DIGEST: str | None = Field(default=None, description="the digest by which nodes pull the image, whatever its tag")


class ImageSettings(Model):
    """An image; the registry is `ixn:image.registry`."""

    repository: Repository = Field(description="the repository, without registry and tag")
    tag: ImageTag = Field(description="the tag, which is also the version label")
    digest: ImageDigest | None = _DIGEST


class Amounts(Model):
    """CPU, memory and local disk space of one container."""

    cpu: Cores = Field(description="CPU ('100m' is a tenth of a core)")
    memory: Bytes = Field(description="memory")
    ephemeral_storage: Bytes | None = Field(
        default=None, alias="ephemeral-storage", description="disk space for logs, emptyDirs and written files"
    )

    def args(self) -> dict[str, str]:
        """Return the library's values."""
        return self.model_dump(by_alias=True, exclude_none=True)


class ResourcesSettings(Model):
    """Requests and limits of one container."""

    requests: Amounts = Field(description="the resources reserved for the container")
    limits: Amounts = Field(description="the resources that the container may not exceed")

    @model_validator(mode="after")
    def _rules(self) -> Self:
        check_record(self.args())
        return self

    @staticmethod
    def of(resources: ResourceRequirements) -> "ResourcesSettings":
        """Return the settings of the library's values."""
        return ResourcesSettings(
            requests=Amounts.model_validate(dict(resources.requests)),
            limits=Amounts.model_validate(dict(resources.limits)),
        )

    def args(self) -> ResourceRequirements:
        """Return the library's values."""
        return ResourceRequirements(self.requests.args(), self.limits.args())


Env: TypeAlias = dict[EnvName, Str | None]
_ENV: Env = Field(
    default_factory=dict,
    description="environment variables that extend or override the contract's; null removes one",
)


class WorkloadImage(Model):
    """The image of a workload; the registry is `ixn:image.registry`."""

    repository: Repository | None = Field(
        default=None, description="the repository, without registry and tag; if omitted, the vendor's"
    )
    tag: ImageTag = Field(description="the tag, which is also the version label")
    digest: ImageDigest | None = _DIGEST


class WorkloadSettings(Model):
    """The settings that all workloads have."""

    image: WorkloadImage = Field(description="the workload's image")
    env: Env = _ENV
    pod_labels: AddedLabels = Field(
        default_factory=dict, description="labels added to the pods, but never to selectors"
    )
    pod_annotations: PodAnnotations = Field(default_factory=dict, description="annotations added to the pods")
    disruption_budget: DisruptionBudgetSettings | None = Field(
        default=None,
        description="how many pods a drain of nodes may evict; if omitted, one at a time, where several may run",
    )

    pod: PodFields = Field(
        default_factory=dict,
        description="everything else of the pods: spread, affinity, tolerations, priority, volumes, and more "
        "([guide](scheduling.md))",
    )
    container: ContainerFields = Field(
        default_factory=dict,
        description="everything else of the container: variables from Secrets, mounts, lifecycle",
    )
    sidecars: Containers = Field(
        default_factory=list[Object], description="containers that start before the workload's and end after it"
    )

    def fragments(self) -> dict[str, Any]:
        """Return the arguments of the library's pod that are Kubernetes objects."""
        return {"pod": self.pod, "container": self.container, "sidecars": self.sidecars}

    def autoscaler(self) -> Autoscaling | None:
        """Return the library's autoscaler."""
        return None

    def budget(self) -> DisruptionBudget | None:
        """Return the library's budget."""
        return self.disruption_budget.args() if self.disruption_budget else None


def check_pod(
    settings: "AnyWorkloadSettings", workload: WorkloadId, contract: Contract, ports: Sequence[int]
) -> None:
    """Raise an error with everything of a workload's settings that does not fit together."""
    pod = PodArgs(env=settings.env, **settings.fragments())
    requests = settings.resources.args().requests
    found = (
        *fragment_issues(PodContext(workload, contract, ports), pod),
        *scaling_issues(workload, settings.replicas, settings.autoscaler(), settings.budget(), requests),
    )
    issues = [Issue(kubernetes_path(path), message) for path, message in found]
    if issues:
        raise validation_error(issues)


class LogStorageSettings(Model):
    """The log volume of IXN Server: a PersistentVolumeClaim if size and class are set, else an emptyDir."""

    storage_size: Bytes | None = Field(default=None, description="the size of the claim")
    storage_class_name: ObjectName | None = Field(default=None, description="the storage class of the claim")
    size_limit: Bytes | None = Field(
        default=None,
        description="the size of an emptyDir at which Kubernetes evicts the pod; without one, no limit",
    )

    @model_validator(mode="after")
    def _rules(self) -> Self:
        check_record(self.args())
        return self

    def args(self) -> LogStorage:
        """Return the library's values."""
        return LogStorage(self.storage_size, self.storage_class_name, self.size_limit)


class ServerSettings(WorkloadSettings):
    """IXN Server."""

    env: Annotated[Env, NoSecretEnv(SERVER_CONTRACT)] = _ENV
    port: Port = _port(Parameter.SERVER_PORT)
    ports: Port = _port(Parameter.SERVER_PORTS)
    config: Port = _port(Parameter.SERVER_CONFIG)
    replicas: OneReplica = Field(default=1, description="the number of pods: 1")
    resources: ResourcesSettings = Field(
        default=ResourcesSettings.of(RESOURCES[SERVER]), description="requests and limits"
    )
    log_storage: LogStorageSettings = Field(
        default_factory=empty(LogStorageSettings), description="the log volume"
    )
    update: StatefulSetFields = Field(default_factory=dict, description="how the pod is replaced")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_pod(self, SERVER, SERVER_CONTRACT, (self.port, self.ports))
        return self


class ScalableSettings(WorkloadSettings):
    """The settings of a workload that may have several pods."""

    replicas: Replicas | None = Field(default=1, description="the number of pods; null leaves it to an autoscaler")
    autoscaling: AutoscalingSettings | None = Field(
        default=None, description="an autoscaler, which sets the number of pods in the place of `replicas`"
    )

    @model_validator(mode="before")
    @classmethod
    def _without_replicas(cls, values: object) -> object:
        if isinstance(values, Mapping) and cast("Mapping[str, object]", values).get("autoscaling") is not None:
            return {"replicas": None, **cast("Mapping[str, object]", values)}
        return cast("object", values)

    def autoscaler(self) -> Autoscaling | None:
        """Return the library's autoscaler."""
        return self.autoscaling.args() if self.autoscaling else None


class NodeSettings(ScalableSettings):
    """IXN Node."""

    env: Annotated[Env, NoSecretEnv(NODE_CONTRACT)] = _ENV
    ports: Port = _port(Parameter.NODE_PORTS)
    conf: Port = _port(Parameter.NODE_CONF)
    consul: Port = _port(Parameter.NODE_CONSUL)
    resources: ResourcesSettings = Field(
        default=ResourcesSettings.of(RESOURCES[NODE]), description="requests and limits"
    )
    update: DeploymentFields = Field(default_factory=dict, description="how the pods are replaced")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_pod(self, NODE, NODE_CONTRACT, (self.ports,))
        return self


class ServiceSettings(Model):
    """IXN Server and IXN Node."""

    ixn_server: ServerSettings = Field(description="IXN Server")
    ixn_node: NodeSettings = Field(description="IXN Node")


class VqNodePorts(Model):
    """The ports of IXN VQ Node."""

    default: Port = _port(Parameter.VQ_NODE_DEFAULT)
    health: Port = _port(Parameter.VQ_NODE_HEALTH)


class VqNodeSettings(ScalableSettings):
    """IXN VQ Node."""

    env: Annotated[Env, NoSecretEnv(VQ_NODE_CONTRACT)] = _ENV
    ports: VqNodePorts = Field(default_factory=empty(VqNodePorts), description="its ports")
    resources: ResourcesSettings = Field(
        default=ResourcesSettings.of(RESOURCES[VQ_NODE]), description="requests and limits"
    )
    update: DeploymentFields = Field(default_factory=dict, description="how the pods are replaced")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_pod(self, VQ_NODE, VQ_NODE_CONTRACT, (self.ports.default, self.ports.health))
        return self


AnyWorkloadSettings: TypeAlias = ServerSettings | NodeSettings | VqNodeSettings
