"""The arguments of the components, from the settings."""

from typing import Any

import pulumi

from pulumi_ixn.args import (
    OPENSHIFT,
    ConnectivityCheckOptions,
    Image,
    LogStorage,
    Monitoring,
    PodArgs,
    ResourceRequirements,
    SecurityContext,
)
from pulumi_ixn.components.credentials import Credentials, ExistingSecret, GeneratedPassword, ProvidedPassword
from pulumi_ixn.components.database import DatabaseReference, DatabaseReferenceArgs, PostgreSql
from pulumi_ixn.components.kafka import KAFKA_SECRET, KafkaReference, KafkaReferenceArgs
from pulumi_ixn.components.redis import REDIS_SECRET, RedisPassword, RedisReference, RedisReferenceArgs
from pulumi_ixn.components.tenant import IxnArgs
from pulumi_ixn.config import peers as models
from pulumi_ixn.config.stack import Environment, Password, TenantSettings
from pulumi_ixn.config.workloads import (
    ImageSettings,
    NodeSettings,
    ResourcesSettings,
    ServerSettings,
    VqNodeSettings,
)
from pulumi_ixn.naming import Tenant
from pulumi_ixn.peers import Absent, Endpoint
from pulumi_ixn.policies import OPENSHIFT_DNS, CiliumPolicies, Dns, Isolation, NetworkPolicies, NoPolicies
from pulumi_ixn.spec import Parameter, Party
from pulumi_ixn.values import split_endpoint

DATABASES = {Party.IXN_DB: "ixn_db", Party.IXN_NODE_DB: "ixn_node_db"}


def kafka_args(environment: Environment, namespace: pulumi.Input[str]) -> KafkaReferenceArgs | None:
    """Return the arguments of the KafkaReference; None where Kafka is declared absent."""
    kafka = environment.peers.kafka
    if isinstance(kafka, models.Absent):
        return None
    existing = kafka.secret.existing
    return KafkaReferenceArgs(
        namespace,
        bootstrap=models.endpoints_of(kafka.endpoints),
        locations=kafka.args_of_locations(),
        secret=existing and ExistingSecret(existing.name or KAFKA_SECRET, version=existing.version),
        advertised=models.endpoints_of(kafka.advertised),
        target_ports=kafka.args_of_ports(),
    )


def redis_args(environment: Environment, namespace: pulumi.Input[str]) -> RedisReferenceArgs | None:
    """Return the arguments of the RedisReference; None where Redis is declared absent."""
    redis = environment.peers.ors_redis_stream
    if isinstance(redis, models.Absent):
        return None
    existing = redis.secret.existing
    return RedisReferenceArgs(
        namespace,
        endpoints=models.endpoints_of(redis.endpoints),
        locations=redis.args_of_locations(),
        credentials=ExistingSecret(existing.name or REDIS_SECRET, version=existing.version)
        if existing
        else RedisPassword(_password(environment.secrets.ors_redis_stream)),
        cluster=redis.cluster,
        tls=redis.tls,
        reject_unauthorized=redis.reject_unauthorized,
        advertised=models.endpoints_of(redis.advertised),
        target_ports=redis.args_of_ports(),
    )


def database_args(
    environment: Environment, key: str, tenant: TenantSettings, party: Party, namespace: pulumi.Input[str]
) -> DatabaseReferenceArgs | None:
    """Return the arguments of a tenant's Database; None where it is declared absent."""
    database: models.Absent | models.DatabasePeer = getattr(tenant.peers, DATABASES[party])
    if isinstance(database, models.Absent):
        return None
    secrets = environment.secrets.tenants.get(key)
    password: Password | None = secrets and getattr(secrets, DATABASES[party])
    secret_name = database_secret(party, tenant.sid)
    return DatabaseReferenceArgs(
        namespace,
        engine=PostgreSql(Endpoint(*split_endpoint(database.endpoint)), database.name),
        locations=database.args_of_locations(),
        credentials=_credentials(database.secret, secret_name, password),
        target_ports=database.args_of_ports(),
    )


