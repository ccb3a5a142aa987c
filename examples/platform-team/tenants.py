"""What the team's tenants have in common."""

from collections.abc import Mapping

import pulumi
from locations import Location, database
from managed import ManagedPostgreSql
from pulumi_ixn import (
    Absent,
    Endpoint,
    Image,
    IxnArgs,
    NodeAgent,
    Party,
    Peer,
    PodArgs,
    PodSelector,
    ResourceRequirements,
    Tenant,
)

_VOICE = (PodSelector("voice", {"team": "voice"}),)

PEERS: Mapping[Party, Peer | Absent] = {
    Party.CONFIG_SERVER: Peer(_VOICE, (Endpoint("tenant-config.voice.svc"),)),
    Party.VOICE_CONFIG: Peer(_VOICE, (Endpoint("voice-config.voice.svc"),)),
    Party.VOICE_RQ: Peer(_VOICE, (Endpoint("voice-rq.voice.svc", 11000),)),
    Party.STAT_SERVER: Peer(_VOICE),
    Party.URS: Peer(_VOICE),
    Party.CONSUL: Peer((NodeAgent(("10.0.0.0/16",), PodSelector("consul", {"app": "consul"})),)),
    Party.GWS_IXN_SERVICE: Peer((PodSelector("gws", {"app": "gws-ixn"}),)),
    Party.PROMETHEUS: Peer((PodSelector("monitoring", {"app.kubernetes.io/name": "prometheus"}),)),
    Party.PULSE_STAT_SERVERS: Peer(
        (PodSelector("pulse", {"app": "statserver"}),), (Endpoint("statserver.pulse.svc"),)
    ),
}
"""Every peer that is no managed service of ours."""


def tenant_args(
    name: str,
    tenant: Tenant,
    location: Location,
    server: ManagedPostgreSql,
    registry: str,
    opts: pulumi.ResourceOptions,
) -> IxnArgs:
    """Return the arguments of a tenant with two databases of its own, for `dataclasses.replace` to change."""
    # What the database's certificate is called there is between the team and its image.
    env = {"DB_CERTIFICATE": server.certificate}
    return IxnArgs(
        tenant=tenant,
        namespace=location.namespace,
        server=_pod(f"{registry}/ixn/interaction_server", "100.0.007.0400", env),
        node=_pod(f"{registry}/ixn/ixn_node", "100.0.008.0501", env),
        vq_node=_pod(f"{registry}/ixn/ixn_vq_node", "100.0.008.0201"),
        database=database(f"{name}-ixn", location.namespace, server, f"ixn-db-secret-{tenant.sid}", opts),
        node_database=database(
            f"{name}-ixn-node", location.namespace, server, f"ixn-node-db-secret-{tenant.sid}", opts
        ),
        kafka=location.kafka,
        redis=location.redis,
        peers=PEERS,
    )


def _pod(repository: str, tag: str, env: Mapping[str, pulumi.Input[str]] | None = None) -> PodArgs:
    return PodArgs(
        image=Image(repository, tag),
        resources=ResourceRequirements({"cpu": "100m", "memory": "512Mi"}, {"cpu": "500m", "memory": "2Gi"}),
        env=dict(env or {}),
    )
