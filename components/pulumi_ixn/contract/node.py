"""What the IXN Node's container expects."""

from pulumi_ixn.contract.model import (
    Addresses,
    Contract,
    Credential,
    Host,
    Key,
    Literally,
    Mount,
    Ours,
    OwnPort,
    Port,
    Probe,
    PropertyOf,
    TenantField,
    Vendor,
)
from pulumi_ixn.spec import Parameter

_SETTINGS = "/mnt/settings"

NODE_CONTRACT = Contract(
    env={
        "SETTINGS_PATH": Key(Literally(f"{_SETTINGS}/settings.json"), Vendor("ixnService.ixnNode.settings")),
        "CONSUL_HOST": Key(Host(1), Vendor("ixnService.ixnNode.consul.host")),
        "CONSUL_PORT": Key(Port(1), Vendor("ixnService.ixnNode.consul.port")),
        "DB_USERNAME": Key(Credential(17, "username"), Vendor("ixnService.ixnNode.secrets.db.username")),
        "DB_PASSWORD": Key(Credential(17, "password"), Vendor("ixnService.ixnNode.secrets.db.password")),
    },
    settings={
        "tenant.id": Key(TenantField("id"), Vendor("tenant.id")),
        "tenant.sid": Key(TenantField("sid"), Vendor("tenant.sid")),
        "ports.health": Key(
            OwnPort(Parameter.NODE_PORTS), Ours("connection 11; the samples show no such port of the node")
        ),
        "consul.port": Key(Port(1), Vendor("ixnService.ixnNode.consul.port")),
        "consul.sslMode": Key(Literally(False), Vendor("ixnService.ixnNode.consul.sslMode")),
        "ixnServer.host": Key(Host(2), Ours("connection 2; in the vendor's chart both share a pod")),
        "ixnServer.port": Key(Port(2), Ours("connection 2; in the vendor's chart both share a pod")),
        "rq": Key(Addresses(13), Ours("connection 13; the samples show no setting for it")),
        "configNode.host": Key(Host(14), Vendor("ixnService.ixnNode.configNode.host")),
        "configNode.port": Key(Port(14), Vendor("ixnService.ixnNode.configNode.port")),
        "redis": Key(Addresses(15, {"is_redis_cluster": "cluster"}), Vendor("ixnService.ixnNode.redis")),
        "redisOptions.tls.enabled": Key(
            PropertyOf(15, "tls"), Vendor("ixnService.ixnNode.redisOptions.tls.enabled")
        ),
        "redisOptions.tls.rejectUnauthorized": Key(
            PropertyOf(15, "rejectUnauthorized"),
            Vendor("ixnService.ixnNode.redisOptions.tls.rejectUnauthorized"),
        ),
        "db.host": Key(Host(17), Vendor("ixnService.ixnNode.db.host")),
        "db.port": Key(Port(17), Vendor("ixnService.ixnNode.db.port")),
        "db.name": Key(PropertyOf(17, "name"), Vendor("ixnService.ixnNode.db.name")),
        "db.options.keepAlive": Key(Literally(True), Vendor("ixnService.ixnNode.db.options.keepAlive")),
        "db.options.keepAliveInitialDelayMillis": Key(
            Literally(300000), Vendor("ixnService.ixnNode.db.options.keepAliveInitialDelayMillis")
        ),
        "dbinit.enabled": Key(Literally(True), Vendor("ixnService.ixnNode.dbinit.enabled")),
        "storingSessions.enabled": Key(Literally(True), Vendor("ixnService.ixnNode.storingSessions.enabled")),
    },
    mounts={
        "settings": Mount(_SETTINGS, "settings", Vendor("ixnService.ixnNode.settings.mountPath")),
        "redis": Mount(
            "/mnt/env-secrets/redis-secrets",
            15,
            Vendor("ixnService.ixnNode.volumeMounts.redis-ors-secret.mountPath"),
        ),
    },
    startup=Probe(
        Parameter.NODE_PORTS,
        Ours("five minutes: the node initialises its schema before it serves"),
        failure_threshold=30,
    ),
    readiness=Probe(Parameter.NODE_PORTS, Ours("the node's one port (11)"), http=True),
    liveness=Probe(Parameter.NODE_PORTS, Ours("the node's one port (11)"), http=True, period=30),
)
"""IXN Node: a JSON settings file, the Secret of Redis, the node's own address for Consul."""
