"""The arguments that the team's tenants share."""

import pulumi
from databases import database
from locations import TenantNamespace
from managed import ManagedPostgreSql
from pulumi_ixn import (
    IxnArgs,
    NodeAgent,
    Peers,
    PodArgs,
    PodSelector,
    ResourceRequirements,
    Service,
    Tenant,
    Versions,
)

_VOICE = {"team": "voice"}
_VERSIONS = Versions(server="100.0.007.0400", node="100.0.008.0501", vq_node="100.0.008.0201")
_RESOURCES = ResourceRequirements({"cpu": "100m", "memory": "512Mi"}, {"cpu": "500m", "memory": "2Gi"})

PEERS = Peers(
    config_server=Service("tenant-config", "voice", _VOICE),
    voice_config=Service("voice-config", "voice", _VOICE),
    voice_rq=Service("voice-rq", "voice", _VOICE, 11000),
    stat_server=PodSelector("voice", _VOICE),
    urs=PodSelector("voice", _VOICE),
    consul=NodeAgent(("10.0.0.0/16",), PodSelector("consul", {"app": "consul"})),
    gws_ixn_service=PodSelector("gws", {"app": "gws-ixn"}),
    prometheus=PodSelector("monitoring", {"app.kubernetes.io/name": "prometheus"}),
    pulse_stat_servers=Service("statserver", "pulse", {"app": "statserver"}),
)
"""The peers that are not managed services."""


def tenant_args(
    name: str,
    tenant: Tenant,
    shared: TenantNamespace,
    server: ManagedPostgreSql,
    registry: str,
    opts: pulumi.ResourceOptions,
) -> IxnArgs:
    """Return the arguments of a tenant with two databases of its own, for `dataclasses.replace` to change."""
    sid = tenant.sid
    # The name of the variable depends on the team's image.
    env: dict[str, pulumi.Input[str] | None] = {"DB_CERTIFICATE": server.certificate}
    return IxnArgs(
        tenant=tenant,
        versions=_VERSIONS,
        registry=registry,
        namespace=shared.namespace,
        server=PodArgs(resources=_RESOURCES, env=env),
        node=PodArgs(resources=_RESOURCES, env=env),
        vq_node=PodArgs(resources=_RESOURCES),
        database=database(f"{name}-ixn", shared, server, f"ixn-db-secret-{sid}", f"ixn-server-{sid}-db", opts),
        node_database=database(
            f"{name}-ixn-node", shared, server, f"ixn-node-db-secret-{sid}", f"ixn-node-{sid}-db", opts
        ),
        kafka=shared.kafka,
        redis=shared.redis,
        peers=PEERS,
    )
