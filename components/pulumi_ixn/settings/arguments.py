"""Settings become the arguments of the components; a platform team's program writes those itself."""

from typing import Any

import pulumi

from pulumi_ixn.args import (
    OPENSHIFT,
    ConnectionCheckOptions,
    Image,
    LogStorage,
    Monitoring,
    PodArgs,
    Resources,
    Security,
)
from pulumi_ixn.credentials import Credentials, ExistingSecret, GeneratedPassword, GivenPassword
from pulumi_ixn.database import Database, DatabaseArgs, PostgreSql
from pulumi_ixn.identity import Tenant
from pulumi_ixn.kafka import KAFKA_SECRET, KafkaReference, KafkaReferenceArgs
from pulumi_ixn.neighbours import Absent
from pulumi_ixn.redis import REDIS_SECRET, RedisPassword, RedisReference, RedisReferenceArgs
from pulumi_ixn.settings import neighbours as given
from pulumi_ixn.settings.peers import endpoint_of, endpoints_of, isolation_of, neighbours_of, places_of, wire_of
from pulumi_ixn.settings.stack import Environment, Password, TenantSettings
from pulumi_ixn.settings.workloads import (
    ImageSettings,
    NodeSettings,
    ResourcesSettings,
    ServerSettings,
    VqNodeSettings,
)
from pulumi_ixn.spec import Parameter, Party
from pulumi_ixn.tenant import IxnArgs

DATABASES = {Party.IXN_DB: "ixn_db", Party.IXN_NODE_DB: "ixn_node_db"}


def kafka_args(environment: Environment, namespace: pulumi.Input[str]) -> KafkaReferenceArgs | None:
    """Return the arguments of the KafkaReference; None where Kafka is declared absent."""
    kafka = environment.neighbours.kafka
    if isinstance(kafka, given.Gone):
        return None
    existing = kafka.secret.existing
    return KafkaReferenceArgs(
        namespace,
        bootstrap=endpoints_of(kafka.endpoints),
        places=places_of(kafka),
        secret=existing and ExistingSecret(existing.name or KAFKA_SECRET, version=existing.version),
        advertised=endpoints_of(kafka.advertised),
        wire=wire_of(kafka),
    )


def redis_args(environment: Environment, namespace: pulumi.Input[str]) -> RedisReferenceArgs | None:
    """Return the arguments of the RedisReference; None where Redis is declared absent."""
    redis = environment.neighbours.ors_redis_stream
    if isinstance(redis, given.Gone):
        return None
    existing = redis.secret.existing
    return RedisReferenceArgs(
        namespace,
        endpoints=endpoints_of(redis.endpoints),
        places=places_of(redis),
        credentials=ExistingSecret(existing.name or REDIS_SECRET, version=existing.version)
        if existing
        else RedisPassword(_password(environment.secrets.ors_redis_stream)),
        cluster=redis.cluster,
        tls=redis.tls,
        reject_unauthorized=redis.reject_unauthorized,
        advertised=endpoints_of(redis.advertised),
        wire=wire_of(redis),
    )


def database_args(
    environment: Environment, key: str, tenant: TenantSettings, party: Party, namespace: pulumi.Input[str]
) -> DatabaseArgs | None:
    """Return the arguments of a tenant's Database; None where it is declared absent."""
    database: given.Gone | given.Database = getattr(tenant.neighbours, DATABASES[party])
    if isinstance(database, given.Gone):
        return None
    secrets = environment.secrets.tenants.get(key)
    password: Password | None = secrets and getattr(secrets, DATABASES[party])
    secret_name = database_secret(party, tenant.sid)
    return DatabaseArgs(
        namespace,
        engine=PostgreSql(endpoint_of(database.endpoint), database.name),
        places=places_of(database),
        credentials=_credentials(database.secret, secret_name, password),
        wire=wire_of(database),
    )


def database_secret(party: Party, sid: str) -> str:
    """Return the vendor's name of a database's Secret: ixn-db-secret-<sid>, ixn-node-db-secret-<sid>."""
    return f"{DATABASES[party].replace('_', '-')}-secret-{sid}"


def check_options(environment: Environment) -> ConnectionCheckOptions | None:
    """Return how the tenants' connections are checked; None where they are not."""
    check = environment.connection_check
    if check is None:
        return None
    return ConnectionCheckOptions(
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
    database: Database | None,
    node_database: Database | None,
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
        neighbours=neighbours_of(tenant.neighbours),
        ports=ports_of(tenant),
        monitoring=Monitoring(**environment.monitoring.model_dump()),
        isolation=isolation_of(environment),
        log_storage=LogStorage(storage.storage_size, storage.storage_class_name),
        connection_check=check_options(environment),
    )


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


def _credentials(secret: given.DatabaseSecret, secret_name: str, password: Password | None) -> Credentials:
    if secret.generated is not None:
        return GeneratedPassword(secret_name, secret.generated.username)
    if secret.written is not None:
        return GivenPassword(secret_name, secret.written.username, _password(password))
    existing = secret.existing
    if existing is None:
        raise ValueError("a database needs credentials: the settings were not checked")
    return ExistingSecret(
        existing.name or secret_name, existing.username_key, existing.password_key, existing.version
    )


def _password(password: Password | None) -> pulumi.Output[str]:
    if password is None:
        raise ValueError("a Secret that is written needs its password: the settings were not checked")
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


def _resources(resources: ResourcesSettings) -> Resources:
    return Resources(resources.requests.model_dump(), resources.limits.model_dump())


def _security(environment: Environment) -> Security:
    return OPENSHIFT if environment.openshift else Security()
