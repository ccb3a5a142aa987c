"""The settings of a stack: what its tenants share, and each tenant with the environment's values merged in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from pulumi_ixn.identity import LONGEST_SID
from pulumi_ixn.settings.connection_check import ConnectionCheckSettings
from pulumi_ixn.settings.fields import (
    DnsLabel,
    Duration,
    HttpPath,
    IsolationMode,
    Model,
    ObjectName,
    Port,
    PullPolicy,
    Registry,
    Sid,
    Switch,
    TenantKey,
    Text,
    Truth,
    Uuid,
    empty,
)
from pulumi_ixn.settings.neighbours import AllNeighbours, OneOf, Place, SharedNeighbours, TenantNeighbours
from pulumi_ixn.settings.validators import AsJson, Expect, refusal
from pulumi_ixn.settings.workloads import AddedLabels, ServiceSettings, VqNodeSettings


class Target(OneOf):
    """Where the stack goes: exactly one of the keys."""

    render: Truth | None = Field(default=None, description="true: manifests, into build/rendered/<stack>")
    context: Text | None = Field(default=None, description="the context of the kubeconfig to deploy to")


class Namespace(Model):
    """The namespace of the stack's tenants."""

    name: DnsLabel = Field(default="ixn", description="the namespace's name")
    create: Switch = Field(default=True, description="whether the stack makes the namespace; false: it exists")


class ImageDefaults(Model):
    """What all images have in common."""

    registry: Registry = Field(description="the registry of the images")
    pull_policy: PullPolicy = Field(default="IfNotPresent", description="when the kubelet pulls")
    pull_secrets: list[ObjectName] = Field(default_factory=list, description="names of Secrets to pull with")


class MonitoringSettings(Model):
    """How Prometheus finds the metrics (connections 10 to 12)."""

    enabled: Switch = Field(
        default=True, description="false leaves out all ServiceMonitors, where their CRD is missing"
    )
    interval: Duration = Field(default="30s", description="how often metrics are polled, a Prometheus duration")
    path: HttpPath = Field(default="/metrics", description="the path of the metrics, and of the HTTP probes")
    labels: AddedLabels = Field(
        default_factory=dict, description="labels that the Prometheus at hand selects ServiceMonitors by"
    )


class DnsSettings(Model):
    """The cluster's resolver, which all pods may ask."""

    places: list[Place] = Field(min_length=1, description="where its pods are")
    ports: list[Port] = Field(min_length=1, description="the ports that its pods listen at, by UDP and TCP")


class Password(Model):
    """A password."""

    password: Annotated[SecretStr, Field(min_length=1), Expect("text")] = Field(
        description="the password, a secret value"
    )


class TenantSecrets(Model):
    """The passwords of one tenant's databases."""

    ixn_db: Password | None = Field(
        default=None, alias="ixnDB", description="for ixn:neighbours.ixnDB.secret.written"
    )
    ixn_node_db: Password | None = Field(
        default=None, alias="ixnNodeDB", description="for ixn:neighbours.ixnNodeDB.secret.written"
    )


class Secrets(Model):
    """All secret values; none stands anywhere else."""

    ors_redis_stream: Password | None = Field(
        default=None, description="for ixn:neighbours.orsRedisStream.secret.written"
    )
    tenants: dict[TenantKey, TenantSecrets] = Field(
        default_factory=dict, description="by tenant, as in ixn:tenants"
    )


class Common(Model):
    """What belongs to the stack as a whole."""

    target: Target = Field(description="where the stack goes")
    namespace: Namespace = Field(default_factory=empty(Namespace), description="the namespace of the tenants")
    image: ImageDefaults = Field(description="what all images have in common")
    openshift: Switch = Field(default=False, description="true leaves user ids to OpenShift")
    monitoring: MonitoringSettings = Field(
        default_factory=empty(MonitoringSettings), description="how Prometheus finds the metrics"
    )
    isolation: IsolationMode = Field(
        default="networkPolicy",
        description="what closes the workloads but for their connections: 'networkPolicy'; 'cilium', which knows "
        "DNS names; or 'off', on purpose",
    )
    dns: DnsSettings | None = Field(
        default=None, description="the cluster's resolver; none: where Kubernetes, or OpenShift, has it by default"
    )
    connection_check: ConnectionCheckSettings | None = Field(
        default=None,
        description="Jobs that try the outgoing connections of each tenant's workloads, under the workloads' own "
        "policies; none: nothing is tried",
    )
    secrets: Secrets = Field(default_factory=empty(Secrets), description="all secret values")


class Environment(Common):
    """What the tenants of a stack share."""

    neighbours: SharedNeighbours = Field(description="the neighbours that tenants share")


def _short_enough(sid: str) -> str:
    if len(sid) > LONGEST_SID:
        raise refusal(f"makes a StatefulSet's name too long: at most {LONGEST_SID} characters")
    return sid


class TenantSettings(Model):
    """One tenant, with the environment's values where it has none of its own."""

    id: Uuid = Field(description="the tenant's id, a UUID; names the Services that others look up")
    sid: Annotated[Sid, AfterValidator(_short_enough), AsJson({"maxLength": LONGEST_SID})] = Field(
        description="the tenant's short id; names everything else"
    )
    formerly: list[TenantKey] = Field(
        default_factory=list, description="earlier keys of this tenant in ixn:tenants"
    )
    ixn_service: ServiceSettings = Field(description="IXN Server and IXN Node")
    ixn_vq_node: VqNodeSettings = Field(alias="ixnVQNode", description="IXN VQ Node")
    neighbours: TenantNeighbours = Field(description="the tenant's neighbours")


class StackFile(Common):
    """The whole stack config, as it is written.

    Tells which keys there are, for messages, the reference page and the JSON Schema. What has to be there is
    not for this model to say: that is decided by Environment, and by TenantSettings of the merged values.
    """

    ixn_service: ServiceSettings = Field(description="IXN Server and IXN Node")
    ixn_vq_node: VqNodeSettings = Field(alias="ixnVQNode", description="IXN VQ Node")
    neighbours: AllNeighbours = Field(description="the other ends of the connections, which we do not run")
    tenants: dict[TenantKey, TenantSettings] = Field(
        min_length=1, description="the tenants, each by its name in Pulumi"
    )


@dataclass(frozen=True)
class Settings:
    """A stack's settings: the shared ones, and those of each tenant by its key."""

    environment: Environment
    tenants: Mapping[str, TenantSettings]
