"""The program of a stack: read its configuration, deploy its tenants, export its outputs."""

import json
import os
from itertools import chain
from pathlib import Path

import pulumi
import pulumi_kubernetes as k8s
from pulumi.runtime import config as runtime_config

from pulumi_ixn.components.database import DatabaseReference
from pulumi_ixn.components.kafka import KafkaReference
from pulumi_ixn.components.redis import RedisReference
from pulumi_ixn.components.tenant import Ixn
from pulumi_ixn.config import Settings, load
from pulumi_ixn.config.arguments import database_args, ixn_args, kafka_args, redis_args
from pulumi_ixn.config.kubeconfig import for_provider, missing_context
from pulumi_ixn.config.stack import Environment, TenantSettings
from pulumi_ixn.inputs import apply_all
from pulumi_ixn.ownership import Owner, annotated, current_stack
from pulumi_ixn.spec import Party
from pulumi_ixn.stack_namespace import namespace
from pulumi_ixn.stack_traces import short_stack_traces


def stack_settings() -> Settings:
    """Return the settings of the current stack.

    Raises ConfigurationError with every error; the engine prints it without a traceback.
    """
    config = _stack_config()
    return load(config, {key for key in config if runtime_config.is_config_secret(f"ixn:{key}")})


@short_stack_traces()
def deploy(settings: Settings) -> None:
    """Register the resources of every tenant, and export the outputs `isolation`, `namespace` and `connections`.

    Call it once in a Pulumi program. Raises pulumi.RunError if the stack's context is not in the kubeconfig.
    """
    environment = settings.environment
    opts = pulumi.ResourceOptions(provider=_provider(environment))
    name = namespace(environment, opts)
    shared_kafka, shared_redis = kafka_args(environment, name), redis_args(environment, name)
    shared = _owned(opts, environment)
    kafka = KafkaReference("kafka", shared_kafka, shared) if shared_kafka else None
    redis = RedisReference("redis", shared_redis, shared) if shared_redis else None

    def tenant_opts(key: str, tenant: TenantSettings, suffix: str = "") -> pulumi.ResourceOptions:
        return _with_aliases(_owned(opts, environment, key), tenant, suffix)

    def database(key: str, tenant: TenantSettings, party: Party, suffix: str) -> DatabaseReference | None:
        args = database_args(environment, key, tenant, party, name)
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
        return Ixn(key, args, tenant_opts(key, tenant))

    tenants = [ixn(key, tenant) for key, tenant in settings.tenants.items()]
    connections = apply_all(
        [tenant.connections for tenant in tenants], lambda rows: list(chain.from_iterable(rows))
    )
    pulumi.export("isolation", environment.isolation)
    created, cluster = environment.namespace.create, not environment.target.render
    pulumi.export("namespace", {"name": name, "created": created, "cluster": cluster})
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


def _provider(environment: Environment) -> k8s.Provider:
    """Return the provider for the stack's target: rendered manifests, or a cluster whose context must exist."""
    stack, target = pulumi.get_stack(), environment.target
    variable = os.environ.get("KUBECONFIG")
    problem = target.context and missing_context(target.context, variable, Path.home())
    if problem:
        raise pulumi.RunError(f"stack {stack}: {problem}")
    return k8s.Provider(
        "kubernetes",
        render_yaml_to_directory=f"build/rendered/{stack}" if target.render else None,
        context=target.context,
        # Never None: the SDK would then pass the value of KUBECONFIG, which a rendering provider rejects.
        kubeconfig="" if target.render else for_provider(variable),
        # Otherwise changed data replaces the object (delete, then create), and pods miss it in between.
        enable_secret_mutable=True,
        enable_config_map_mutable=True,
    )


def _owned(
    opts: pulumi.ResourceOptions, environment: Environment, tenant: str | None = None
) -> pulumi.ResourceOptions:
    """Return `opts` that record the owner on each object on a cluster; rendered manifests have none."""
    if environment.target.render:
        return opts
    owner = Owner(current_stack(), tenant)
    return pulumi.ResourceOptions.merge(opts, annotated(owner.annotations))


def _with_aliases(opts: pulumi.ResourceOptions, tenant: TenantSettings, suffix: str) -> pulumi.ResourceOptions:
    """Return `opts` with an alias for each earlier key of the tenant."""
    aliases = [pulumi.Alias(name=f"{name}{suffix}") for name in tenant.aliases]
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(aliases=aliases))
