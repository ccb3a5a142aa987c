"""Convert the settings to the arguments of the components."""

from dataclasses import replace
from typing import TypeAlias, cast

import pulumi
from pulumi_kubernetes.apps.v1 import DeploymentSpecPatchArgsDict, StatefulSetSpecPatchArgsDict

from pulumi_ixn import values
from pulumi_ixn.args import (
    OPENSHIFT,
    REPOSITORIES,
    ConnectivityCheckOptions,
    DashboardsArgs,
    Image,
    Monitoring,
    PodArgs,
    SecurityContext,
    Versions,
)
from pulumi_ixn.components.database import DatabaseReference
from pulumi_ixn.components.kafka import KafkaReference
from pulumi_ixn.components.postgres_cluster import PostgresCluster
from pulumi_ixn.components.redis import RedisReference
from pulumi_ixn.components.tenant import IxnArgs
from pulumi_ixn.config import peer_models
from pulumi_ixn.config import services as service_models
from pulumi_ixn.config.checks import value_at
from pulumi_ixn.config.cloud_native_pg import CloudNativePgPeer
from pulumi_ixn.config.provisioned import ProvisionedSettings
from pulumi_ixn.config.service_secrets import secret_output
from pulumi_ixn.config.stack import Environment, Password, TenantSettings
from pulumi_ixn.config.workloads import AnyWorkloadSettings, ImageSettings
from pulumi_ixn.naming import NODE, SERVER, VQ_NODE, Tenant, WorkloadId, database_job_name
from pulumi_ixn.peers import Absent, Peers
from pulumi_ixn.policies import OPENSHIFT_DNS, CiliumPolicies, Dns, Isolation, NetworkPolicies, NoPolicies
from pulumi_ixn.provisioning.args import Provisioned
from pulumi_ixn.services import (
    DatabaseReferenceArgs,
    KafkaReferenceArgs,
    RedisReferenceArgs,
    node_database_secret,
    server_database_secret,
)
from pulumi_ixn.spec import Parameter, Party

AnyDatabasePeer: TypeAlias = service_models.DatabasePeer | CloudNativePgPeer

PROGRESS_DEADLINE = 600
"""Seconds without progress after which a Deployment reports its rollout as failed, by default."""

DATABASES = {Party.IXN_DB: "ixn_db", Party.IXN_NODE_DB: "ixn_node_db"}
DATABASE_WORKLOADS = {Party.IXN_DB: SERVER, Party.IXN_NODE_DB: NODE}
_SECRETS = {Party.IXN_DB: server_database_secret, Party.IXN_NODE_DB: node_database_secret}


def protected(environment: Environment, tenant: TenantSettings | None = None) -> bool:
    """Return whether the tenant's objects are protected; without a tenant, those that tenants share."""
    own = None if tenant is None else tenant.protect
    return not environment.target.render and (environment.protect if own is None else own)


def kafka_args(environment: Environment, namespace: pulumi.Input[str]) -> KafkaReferenceArgs | None:
    """Return the arguments of the KafkaReference; None if Kafka is declared absent."""
    kafka = environment.peers.kafka
    if isinstance(kafka, peer_models.Absent):
        return None
    return KafkaReferenceArgs(namespace, kafka.service(environment.secrets.kafka), protected(environment))


def redis_args(environment: Environment, namespace: pulumi.Input[str]) -> RedisReferenceArgs | None:
    """Return the arguments of the RedisReference; None if Redis is declared absent."""
    redis = environment.peers.ors_redis_stream
    if isinstance(redis, peer_models.Absent):
        return None
    service = redis.service(environment.secrets.ors_redis_stream)
    return RedisReferenceArgs(namespace, service, protected(environment))


def database_args(
    environment: Environment,
    key: str,
    tenant: TenantSettings,
    party: Party,
    namespace: pulumi.Input[str],
    cluster: PostgresCluster | None = None,
) -> DatabaseReferenceArgs | None:
    """Return the arguments of a tenant's DatabaseReference; None if the database is declared absent.

    If it is in the stack's own `cluster`, it waits for it.
    """
    database: peer_models.Absent | service_models.DatabasePeer | CloudNativePgPeer = getattr(
        tenant.peers, DATABASES[party]
    )
    if isinstance(database, peer_models.Absent):
        return None
    secrets = environment.secrets.tenants.get(key)
    password: Password | None = secrets and getattr(secrets, DATABASES[party])
    secret = secret_output(password and password.password)
    secret_name = database_secret(party, tenant.sid)
    if isinstance(database, CloudNativePgPeer):
        own = cluster is not None and is_in_own_cluster(environment, database)
        service = database.service(secret, namespace, cluster.reference.depends_on if cluster and own else ())
    else:
        service = database.service(secret)
        if database.provisioned is not None:
            service = replace(service, provisioned=provisioned_args(environment, database.provisioned))
    job = database_job_name(DATABASE_WORKLOADS[party], Tenant(tenant.id, tenant.sid))
    isolation = isolation_of(environment)
    return DatabaseReferenceArgs(namespace, service, secret_name, protected(environment, tenant), job, isolation)


def is_in_own_cluster(environment: Environment, peer: object) -> bool:
    """Return whether a database is in the Cluster that the stack creates."""
    own = environment.postgres_cluster
    return own is not None and own.has(peer, environment.namespace.name)


def provisioned_args(environment: Environment, settings: ProvisionedSettings) -> Provisioned:
    """Return how a database is provisioned."""
    return Provisioned(
        settings.administrator.args(),
        image_of(environment, settings.image),
        owner=settings.owner,
        repair=settings.repair,
        tls=settings.tls.args(),
        image_pull_policy=environment.image.pull_policy,
        image_pull_secrets=environment.image.pull_secrets,
        resources=settings.resources.args(),
        labels=settings.pod_labels,
        annotations=settings.pod_annotations,
        security=_security(environment),
    )


