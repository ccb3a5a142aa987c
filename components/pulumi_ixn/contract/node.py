"""The contract of the IXN Node container."""

from pulumi_ixn.contract.model import (
    Addresses,
    Assumed,
    CertificateFiles,
    Constant,
    Contract,
    Credential,
    FromVendor,
    Host,
    Key,
    ListenPort,
    Mount,
    PeerProperty,
    Port,
    Probe,
    Scratch,
    Shutdown,
    TenantField,
)
from pulumi_ixn.contract.service_json import REDIS_CERTIFICATES
from pulumi_ixn.spec import Parameter

_SETTINGS = "/mnt/settings"

NODE_CONTRACT = Contract(
    env={
        "SETTINGS_PATH": Key(Constant(f"{_SETTINGS}/settings.json"), FromVendor("ixnService.ixnNode.settings")),
        "CONSUL_HOST": Key(Host(1), FromVendor("ixnService.ixnNode.consul.host")),
        "CONSUL_PORT": Key(Port(1), FromVendor("ixnService.ixnNode.consul.port")),
        "DB_USERNAME": Key(Credential(17, "username"), FromVendor("ixnService.ixnNode.secrets.db.username")),
        "DB_PASSWORD": Key(Credential(17, "password"), FromVendor("ixnService.ixnNode.secrets.db.password")),
    },
    settings={
        "tenant.id": Key(TenantField("id"), FromVendor("tenant.id")),
        "tenant.sid": Key(TenantField("sid"), FromVendor("tenant.sid")),
        "ports.health": Key(
            ListenPort(Parameter.NODE_PORTS), Assumed("connection 11; the samples show no such port for the node")
        ),
        "consul.port": Key(Port(1), FromVendor("ixnService.ixnNode.consul.port")),
        "consul.sslMode": Key(Constant(False), FromVendor("ixnService.ixnNode.consul.sslMode")),
        "ixnServer.host": Key(Host(2), Assumed("connection 2; in the vendor's chart both share a pod")),
        "ixnServer.port": Key(Port(2), Assumed("connection 2; in the vendor's chart both share a pod")),
        "rq": Key(Addresses(13), Assumed("connection 13; the samples show no setting for it")),
        "configNode.host": Key(Host(14), FromVendor("ixnService.ixnNode.configNode.host")),
        "configNode.port": Key(Port(14), FromVendor("ixnService.ixnNode.configNode.port")),
        "redis": Key(Addresses(15, {"is_redis_cluster": "cluster"}), FromVendor("ixnService.ixnNode.redis")),
        "redisOptions.tls.enabled": Key(
            PeerProperty(15, "tls"), FromVendor("ixnService.ixnNode.redisOptions.tls.enabled")
        ),
        "redisOptions.tls.rejectUnauthorized": Key(
            PeerProperty(15, "rejectUnauthorized"),
            FromVendor("ixnService.ixnNode.redisOptions.tls.rejectUnauthorized"),
        ),
        "db.host": Key(Host(17), FromVendor("ixnService.ixnNode.db.host")),
        "db.port": Key(Port(17), FromVendor("ixnService.ixnNode.db.port")),
        "db.name": Key(PeerProperty(17, "name"), FromVendor("ixnService.ixnNode.db.name")),
        "db.options.keepAlive": Key(Constant(True), FromVendor("ixnService.ixnNode.db.options.keepAlive")),
        "db.options.keepAliveInitialDelayMillis": Key(
            Constant(300000), FromVendor("ixnService.ixnNode.db.options.keepAliveInitialDelayMillis")
        ),
        "dbinit.enabled": Key(Constant(True), FromVendor("ixnService.ixnNode.dbinit.enabled")),
        "storingSessions.enabled": Key(Constant(True), FromVendor("ixnService.ixnNode.storingSessions.enabled")),
    },
    mounts={
        "settings": Mount(_SETTINGS, "settings", FromVendor("ixnService.ixnNode.settings.mountPath")),
        "redis": Mount(
            "/mnt/env-secrets/redis-secrets",
            15,
            FromVendor("ixnService.ixnNode.volumeMounts.redis-ors-secret.mountPath"),
        ),
        "redis-certificates": Mount(
            REDIS_CERTIFICATES,
            CertificateFiles(15),
            Assumed("beside the mounted Secret, whose JSON names the files; the samples show no certificates"),
        ),
    },
    scratch={"tmp": Scratch("/tmp", "64Mi", Assumed("the usual directory for temporary files"))},  # noqa: S108
    shutdown=Shutdown(
        0, 60, Assumed("a minute to finish outbound work; nobody but Prometheus connects to the node (11)")
    ),
    startup=Probe(
        Parameter.NODE_PORTS,
        Assumed("five minutes: the node initializes its schema before it serves"),
        period=2,
        failure_threshold=150,
    ),
    readiness=Probe(
        Parameter.NODE_PORTS,
        Assumed("ready means answering: its metrics (11), the only thing that it serves"),
        http=True,
    ),
    liveness=Probe(
        Parameter.NODE_PORTS,
        Assumed(
            "alive means accepting connections: a slow answer is no reason to restart it, and no more is known"
        ),
        period=30,
    ),
)
"""IXN Node: a JSON settings file, the Secret of Redis, the node's own address for Consul."""
