"""Stack config -> settings -> one Ixn per tenant -> outputs."""

import json
import os
from itertools import chain
from pathlib import Path

import pulumi
import pulumi_kubernetes as k8s
from pulumi.runtime import config as runtime_config
from pulumi_ixn import Database, Ixn, KafkaReference, Party, RedisReference
from pulumi_ixn.inputs import lift_all
from pulumi_ixn.settings import ConfigurationError, load
from pulumi_ixn.settings.arguments import database_args, ixn_args, kafka_args, redis_args
from pulumi_ixn.settings.kubeconfig import for_provider, missing_context
from pulumi_ixn.settings.stack import Environment, TenantSettings


def main() -> None:
    """Bring up the tenants of the stack."""
    config = stack_config()
    try:
        settings = load(config, {key for key in config if runtime_config.is_config_secret(f"ixn:{key}")})
    except ConfigurationError as error:
        # Of a RunError the engine shows the text alone; other errors come with a traceback.
        raise pulumi.RunError(str(error)) from None

    environment = settings.environment
    opts = pulumi.ResourceOptions(provider=provider(environment))
    namespace = namespace_name(environment, opts)
    kafka_wanted, redis_wanted = kafka_args(environment, namespace), redis_args(environment, namespace)
    kafka = KafkaReference("kafka", kafka_wanted, opts) if kafka_wanted else None
    redis = RedisReference("redis", redis_wanted, opts) if redis_wanted else None

    def database(key: str, tenant: TenantSettings, party: Party, suffix: str) -> Database | None:
        wanted = database_args(environment, key, tenant, party, namespace)
        return Database(f"{key}{suffix}", wanted, renamed(opts, tenant, suffix)) if wanted else None

    def ixn(key: str, tenant: TenantSettings) -> Ixn:
        args = ixn_args(
            environment,
            tenant,
            namespace,
            kafka=kafka,
            redis=redis,
            database=database(key, tenant, Party.IXN_DB, "-server-db"),
            node_database=database(key, tenant, Party.IXN_NODE_DB, "-node-db"),
        )
        return Ixn(key, args, renamed(opts, tenant))

    tenants = [ixn(key, tenant) for key, tenant in settings.tenants.items()]
    connections = lift_all(
        [tenant.connections for tenant in tenants], lambda rows: list(chain.from_iterable(rows))
    )
    pulumi.export("isolation", environment.isolation)
    pulumi.export("connections", connections)


def stack_config() -> dict[str, object]:
    """Return the values of the `ixn:` keys; the engine hands over each that is no text as JSON."""
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


def provider(environment: Environment) -> k8s.Provider:
    """Return the provider of the stack's target: manifests, or a cluster, whose kubeconfig has to be there."""
    stack, context = pulumi.get_stack(), environment.target.context
    variable = os.environ.get("KUBECONFIG")
    lacking = context and missing_context(context, variable, Path.home())
    if lacking:
        raise pulumi.RunError(f"stack {stack}: {lacking}")
    return k8s.Provider(
        "kubernetes",
        render_yaml_to_directory=f"build/rendered/{stack}" if environment.target.render else None,
        context=context,
        kubeconfig=for_provider(variable) if context else None,
        # Otherwise changed data is delete-then-create, which a protected Secret refuses.
        enable_secret_mutable=True,
        enable_config_map_mutable=True,
    )


def namespace_name(environment: Environment, opts: pulumi.ResourceOptions) -> pulumi.Input[str]:
    """Return the namespace's name; make the namespace where it is ours."""
    name = environment.namespace.name
    if not environment.namespace.create:
        return name
    return k8s.core.v1.Namespace("namespace", metadata={"name": name}, opts=opts).metadata.apply(lambda _: name)


def renamed(opts: pulumi.ResourceOptions, tenant: TenantSettings, suffix: str = "") -> pulumi.ResourceOptions:
    """Return `opts` with an alias for each earlier key of the tenant."""
    aliases = [pulumi.Alias(name=f"{name}{suffix}") for name in tenant.formerly]
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(aliases=aliases))


main()
