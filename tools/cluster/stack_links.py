"""The links of a stack's tenants, from its stack file: what the peers on a test cluster are generated from."""

from itertools import chain
from pathlib import Path
from typing import Any

import yaml
from pulumi_ixn import Tenant
from pulumi_ixn.components.tenant import workload_peers
from pulumi_ixn.config import load
from pulumi_ixn.config.arguments import ports_of
from pulumi_ixn.config.stack import Environment, Settings, TenantSettings
from pulumi_ixn.links import Links, resolve


def settings_of(stack_file: Path) -> Settings:
    """Return the settings of a stack file. Raises ConfigurationError with every issue."""
    config: dict[str, Any] = yaml.safe_load(stack_file.read_text(encoding="utf-8"))["config"]
    values = {key.removeprefix("ixn:"): value for key, value in config.items() if key.startswith("ixn:")}
    return load(values, {"secrets"} & values.keys())


def links_of(settings: Settings) -> dict[str, Links]:
    """Return the links of the three workloads of each tenant, by the tenant's key."""
    return {key: _links(settings.environment, tenant) for key, tenant in settings.tenants.items()}


def _links(environment: Environment, tenant: TenantSettings) -> Links:
    own = workload_peers(Tenant(tenant.id, tenant.sid), environment.namespace.name)
    links = resolve(own, {**tenant.peers.args(), **environment.peers.args()}, ports_of(tenant))
    return tuple(chain.from_iterable(links.values()))
