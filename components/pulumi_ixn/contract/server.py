"""What the IXN Server's container expects."""

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

_LOGS = "/mnt/logs"

SERVER_CONTRACT = Contract(
    env={
        "TENANT_ID": Key(TenantField("id"), Vendor("tenant.id")),
        "TENANT_SID": Key(TenantField("sid"), Vendor("tenant.sid")),
        "IXN_SERVER_PORT": Key(OwnPort(Parameter.SERVER_PORT), Vendor("ixnService.ixnServer.ports.default")),
        "IXN_METRICS_PORT": Key(OwnPort(Parameter.SERVER_PORTS), Vendor("ixnService.ixnServer.ports.health")),
        "CONF_SERVER_HOST": Key(Host(5), Vendor("ixnService.ixnServer.confServer.host")),
        "CONF_SERVER_PORT": Key(Port(5), Vendor("ixnService.ixnServer.confServer.port")),
        "CONF_SERVER_APP_NAME": Key(
            Literally("InteractionServer"), Vendor("ixnService.ixnServer.confServer.appName")
        ),
        "KAFKA_BOOTSTRAP_SERVERS": Key(
            Addresses(6), Ours("the address of connection 6 beside the mounted Secret, which may be foreign")
        ),
        "DB_ENGINE": Key(PropertyOf(16, "engine"), Vendor("ixnService.ixnServer.db.engine")),
        "DB_HOST": Key(Host(16), Vendor("ixnService.ixnServer.db.host")),
        "DB_PORT": Key(Port(16), Vendor("ixnService.ixnServer.db.port")),
        "DB_NAME": Key(PropertyOf(16, "name"), Vendor("ixnService.ixnServer.db.name")),
        "DB_CONNECTION_STRING": Key(
            Literally("KeepaliveInterval=1;KeepaliveTime=60;"),
            Vendor("ixnService.ixnServer.db.connectionString"),
        ),
        "DB_USERNAME": Key(Credential(16, "username"), Vendor("ixnService.ixnServer.secrets.db.username")),
        "DB_PASSWORD": Key(Credential(16, "password"), Vendor("ixnService.ixnServer.secrets.db.password")),
        "DB_INIT_ENABLED": Key(Literally(True), Vendor("ixnService.ixnServer.dbinit.enabled")),
        "PULSE_STAT_SERVERS": Key(
            Addresses(19), Ours("the addresses of connection 19; the samples show no setting for them")
        ),
        "LOG_PATH": Key(Literally(_LOGS), Vendor("ixnService.ixnServer.logStorage.mountPath")),
    },
    mounts={
        "logs": Mount(_LOGS, "logs", Vendor("ixnService.ixnServer.logStorage.mountPath")),
        "kafka": Mount(
            "/mnt/env-secrets/kafka-secrets",
            6,
            Vendor("ixnService.ixnServer.volumeMounts.kafka-shared-secret.mountPath"),
        ),
    },
    startup=Probe(
        Parameter.SERVER_PORTS,
        Ours("five minutes: the server initialises its schema before it serves"),
        failure_threshold=30,
    ),
    readiness=Probe(Parameter.SERVER_PORT, Ours("ready is who takes connections 2, 3, 4 and 18")),
    liveness=Probe(
        Parameter.SERVER_PORTS, Ours("the one HTTP answer that the table knows (12)"), http=True, period=30
    ),
)
"""IXN Server: environment variables, a log volume, the Secret of Kafka."""
