"""The three workloads: their port parameters, at exactly the table's paths, and their pods."""

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, model_validator

from pulumi_ixn.config.env import NoSecretEnv
from pulumi_ixn.config.fields import (
    Bytes,
    Cores,
    EnvName,
    ImageTag,
    LabelKey,
    LabelValue,
    Model,
    ObjectName,
    Port,
    Replicas,
    Repository,
    Str,
    connections_text,
    empty,
)
from pulumi_ixn.config.validators import Expect, JsonSchemaExtra, exact_type, invalid
from pulumi_ixn.contract import NODE_CONTRACT, SERVER_CONTRACT, VQ_NODE_CONTRACT
from pulumi_ixn.spec import CONNECTIONS, WORKLOAD_PARTIES, Parameter, default_port, owner
from pulumi_ixn.values import quantity

_MESH = "consul.hashicorp.com/"
_OUR_LABELS = ("app.kubernetes.io/", "ixn-pulumi/")


def _no_keys(*prefixes: str) -> JsonSchemaExtra:
    begins = "|".join(prefix.replace(".", r"\.") for prefix in prefixes)
    return JsonSchemaExtra({"propertyNames": {"not": {"pattern": f"^({begins})"}}})


def _port(parameter: Parameter) -> Port:
    rows = [row for row in CONNECTIONS if row.parameter is parameter]
    what = (
        "the port it listens at" if owner(parameter) in WORKLOAD_PARTIES else f"the port of {rows[0].destination}"
    )
    return Field(default=default_port(parameter), description=f"{what} ({connections_text(rows)})")


def _no_mesh(annotations: dict[str, str]) -> dict[str, str]:
    for key in annotations:
        if key.startswith(_MESH):
            raise invalid(
                f"may not include {key}: the Consul service mesh is not supported; remove the annotation"
            )
    return annotations


def _no_label_of_ours(labels: dict[str, str]) -> dict[str, str]:
    for key in labels:
        if key.startswith(_OUR_LABELS):
            raise invalid(f"may not include {key}, which this package sets; remove it")
    return labels


AddedLabels = Annotated[dict[LabelKey, LabelValue], AfterValidator(_no_label_of_ours), _no_keys(*_OUR_LABELS)]
PodAnnotations = Annotated[dict[LabelKey, Str], AfterValidator(_no_mesh), _no_keys(_MESH)]
_OneReplica = Annotated[
    Literal[1], exact_type(int), Expect("1: the primary/backup pair of IXN Server is not supported yet")
]


class ImageSettings(Model):
    """An image; the registry is `ixn:image.registry`."""

    repository: Repository = Field(description="the repository, without registry and tag")
    tag: ImageTag = Field(description="the tag; it is the version label too")


class Amounts(Model):
    """Amounts of a container's resources."""

    cpu: Cores = Field(description="processor time ('100m' is a tenth of a core)")
    memory: Bytes = Field(description="memory")


class ResourcesSettings(Model):
    """Requests and limits of one container."""

    requests: Amounts = Field(description="what is set aside for the container")
    limits: Amounts = Field(description="what the container may not exceed")

    @model_validator(mode="after")
    def _requests_within_limits(self) -> Self:
        for name in ("cpu", "memory"):
            wanted, limit = getattr(self.requests, name), getattr(self.limits, name)
            if quantity(wanted) > quantity(limit):
                raise invalid(f"requests more {name} than its limit allows: {wanted} is above {limit}")
        return self


def vendor_resources(cpu: tuple[str, str], memory: tuple[str, str]) -> ResourcesSettings:
    """Return the vendor's sample values: of processor time and of memory, the request and the limit."""
    return ResourcesSettings(
        requests=Amounts(cpu=cpu[0], memory=memory[0]), limits=Amounts(cpu=cpu[1], memory=memory[1])
    )


Env: TypeAlias = dict[EnvName, Str | None]
_ENV: Env = Field(
    default_factory=dict, description="environment variables beside or over the contract's; null removes one"
)


class WorkloadSettings(Model):
    """What the three workloads have in common."""

    image: ImageSettings = Field(description="the workload's image")
    env: Env = _ENV
    pod_labels: AddedLabels = Field(
        default_factory=dict, description="labels added to the pods; they enter no selector"
    )
    pod_annotations: PodAnnotations = Field(default_factory=dict, description="annotations added to the pods")


class LogStorageSettings(Model):
    """The server's log volume: a claim where both are given, else an emptyDir."""

    storage_size: Bytes | None = Field(default=None, description="size of the claim")
    storage_class_name: ObjectName | None = Field(default=None, description="storage class of the claim")

    @model_validator(mode="after")
    def _class_of_something(self) -> Self:
        # The other way round it is the vendor's sample: a size, no class, and an emptyDir.
        if self.storage_class_name is not None and self.storage_size is None:
            raise invalid("has a storageClassName without storageSize: no claim would be created")
        return self


class ServerSettings(WorkloadSettings):
    """IXN Server."""

    env: Annotated[Env, NoSecretEnv(SERVER_CONTRACT)] = _ENV
    port: Port = _port(Parameter.SERVER_PORT)
    ports: Port = _port(Parameter.SERVER_PORTS)
    config: Port = _port(Parameter.SERVER_CONFIG)
    replicas: _OneReplica = Field(default=1, description="number of pods: 1")
    resources: ResourcesSettings = Field(
        default=vendor_resources(("100m", "200m"), ("512Mi", "2Gi")), description="requests and limits"
    )
    log_storage: LogStorageSettings = Field(
        default_factory=empty(LogStorageSettings), description="the volume of the logs"
    )


class NodeSettings(WorkloadSettings):
    """IXN Node."""

    env: Annotated[Env, NoSecretEnv(NODE_CONTRACT)] = _ENV
    ports: Port = _port(Parameter.NODE_PORTS)
    conf: Port = _port(Parameter.NODE_CONF)
    consul: Port = _port(Parameter.NODE_CONSUL)
    replicas: Replicas | None = Field(default=1, description="number of pods; null leaves it to an autoscaler")
    resources: ResourcesSettings = Field(
        default=vendor_resources(("40m", "300m"), ("128Mi", "320Mi")), description="requests and limits"
    )


class ServiceSettings(Model):
    """IXN Server and IXN Node."""

    ixn_server: ServerSettings = Field(description="IXN Server")
    ixn_node: NodeSettings = Field(description="IXN Node")


class VqNodePorts(Model):
    """The ports of IXN VQ Node."""

    default: Port = _port(Parameter.VQ_NODE_DEFAULT)
    health: Port = _port(Parameter.VQ_NODE_HEALTH)


class VqNodeSettings(WorkloadSettings):
    """IXN VQ Node."""

    env: Annotated[Env, NoSecretEnv(VQ_NODE_CONTRACT)] = _ENV
    ports: VqNodePorts = Field(default_factory=empty(VqNodePorts), description="its ports")
    replicas: Replicas | None = Field(default=1, description="number of pods; null leaves it to an autoscaler")
    resources: ResourcesSettings = Field(
        default=vendor_resources(("30m", "300m"), ("128Mi", "160Mi")), description="requests and limits"
    )
