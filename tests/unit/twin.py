"""`IxnArgs` as TypedDicts: the shape in which other languages would pass it to a component provider."""

from typing import Any, Optional, TypedDict

import pulumi


class TenantDict(TypedDict):
    id: str
    sid: str


class VersionsDict(TypedDict):
    server: str
    node: str
    vq_node: str


class LocationDict(TypedDict):
    """`kind` is `pods`, `cidrs`, `nodeAgent` or `dnsNames`."""

    kind: str
    namespace: Optional[pulumi.Input[str]]  # noqa: UP045 (the analyzer does not read `| None` of an Input)
    labels: Optional[dict[str, pulumi.Input[str]]]  # noqa: UP045
    cidrs: Optional[pulumi.Input[list[pulumi.Input[str]]]]  # noqa: UP045
    names: Optional[pulumi.Input[list[pulumi.Input[str]]]]  # noqa: UP045


class EndpointDict(TypedDict):
    host: pulumi.Input[str]
    port: Optional[pulumi.Input[int]]  # noqa: UP045


class PortRangeDict(TypedDict):
    first: pulumi.Input[int]
    last: Optional[pulumi.Input[int]]  # noqa: UP045


class SecretStoreDict(TypedDict):
    name: pulumi.Input[str]
    kind: str


class RemoteKeyDict(TypedDict):
    key: pulumi.Input[str]
    property: Optional[pulumi.Input[str]]  # noqa: UP045
    version: Optional[pulumi.Input[str]]  # noqa: UP045


class ExternalSourceDict(TypedDict):
    store: SecretStoreDict
    keys: dict[str, RemoteKeyDict]
    refresh_interval: str


class CredentialsDict(TypedDict):
    kind: str
    secret_name: Optional[pulumi.Input[str]]  # noqa: UP045
    username: Optional[pulumi.Input[str]]  # noqa: UP045
    password: Optional[pulumi.Input[str]]  # noqa: UP045
    username_key: str
    password_key: str
    version: Optional[pulumi.Input[str]]  # noqa: UP045
    length: int
    alphabet: Optional[list[str]]  # noqa: UP045
    rotation: int
    source: Optional[ExternalSourceDict]  # noqa: UP045


class PeerDict(TypedDict):
    absent: Optional[bool]  # noqa: UP045
    locations: Optional[list[LocationDict]]  # noqa: UP045
    endpoints: Optional[list[EndpointDict]]  # noqa: UP045
    advertised: Optional[list[EndpointDict]]  # noqa: UP045
    target_ports: Optional[list[PortRangeDict]]  # noqa: UP045


class CloudNativePgDict(TypedDict):
    cluster: pulumi.Input[str]
    namespace: pulumi.Input[str]
    role: Optional[pulumi.Input[str]]  # noqa: UP045
    role_secret: Optional[pulumi.Input[str]]  # noqa: UP045


class DatabaseDict(PeerDict):
    name: pulumi.Input[str]
    credentials: CredentialsDict
    provisioned: Optional["ProvisionedDict"]
    cloud_native_pg: Optional[CloudNativePgDict]  # noqa: UP045


class CertificateAuthorityDict(TypedDict):
    secret_name: pulumi.Input[str]
    key: str
    version: Optional[pulumi.Input[str]]  # noqa: UP045


class IssuerDict(TypedDict):
    name: str
    kind: str
    group: str


class ClientDict(TypedDict):
    """A certificate of an existing Secret, or with an `issuer` one that is issued."""

    secret_name: Optional[pulumi.Input[str]]  # noqa: UP045
    certificate_key: Optional[str]  # noqa: UP045
    private_key: Optional[str]  # noqa: UP045
    version: Optional[pulumi.Input[str]]  # noqa: UP045
    issuer: Optional[IssuerDict]  # noqa: UP045
    common_name: Optional[str]  # noqa: UP045
    duration: Optional[str]  # noqa: UP045
    renew_before: Optional[str]  # noqa: UP045


class CertificatesDict(TypedDict):
    ca: Optional[CertificateAuthorityDict]  # noqa: UP045
    client: Optional[ClientDict]  # noqa: UP045


class JsonFieldsDict(TypedDict):
    """In `renamed`, an empty name leaves the field out."""

    renamed: dict[str, str]
    extra: dict[str, pulumi.Input[str]]


class SentinelDict(TypedDict):
    master: pulumi.Input[str]
    username: Optional[pulumi.Input[str]]  # noqa: UP045
    password: Optional[pulumi.Input[str]]  # noqa: UP045


class KafkaDict(PeerDict):
    credentials: CredentialsDict
    tls: bool
    sasl_mechanism: Optional[str]  # noqa: UP045
    certificates: CertificatesDict
    json_fields: JsonFieldsDict


