"""The program of a stack: read its configuration, deploy its tenants, export its outputs."""

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

import pulumi
import pulumi_kubernetes as k8s
from pulumi.runtime import config as runtime_config

from pulumi_ixn.components.dashboards import Dashboards
from pulumi_ixn.components.database import DatabaseReference
from pulumi_ixn.components.kafka import KafkaReference
from pulumi_ixn.components.postgres_cluster import PostgresCluster
from pulumi_ixn.components.redis import RedisReference
from pulumi_ixn.components.tenant import Ixn
from pulumi_ixn.config import Settings, load
from pulumi_ixn.config.arguments import dashboards_args, database_args, ixn_args, kafka_args, redis_args
from pulumi_ixn.config.cluster_arguments import cluster_args
from pulumi_ixn.config.kubeconfig import for_provider
from pulumi_ixn.config.stack import Environment, TenantSettings
from pulumi_ixn.conflicts import FORCE, explaining
from pulumi_ixn.inputs import apply_all
from pulumi_ixn.ownership import Owner, annotated, current_stack
from pulumi_ixn.spec import Party
from pulumi_ixn.stack_cluster import cluster_of, is_checked, rollouts
from pulumi_ixn.stack_namespace import last_update, namespace, resources
from pulumi_ixn.stack_traces import short_stack_traces

if TYPE_CHECKING:
    from pulumi_ixn.live.cluster import Cluster


def stack_settings() -> Settings:
    """Return the settings of the current stack.

    Raises ConfigurationError with every error; the engine prints it without a traceback.
    """
    config = _stack_config()
    return load(config, {key for key in config if runtime_config.is_config_secret(f"ixn:{key}")})


@short_stack_traces()
def deploy(settings: Settings, cluster: "Cluster | None" = None) -> None:
    """Register the resources of every tenant, and export the outputs `isolation`, `namespace` and `connections`.

    A stack on a cluster is checked before (`ixn:preflight`), waits for its rollouts, and exports `cluster`, the
    UID of the namespace kube-system. `cluster` is its API server: by default, that of the kubeconfig's context,
    and none on mocks. Call it once in a program. Raises pulumi.RunError if the kubeconfig lacks the context of the
    stack, if a check fails, or if a rollout does not finish.
    """
    environment = settings.environment
    known = resources() if is_checked(environment) else ()
    last = last_update(known)
    cluster = cluster_of(settings, last, known, cluster)
    opts = _opts(environment)
    shared = _owned(opts, environment)
    name = namespace(environment, shared, last)
    own_cluster = cluster_args(settings, name)
    shared_kafka, shared_redis = kafka_args(environment, name), redis_args(environment, name)
    rollout = rollouts(environment, cluster)
    kafka = KafkaReference("kafka", shared_kafka, shared) if shared_kafka else None
    redis = RedisReference("redis", shared_redis, shared) if shared_redis else None
    postgres = PostgresCluster("postgres-cluster", own_cluster, shared) if own_cluster else None

    if dashboards := dashboards_args(environment, name):
        Dashboards("dashboards", dashboards, shared)

    def tenant_opts(key: str, tenant: TenantSettings, suffix: str = "") -> pulumi.ResourceOptions:
        return _with_aliases(_owned(opts, environment, key, tenant.id), tenant, suffix)

    def database(key: str, tenant: TenantSettings, party: Party, suffix: str) -> DatabaseReference | None:
        args = database_args(environment, key, tenant, party, name, postgres)
        return DatabaseReference(f"{key}{suffix}", args, tenant_opts(key, tenant, suffix)) if args else None

    def ixn(key: str, tenant: TenantSettings) -> Ixn:
        args = ixn_args(
            environment,
            tenant,
            name,
            kafka=kafka,
            redis=redis,
            database=database(key, tenant, Party.IXN_DB, "-server-db"),
            node_database=database(key, tenant, Party.IXN_NODE_DB, "-node-db"),
        )
        return Ixn(key, replace(args, rollout=rollout), tenant_opts(key, tenant))

    tenants = [ixn(key, tenant) for key, tenant in settings.tenants.items()]
    _export(environment, name, tenants)


def _export(environment: Environment, namespace: pulumi.Input[str], tenants: Sequence[Ixn]) -> None:
    connections = apply_all(
        [tenant.connections for tenant in tenants], lambda rows: list(chain.from_iterable(rows))
    )
    pulumi.export("isolation", environment.isolation)
    created, live = environment.namespace.create, not environment.target.render
    pulumi.export("namespace", {"name": namespace, "created": created, "cluster": live})
    pulumi.export("connections", connections)


def _stack_config() -> dict[str, object]:
    """Return the values of the `ixn:` keys; the engine passes each that is not a string as JSON."""
    config: dict[str, object] = {}
    for key, text in runtime_config.CONFIG.get().items():
        namespace, _, name = key.partition(":")
        if namespace != "ixn":
            continue
        try:
            config[name] = json.loads(text)
        except (ValueError, RecursionError):
            config[name] = text
    return config


def _opts(environment: Environment) -> pulumi.ResourceOptions:
    """Return options for all resources: the provider and, on a cluster, what explains field conflicts."""
    opts = pulumi.ResourceOptions(provider=_provider(environment))
    return opts if environment.target.render else pulumi.ResourceOptions.merge(opts, explaining())


def _provider(environment: Environment) -> k8s.Provider:
    """Return the provider for the stack's target: rendered manifests, or a cluster."""
    target = environment.target
    return k8s.Provider(
        "kubernetes",
        render_yaml_to_directory=f"build/rendered/{pulumi.get_stack()}" if target.render else None,
        context=target.context,
        # Never None: the SDK would then pass the value of KUBECONFIG, which a rendering provider rejects.
        kubeconfig="" if target.render else for_provider(os.environ.get("KUBECONFIG")),
        # Otherwise changed data replaces the object (delete, then create), and pods miss it in between.
        enable_secret_mutable=True,
        enable_config_map_mutable=True,
    )


def _owned(
    opts: pulumi.ResourceOptions,
    environment: Environment,
    tenant: str | None = None,
    tenant_id: str | None = None,
) -> pulumi.ResourceOptions:
    """Return `opts` that record the owner on each object on a cluster, and whether to overwrite foreign changes.

    Rendered manifests have neither.
    """
    if environment.target.render:
        return opts
    owner = Owner(current_stack(), tenant, tenant_id)
    force = {FORCE: "true"} if environment.force_conflicts else {}
    return pulumi.ResourceOptions.merge(opts, annotated({**owner.annotations, **force}))


def _with_aliases(opts: pulumi.ResourceOptions, tenant: TenantSettings, suffix: str) -> pulumi.ResourceOptions:
    """Return `opts` with an alias for each earlier key of the tenant."""
    aliases = [pulumi.Alias(name=f"{name}{suffix}") for name in tenant.aliases]
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(aliases=aliases))
