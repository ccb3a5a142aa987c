"""The links of a stack's tenants, from its stack file: what the peers on a test cluster are generated from."""

from itertools import chain
from pathlib import Path
from typing import Any

import yaml
from pulumi_ixn import Absent, Neighbour, Party, Tenant
from pulumi_ixn.settings import load
from pulumi_ixn.settings import neighbours as given
from pulumi_ixn.settings.arguments import DATABASES, ports_of
from pulumi_ixn.settings.peers import endpoint_of, endpoints_of, neighbour_of, neighbours_of, places_of, wire_of
from pulumi_ixn.settings.stack import Environment, Settings, TenantSettings
from pulumi_ixn.tenant import own_neighbours
from pulumi_ixn.topology import Links, resolve


def settings_of(stack_file: Path) -> Settings:
    """Return the settings of a stack file. Raises ConfigurationError with every mistake."""
    config: dict[str, Any] = yaml.safe_load(stack_file.read_text(encoding="utf-8"))["config"]
    values = {key.removeprefix("ixn:"): value for key, value in config.items() if key.startswith("ixn:")}
    return load(values, {"secrets"} & values.keys())


def links_of(settings: Settings) -> dict[str, Links]:
    """Return the links of the three workloads of each tenant, by the tenant's key."""
    return {key: _links(settings.environment, tenant) for key, tenant in settings.tenants.items()}


def _links(environment: Environment, tenant: TenantSettings) -> Links:
    own = own_neighbours(Tenant(tenant.id, tenant.sid), environment.namespace.name)
    links = resolve(own, _peers(environment, tenant), ports_of(tenant))
    return tuple(chain.from_iterable(links.values()))


def _peers(environment: Environment, tenant: TenantSettings) -> dict[Party, Neighbour | Absent]:
    shared = environment.neighbours
    return {
        **neighbours_of(tenant.neighbours),
        Party.KAFKA: _advertising(shared.kafka),
        Party.ORS_REDIS_STREAM: _advertising(shared.ors_redis_stream),
        **{party: _database(getattr(tenant.neighbours, name)) for party, name in DATABASES.items()},
    }


def _advertising(settings: given.Gone | given.Kafka | given.Redis) -> Neighbour | Absent:
    if isinstance(settings, given.Gone):
        return Absent()
    dialed, advertised = endpoints_of(settings.endpoints), endpoints_of(settings.advertised)
    return Neighbour(places_of(settings), dialed, advertised, wire_of(settings))


def _database(settings: given.Gone | given.Database) -> Neighbour | Absent:
    if isinstance(settings, given.Gone):
        return neighbour_of(settings)
    return Neighbour(places_of(settings), (endpoint_of(settings.endpoint),), wire=wire_of(settings))