class RedisDict(PeerDict):
    credentials: CredentialsDict
    cluster: bool
    tls: bool
    reject_unauthorized: bool
    server_name: Optional[pulumi.Input[str]]  # noqa: UP045
    sentinel: Optional[SentinelDict]  # noqa: UP045
    certificates: CertificatesDict
    json_fields: JsonFieldsDict


class PeersDict(TypedDict):
    consul: PeerDict
    gws_ixn_service: PeerDict
    stat_server: PeerDict
    config_server: PeerDict
    urs: PeerDict
    prometheus: PeerDict
    voice_rq: PeerDict
    voice_config: PeerDict
    pulse_stat_servers: PeerDict


class ImageDict(TypedDict):
    repository: str
    tag: str
    registry: str
    digest: Optional[str]  # noqa: UP045


class ResourcesDict(TypedDict):
    requests: dict[str, str]
    limits: dict[str, str]


class SecurityDict(TypedDict):
    run_as_user: Optional[int]  # noqa: UP045
    run_as_group: Optional[int]  # noqa: UP045
    fs_group: Optional[int]  # noqa: UP045


class PodDict(TypedDict):
    """Without a contract, which only a Python program can replace."""

    image: Optional[ImageDict]  # noqa: UP045
    resources: Optional[ResourcesDict]  # noqa: UP045
    replicas: Optional[int]  # noqa: UP045
    image_pull_policy: str
    image_pull_secrets: list[pulumi.Input[str]]
    env: dict[str, pulumi.Input[str]]
    labels: dict[str, pulumi.Input[str]]
    annotations: dict[str, pulumi.Input[str]]
    security: SecurityDict
    pod: dict[str, Any]
    container: dict[str, Any]
    sidecars: list[dict[str, Any]]
    update: dict[str, Any]
    autoscaling: dict[str, Any]  # the fields of an Hpa or a Keda: the analyzer refuses unions
    disruption_budget: dict[str, Any]


class AlertsDict(TypedDict):
    enabled: bool
    labels: dict[str, pulumi.Input[str]]
    runbook_base_url: Optional[str]  # noqa: UP045
    thresholds: dict[str, float]
    severities: dict[str, str]
    durations: dict[str, str]
    disabled: list[str]
    certificates: list[str]


class MonitoringDict(TypedDict):
    enabled: bool
    interval: str
    path: str
    labels: dict[str, pulumi.Input[str]]
    alerts: AlertsDict


class LogStorageDict(TypedDict):
    size: Optional[str]  # noqa: UP045
    storage_class: Optional[str]  # noqa: UP045
    size_limit: Optional[str]  # noqa: UP045


class IsolationDict(TypedDict):
    """`kind` is `kubernetes`, `cilium` or `none`."""

    kind: str
    dns_locations: list[LocationDict]
    dns_ports: list[int]


class ConnectivityCheckDict(TypedDict):
    image: ImageDict
    deadline: int
    image_pull_policy: str
    image_pull_secrets: list[pulumi.Input[str]]
    resources: ResourcesDict
    labels: dict[str, pulumi.Input[str]]
    annotations: dict[str, pulumi.Input[str]]
    security: SecurityDict


class AdministratorDict(TypedDict):
    secret_name: pulumi.Input[str]
    username_key: str
    password_key: str
    database: pulumi.Input[str]


class DatabaseTlsDict(TypedDict):
    mode: str
    ca: Optional[CertificateAuthorityDict]  # noqa: UP045


class ProvisionedDict(TypedDict):
    administrator: AdministratorDict
    image: ImageDict
    owner: Optional[pulumi.Input[str]]  # noqa: UP045
    repair: bool
    tls: DatabaseTlsDict
    image_pull_policy: str
    image_pull_secrets: list[pulumi.Input[str]]
    resources: ResourcesDict
    labels: dict[str, pulumi.Input[str]]
    annotations: dict[str, pulumi.Input[str]]
    security: SecurityDict


class IxnArgsDict(TypedDict):
    tenant: TenantDict
    versions: VersionsDict
    database: DatabaseDict
    node_database: DatabaseDict
    kafka: KafkaDict
    redis: RedisDict
    peers: PeersDict
    registry: str
    namespace: pulumi.Input[str]
    server: PodDict
    node: PodDict
    vq_node: PodDict
    ports: dict[str, pulumi.Input[int]]
    monitoring: MonitoringDict
    log_storage: LogStorageDict
    isolation: IsolationDict
    connectivity_check: Optional[ConnectivityCheckDict]  # noqa: UP045
    protect: bool
    reloader: bool


class IxnTwin(pulumi.ComponentResource):
    """A component of these arguments; only its signature is used."""

    def __init__(self, name: str, args: IxnArgsDict, opts: Optional[pulumi.ResourceOptions] = None) -> None:  # noqa: UP045
        super().__init__("ixn:index:IxnTwin", name, None, opts)
