"""What the team's tenants have in common."""

from collections.abc import Mapping

import pulumi
from managed import ManagedPostgreSql
from places import Place, database
from pulumi_ixn import (
    Absent,
    Endpoint,
    Image,
    IxnArgs,
    Neighbour,
    OwnNode,
    Party,
    PodArgs,
    Pods,
    Resources,
    Tenant,
)

_VOICE = (Pods("voice", {"team": "voice"}),)

NEIGHBOURS: Mapping[Party, Neighbour | Absent] = {
    Party.CONFIG_SERVER: Neighbour(_VOICE, (Endpoint("tenant-config.voice.svc"),)),
    Party.VOICE_CONFIG: Neighbour(_VOICE, (Endpoint("voice-config.voice.svc"),)),
    Party.VOICE_RQ: Neighbour(_VOICE, (Endpoint("voice-rq.voice.svc", 11000),)),
    Party.STAT_SERVER: Neighbour(_VOICE),
    Party.URS: Neighbour(_VOICE),
    Party.CONSUL: Neighbour((OwnNode(("10.0.0.0/16",), Pods("consul", {"app": "consul"})),)),
    Party.GWS_IXN_SERVICE: Neighbour((Pods("gws", {"app": "gws-ixn"}),)),
    Party.PROMETHEUS: Neighbour((Pods("monitoring", {"app.kubernetes.io/name": "prometheus"}),)),
    Party.PULSE_STAT_SERVERS: Neighbour(
        (Pods("pulse", {"app": "statserver"}),), (Endpoint("statserver.pulse.svc"),)
    ),
}
"""Every neighbour that is no managed service of ours."""


def tenant_args(
    name: str,
    tenant: Tenant,
    place: Place,
    server: ManagedPostgreSql,
    registry: str,
    opts: pulumi.ResourceOptions,
) -> IxnArgs:
    """Return the arguments of a tenant with two databases of its own, for `dataclasses.replace` to change."""
    # What the database's certificate is called there is between the team and its image.
    env = {"DB_CERTIFICATE": server.certificate}
    return IxnArgs(
        tenant=tenant,
        namespace=place.namespace,
        server=_pod(f"{registry}/ixn/interaction_server", "100.0.007.0400", env),
        node=_pod(f"{registry}/ixn/ixn_node", "100.0.008.0501", env),
        vq_node=_pod(f"{registry}/ixn/ixn_vq_node", "100.0.008.0201"),
        database=database(f"{name}-ixn", place.namespace, server, f"ixn-db-secret-{tenant.sid}", opts),
        node_database=database(
            f"{name}-ixn-node", place.namespace, server, f"ixn-node-db-secret-{tenant.sid}", opts
        ),
        kafka=place.kafka,
        redis=place.redis,
        neighbours=NEIGHBOURS,
    )


def _pod(repository: str, tag: str, env: Mapping[str, pulumi.Input[str]] | None = None) -> PodArgs:
    return PodArgs(
        image=Image(repository, tag),
        resources=Resources({"cpu": "100m", "memory": "512Mi"}, {"cpu": "500m", "memory": "2Gi"}),
        env=dict(env or {}),
    )