def database_secret(party: Party, sid: str) -> str:
    """Return the vendor's name of a database's Secret: ixn-db-secret-<sid>, ixn-node-db-secret-<sid>."""
    return f"{DATABASES[party].replace('_', '-')}-secret-{sid}"


def check_options(environment: Environment) -> ConnectivityCheckOptions | None:
    """Return how the tenants' connections are checked; None where they are not."""
    check = environment.connectivity_check
    if check is None:
        return None
    return ConnectivityCheckOptions(
        image=_image(environment, check.image),
        deadline=check.deadline,
        image_pull_policy=environment.image.pull_policy,
        image_pull_secrets=environment.image.pull_secrets,
        resources=_resources(check.resources),
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
    """Return the arguments of a tenant's Ixn; a component that is None was declared absent."""
    service, storage = tenant.ixn_service, tenant.ixn_service.ixn_server.log_storage
    return IxnArgs(
        tenant=Tenant(tenant.id, tenant.sid),
        namespace=namespace,
        server=_pod(environment, service.ixn_server),
        node=_pod(environment, service.ixn_node),
        vq_node=_pod(environment, tenant.ixn_vq_node),
        database=database or Absent(),
        node_database=node_database or Absent(),
        kafka=kafka or Absent(),
        redis=redis or Absent(),
        peers={party: peer for party, peer in tenant.peers.args().items() if party not in DATABASES},
        ports=ports_of(tenant),
        monitoring=Monitoring(**environment.monitoring.model_dump()),
        isolation=isolation_of(environment),
        log_storage=LogStorage(storage.storage_size, storage.storage_class_name),
        connectivity_check=check_options(environment),
    )


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


def ports_of(tenant: TenantSettings) -> dict[Parameter, pulumi.Input[int]]:
    """Read each parameter at its own path: the table's path is the settings' path."""
    tree: dict[str, Any] = tenant.model_dump(by_alias=True)
    ports: dict[Parameter, pulumi.Input[int]] = {}
    for parameter in Parameter:
        value: Any = tree
        for part in parameter.split("."):
            value = value[part]
        ports[parameter] = value
    return ports


def _credentials(secret: models.DatabaseSecret, secret_name: str, password: Password | None) -> Credentials:
    if secret.generated is not None:
        return GeneratedPassword(secret_name, secret.generated.username)
    if secret.managed is not None:
        return ProvidedPassword(secret_name, secret.managed.username, _password(password))
    existing = secret.existing
    if existing is None:
        raise ValueError("the settings were not validated: a database needs credentials")
    return ExistingSecret(
        existing.name or secret_name, existing.username_key, existing.password_key, existing.version
    )


def _password(password: Password | None) -> pulumi.Output[str]:
    if password is None:
        raise ValueError("the settings were not validated: a managed Secret needs its password")
    return pulumi.Output.secret(password.password.get_secret_value())


def _pod(environment: Environment, workload: ServerSettings | NodeSettings | VqNodeSettings) -> PodArgs:
    return PodArgs(
        image=_image(environment, workload.image),
        resources=_resources(workload.resources),
        replicas=workload.replicas,
        image_pull_policy=environment.image.pull_policy,
        image_pull_secrets=environment.image.pull_secrets,
        env=workload.env,
        labels=workload.pod_labels,
        annotations=workload.pod_annotations,
        security=_security(environment),
    )


def _image(environment: Environment, image: ImageSettings) -> Image:
    return Image(image.repository, image.tag, environment.image.registry)


def _resources(resources: ResourcesSettings) -> ResourceRequirements:
    return ResourceRequirements(resources.requests.model_dump(), resources.limits.model_dump())


def _security(environment: Environment) -> SecurityContext:
    return OPENSHIFT if environment.openshift else SecurityContext()
