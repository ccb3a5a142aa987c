"""The settings of a stack: what its tenants share, and each tenant with the environment's values merged in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from pulumi_ixn.config.connectivity_check import ConnectivityCheckSettings
from pulumi_ixn.config.fields import (
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
    Sid,
    StrictBool,
    TenantKey,
    Uuid,
    empty,
)
from pulumi_ixn.config.peers import AllPeers, Location, OneOf, SharedPeers, TenantPeers
from pulumi_ixn.config.validators import Expect, JsonSchemaExtra, invalid
from pulumi_ixn.config.workloads import AddedLabels, ServiceSettings, VqNodeSettings
from pulumi_ixn.naming import MAX_SID_LENGTH


class Target(OneOf):
    """Where the stack goes: exactly one of the keys."""

    render: OnlyTrue | None = Field(default=None, description="true: manifests, into build/rendered/<stack>")
    context: Line | None = Field(default=None, description="the context of the kubeconfig to deploy to")


class Namespace(Model):
    """The namespace of the stack's tenants."""

    name: DnsLabel = Field(default="ixn", description="the namespace's name")
    create: StrictBool = Field(default=True, description="whether the stack makes the namespace; false: it exists")


class ImageDefaults(Model):
    """What all images have in common."""

    registry: Registry = Field(description="the registry of the images")
    pull_policy: PullPolicy = Field(default="IfNotPresent", description="when the kubelet pulls")
    pull_secrets: list[ObjectName] = Field(default_factory=list, description="names of Secrets to pull with")


class MonitoringSettings(Model):
    """How Prometheus finds the metrics (connections 10 to 12)."""

    enabled: StrictBool = Field(
        default=True, description="false leaves out all ServiceMonitors, where their CRD is missing"
    )
    interval: Duration = Field(default="30s", description="how often metrics are polled, a Prometheus duration")
    path: HttpPath = Field(default="/metrics", description="the path of the metrics, and of the HTTP probes")
    labels: AddedLabels = Field(
        default_factory=dict, description="labels that the Prometheus at hand selects ServiceMonitors by"
    )


class DnsSettings(Model):
    """The cluster's resolver, which all pods may ask."""

    locations: list[Location] = Field(min_length=1, description="where its pods are")
    ports: list[Port] = Field(min_length=1, description="the ports that its pods listen at, by UDP and TCP")


class Password(Model):
    """A password."""

    password: Annotated[SecretStr, Field(min_length=1), Expect("a string")] = Field(
        description="the password, a secret value"
    )


class TenantSecrets(Model):
    """The passwords of one tenant's databases."""

    ixn_db: Password | None = Field(default=None, alias="ixnDB", description="for ixn:peers.ixnDB.secret.managed")
    ixn_node_db: Password | None = Field(
        default=None, alias="ixnNodeDB", description="for ixn:peers.ixnNodeDB.secret.managed"
    )


class Secrets(Model):
    """All secret values; none stands anywhere else."""

    ors_redis_stream: Password | None = Field(
        default=None, description="for ixn:peers.orsRedisStream.secret.managed"
    )
    tenants: dict[TenantKey, TenantSecrets] = Field(
        default_factory=dict, description="by tenant, as in ixn:tenants"
    )


class Common(Model):
    """What belongs to the stack as a whole."""

    target: Target = Field(description="where the stack goes")
    namespace: Namespace = Field(default_factory=empty(Namespace), description="the namespace of the tenants")
    image: ImageDefaults = Field(description="what all images have in common")
    openshift: StrictBool = Field(default=False, description="true leaves user ids to OpenShift")
    monitoring: MonitoringSettings = Field(
        default_factory=empty(MonitoringSettings), description="how Prometheus finds the metrics"
    )
    isolation: IsolationMode = Field(
        default="kubernetes",
        description="what closes the workloads but for their connections: 'kubernetes'; 'cilium', which knows "
        "DNS names; or 'off', on purpose",
    )
    dns: DnsSettings | None = Field(
        default=None, description="the cluster's resolver; none: where Kubernetes, or OpenShift, has it by default"
    )
    connectivity_check: ConnectivityCheckSettings | None = Field(
        default=None,
        description="Jobs that try the outgoing connections of each tenant's workloads, under the workloads' own "
        "policies; none: nothing is tried",
    )
    secrets: Secrets = Field(default_factory=empty(Secrets), description="all secret values")


class Environment(Common):
    """What the tenants of a stack share."""

    peers: SharedPeers = Field(description="the peers that tenants share")


def _short_enough(sid: str) -> str:
    if len(sid) > MAX_SID_LENGTH:
        raise invalid(f"makes a StatefulSet's name too long: at most {MAX_SID_LENGTH} characters")
    return sid


class TenantSettings(Model):
    """One tenant, with the environment's values where it has none of its own."""

    id: Uuid = Field(description="the tenant's id, a UUID; names the Services that others look up")
    sid: Annotated[Sid, AfterValidator(_short_enough), JsonSchemaExtra({"maxLength": MAX_SID_LENGTH})] = Field(
        description="the tenant's short id; names everything else"
    )
    aliases: list[TenantKey] = Field(
        default_factory=list, description="earlier keys of this tenant in ixn:tenants"
    )
    ixn_service: ServiceSettings = Field(description="IXN Server and IXN Node")
    ixn_vq_node: VqNodeSettings = Field(alias="ixnVQNode", description="IXN VQ Node")
    peers: TenantPeers = Field(description="the tenant's peers")


class StackFile(Common):
    """The whole stack config, as it is written.

    Tells which keys there are, for messages, the reference page and the JSON Schema. What has to be there is
    not for this model to say: that is decided by Environment, and by TenantSettings of the merged values.
    """

    ixn_service: ServiceSettings = Field(description="IXN Server and IXN Node")
    ixn_vq_node: VqNodeSettings = Field(alias="ixnVQNode", description="IXN VQ Node")
    peers: AllPeers = Field(description="the other ends of the connections, which we do not run")
    tenants: dict[TenantKey, TenantSettings] = Field(
        min_length=1, description="the tenants, each by its name in Pulumi"
    )


@dataclass(frozen=True)
class Settings:
    """A stack's settings: the shared ones, and those of each tenant by its key."""

    environment: Environment
    tenants: Mapping[str, TenantSettings]
