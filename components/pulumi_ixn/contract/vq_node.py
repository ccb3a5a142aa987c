"""The contract of the IXN VQ Node container."""

from pulumi_ixn.contract.model import (
    Addresses,
    Assumed,
    CertificateFiles,
    Contract,
    FromVendor,
    Key,
    ListenPort,
    Mount,
    Probe,
    Scratch,
    Shutdown,
    TenantField,
)
from pulumi_ixn.contract.service_json import KAFKA_CERTIFICATES
from pulumi_ixn.spec import Parameter

VQ_NODE_CONTRACT = Contract(
    env={
        "TENANT_ID": Key(TenantField("id"), FromVendor("tenant.id")),
        "TENANT_SID": Key(TenantField("sid"), FromVendor("tenant.sid")),
        "VQ_NODE_PORT": Key(ListenPort(Parameter.VQ_NODE_DEFAULT), FromVendor("ixnVQNode.ports.default")),
        "VQ_NODE_METRICS_PORT": Key(ListenPort(Parameter.VQ_NODE_HEALTH), FromVendor("ixnVQNode.ports.health")),
        "KAFKA_BOOTSTRAP_SERVERS": Key(
            Addresses(7),
            Assumed("the address of connection 7 beside the mounted Secret, which others may have created"),
        ),
    },
    mounts={
        "kafka": Mount(
            "/mnt/env-secrets/kafka-secrets",
            7,
            FromVendor("ixnVQNode.volumeMounts.kafka-shared-secret.mountPath"),
        ),
        "kafka-certificates": Mount(
            KAFKA_CERTIFICATES,
            CertificateFiles(7),
            Assumed("beside the mounted Secret, whose JSON names the files; the samples show no certificates"),
        ),
    },
    scratch={"tmp": Scratch("/tmp", "64Mi", Assumed("the usual directory for temporary files"))},  # noqa: S108
    shutdown=Shutdown(
        10, 40, Assumed("its clients (8, 9) learn within seconds that an endpoint is gone; half a minute to drain")
    ),
    startup=Probe(Parameter.VQ_NODE_HEALTH, Assumed("two minutes to start"), period=2, failure_threshold=60),
    readiness=Probe(Parameter.VQ_NODE_DEFAULT, Assumed("ready means accepting connections 8 and 9")),
    liveness=Probe(
        Parameter.VQ_NODE_HEALTH, Assumed("the only HTTP endpoint in the table (10)"), http=True, period=30
    ),
)
"""IXN VQ Node: environment variables and the Secret of Kafka."""
