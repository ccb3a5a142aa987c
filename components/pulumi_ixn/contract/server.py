"""The contract of the IXN Server container."""

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
from pulumi_ixn.contract.service_json import KAFKA_CERTIFICATES
from pulumi_ixn.spec import Parameter

_LOGS = "/mnt/logs"

SERVER_CONTRACT = Contract(
    env={
        "TENANT_ID": Key(TenantField("id"), FromVendor("tenant.id")),
        "TENANT_SID": Key(TenantField("sid"), FromVendor("tenant.sid")),
        "IXN_SERVER_PORT": Key(
            ListenPort(Parameter.SERVER_PORT), FromVendor("ixnService.ixnServer.ports.default")
        ),
        "IXN_METRICS_PORT": Key(
            ListenPort(Parameter.SERVER_PORTS), FromVendor("ixnService.ixnServer.ports.health")
        ),
        "CONF_SERVER_HOST": Key(Host(5), FromVendor("ixnService.ixnServer.confServer.host")),
        "CONF_SERVER_PORT": Key(Port(5), FromVendor("ixnService.ixnServer.confServer.port")),
        "CONF_SERVER_APP_NAME": Key(
            Constant("InteractionServer"), FromVendor("ixnService.ixnServer.confServer.appName")
        ),
        "KAFKA_BOOTSTRAP_SERVERS": Key(
            Addresses(6),
            Assumed("the address of connection 6 beside the mounted Secret, which others may have created"),
        ),
        "DB_ENGINE": Key(PeerProperty(16, "engine"), FromVendor("ixnService.ixnServer.db.engine")),
        "DB_HOST": Key(Host(16), FromVendor("ixnService.ixnServer.db.host")),
        "DB_PORT": Key(Port(16), FromVendor("ixnService.ixnServer.db.port")),
        "DB_NAME": Key(PeerProperty(16, "name"), FromVendor("ixnService.ixnServer.db.name")),
        "DB_CONNECTION_STRING": Key(
            Constant("KeepaliveInterval=1;KeepaliveTime=60;"),
            FromVendor("ixnService.ixnServer.db.connectionString"),
        ),
        "DB_USERNAME": Key(Credential(16, "username"), FromVendor("ixnService.ixnServer.secrets.db.username")),
        "DB_PASSWORD": Key(Credential(16, "password"), FromVendor("ixnService.ixnServer.secrets.db.password")),
        "DB_INIT_ENABLED": Key(Constant(True), FromVendor("ixnService.ixnServer.dbinit.enabled")),
        "PULSE_STAT_SERVERS": Key(
            Addresses(19), Assumed("the addresses of connection 19; the samples show no setting for them")
        ),
        "LOG_PATH": Key(Constant(_LOGS), FromVendor("ixnService.ixnServer.logStorage.mountPath")),
    },
    mounts={
        "logs": Mount(_LOGS, "logs", FromVendor("ixnService.ixnServer.logStorage.mountPath")),
        "kafka": Mount(
            "/mnt/env-secrets/kafka-secrets",
            6,
            FromVendor("ixnService.ixnServer.volumeMounts.kafka-shared-secret.mountPath"),
        ),
        "kafka-certificates": Mount(
            KAFKA_CERTIFICATES,
            CertificateFiles(6),
            Assumed("beside the mounted Secret, whose JSON names the files; the samples show no certificates"),
        ),
    },
    scratch={"tmp": Scratch("/tmp", "64Mi", Assumed("the usual directory for temporary files"))},  # noqa: S108
    shutdown=Shutdown(
        0,
        60,
        Assumed(
            "a minute to write out what is in memory; no other pod takes over, so to serve on would only lengthen "
            "the gap"
        ),
    ),
    startup=Probe(
        Parameter.SERVER_PORTS,
        Assumed("five minutes: the server initializes its schema before it serves"),
        period=2,
        failure_threshold=150,
    ),
    readiness=Probe(Parameter.SERVER_PORT, Assumed("ready means accepting connections 2, 3, 4 and 18")),
    liveness=Probe(
        Parameter.SERVER_PORTS, Assumed("the only HTTP endpoint in the table (12)"), http=True, period=30
    ),
)
"""IXN Server: environment variables, a log volume, the Secret of Kafka."""