def database_secret(party: Party, sid: str) -> str:
    """Return the vendor's name of a database's Secret."""
    return _SECRETS[party](sid)


def dashboards_args(environment: Environment, namespace: pulumi.Input[str]) -> DashboardsArgs | None:
    """Return the arguments of the dashboards; None if they are disabled."""
    dashboards = environment.monitoring.dashboards
    if not dashboards.enabled:
        return None
    return DashboardsArgs(namespace, dashboards.labels, dashboards.folder, dashboards.folder_annotation)


def check_options(environment: Environment) -> ConnectivityCheckOptions | None:
    """Return the options of the connectivity check; None if it is disabled."""
    check = environment.connectivity_check
    if check is None:
        return None
    return ConnectivityCheckOptions(
        image=image_of(environment, check.image),
        deadline=check.deadline,
        image_pull_policy=environment.image.pull_policy,
        image_pull_secrets=environment.image.pull_secrets,
        resources=check.resources.args(),
        labels=check.pod_labels,
        annotations=check.pod_annotations,
        security=_security(environment),
    )


def ixn_args(
    environment: Environment,
    tenant: TenantSettings,
    namespace: pulumi.Input[str],
    *,
    kafka: KafkaReference | None,
    redis: RedisReference | None,
    database: DatabaseReference | None,
    node_database: DatabaseReference | None,
) -> IxnArgs:
    """Return the arguments of a tenant's Ixn; None stands for a peer that is declared absent."""
    server, node, vq_node = tenant.ixn_service.ixn_server, tenant.ixn_service.ixn_node, tenant.ixn_vq_node
    return IxnArgs(
        tenant=Tenant(tenant.id, tenant.sid),
        versions=Versions(server.image.tag, node.image.tag, vq_node.image.tag),
        database=database or Absent(),
        node_database=node_database or Absent(),
        kafka=kafka or Absent(),
        redis=redis or Absent(),
        peers=peers_of(tenant),
        registry=environment.image.registry,
        namespace=namespace,
        server=pod_args(environment, server, SERVER),
        node=pod_args(environment, node, NODE),
        vq_node=pod_args(environment, vq_node, VQ_NODE),
        ports=ports_of(tenant),
        monitoring=monitoring_of(environment),
        log_storage=server.log_storage.args(),
        isolation=isolation_of(environment),
        connectivity_check=check_options(environment),
        protect=protected(environment, tenant),
        reloader=environment.reloader,
    )


def peers_of(tenant: TenantSettings) -> Peers:
    """Return the peers without an argument of their own."""
    own = {party: peer for party, peer in tenant.peers.args().items() if party not in DATABASES}
    return Peers(**{party.name.lower(): peer for party, peer in own.items()})


def isolation_of(environment: Environment) -> Isolation:
    """Return the policies of the stack's tenants."""
    dns = OPENSHIFT_DNS if environment.openshift else Dns()
    if environment.dns is not None:
        dns = Dns(tuple(each.args() for each in environment.dns.locations), tuple(environment.dns.ports))
    match environment.isolation:
        case "kubernetes":
            return NetworkPolicies(dns)
        case "cilium":
            return CiliumPolicies(dns)
        case "none":
            return NoPolicies()


def monitoring_of(environment: Environment) -> Monitoring:
    """Return how the stack's tenants are monitored."""
    given = environment.monitoring
    return Monitoring(given.enabled, given.interval, given.path, given.labels, given.alerts.args())


def ports_of(tenant: TenantSettings) -> dict[Parameter, pulumi.Input[int]]:
    """Return the port parameters, each of whose names is its path in the settings."""
    tree = tenant.model_dump(by_alias=True)
    return {parameter: values.port(value_at(tree, tuple(parameter.split(".")))) for parameter in Parameter}


def workload_image(environment: Environment, settings: AnyWorkloadSettings, workload: WorkloadId) -> Image:
    """Return the image of a workload: the vendor's repository, unless the settings name another."""
    image = settings.image
    return Image(image.repository or REPOSITORIES[workload], image.tag, environment.image.registry, image.digest)


def pod_args(environment: Environment, settings: AnyWorkloadSettings, workload: WorkloadId) -> PodArgs:
    """Return the arguments of the pods of a workload."""
    return PodArgs(
        image=workload_image(environment, settings, workload),
        resources=settings.resources.args(),
        replicas=settings.replicas,
        image_pull_policy=environment.image.pull_policy,
        image_pull_secrets=environment.image.pull_secrets,
        env=settings.env,
        labels=settings.pod_labels,
        annotations=settings.pod_annotations,
        security=_security(environment),
        update=_update(environment, settings, workload),
        **settings.fragments(),
        autoscaling=settings.autoscaler(),
        disruption_budget=settings.budget(),
    )


def image_of(environment: Environment, settings: ImageSettings) -> Image:
    """Return an image of the stack's registry."""
    return Image(settings.repository, settings.tag, environment.image.registry, settings.digest)


def _update(
    environment: Environment, settings: AnyWorkloadSettings, workload: WorkloadId
) -> DeploymentSpecPatchArgsDict | StatefulSetSpecPatchArgsDict:
    """Return the update settings. A Deployment reports no failure before `up` does."""
    timeout = environment.rollout.timeout
    if workload is SERVER or timeout == PROGRESS_DEADLINE:
        return cast("DeploymentSpecPatchArgsDict", settings.update)
    return cast("DeploymentSpecPatchArgsDict", {"progress_deadline_seconds": timeout, **settings.update})


def _security(environment: Environment) -> SecurityContext:
    return OPENSHIFT if environment.openshift else SecurityContext()
