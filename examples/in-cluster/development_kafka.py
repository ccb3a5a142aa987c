"""Kafka for development: one broker in KRaft mode, which is its own controller. Not for production."""

from collections.abc import Sequence

import pulumi
import pulumi_kubernetes as k8s
from development_server import SCRATCH, DevelopmentServer, DevelopmentServerArgs
from pulumi_ixn import Credentials, Kafka, PodSelector
from pulumi_kubernetes.core.v1 import EnvVarArgsDict, ResourceRequirementsArgsDict

IMAGE = "docker.io/apache/kafka:4.3.1"
PORT = 9092

PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@localhost:9093
controller.listener.names=CONTROLLER
listeners=CLIENTS://:{port},CONTROLLER://localhost:9093
advertised.listeners=CLIENTS://{host}:{port}
listener.security.protocol.map=CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=CLIENTS
log.dirs=/data/kafka
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
"""
"""Clients reach the broker at the host of its Service; the controller listens in the pod alone."""

_CONFIGURATION = "/configuration/server.properties"
_SCRIPTS = "/opt/kafka/bin"
_LOGS: EnvVarArgsDict = {"name": "LOG_DIR", "value": f"{SCRATCH}/logs"}
_RESOURCES: ResourceRequirementsArgsDict = {
    "requests": {"cpu": "100m", "memory": "768Mi", "ephemeral-storage": "64Mi"},
    "limits": {"cpu": "1", "memory": "1Gi", "ephemeral-storage": "256Mi"},
}


def development_kafka(
    namespace: pulumi.Input[str], clients: Sequence[PodSelector], opts: pulumi.ResourceOptions
) -> tuple[DevelopmentServer, Kafka]:
    """Deploy the broker, and return it and the arguments for IXN."""
    host = pulumi.Output.concat("kafka.", namespace, ".svc")
    k8s.core.v1.ConfigMap(
        "kafka",
        metadata={"name": "kafka", "namespace": namespace},
        data={"server.properties": host.apply(lambda known: PROPERTIES.format(host=known, port=PORT))},
        opts=opts,
    )
    formatting = ["format", "--ignore-formatted", "--cluster-id", "in-cluster-example", "--config", _CONFIGURATION]
    server = DevelopmentServer(
        "kafka",
        DevelopmentServerArgs(
            namespace=namespace,
            port=PORT,
            user=1000,  # of the image
            container={
                "name": "kafka",
                "image": IMAGE,
                "command": [f"{_SCRIPTS}/kafka-server-start.sh", _CONFIGURATION],
                "env": [_LOGS, {"name": "KAFKA_HEAP_OPTS", "value": "-Xms256m -Xmx512m"}],
                "resources": _RESOURCES,
            },
            init_containers=[
                {
                    "name": "format",
                    "image": IMAGE,
                    "command": [f"{_SCRIPTS}/kafka-storage.sh", *formatting],
                    "env": [_LOGS],
                    "resources": _RESOURCES,
                }
            ],
            configuration={"name": "configuration", "config_map": {"name": "kafka"}},
            clients=clients,
        ),
        opts,
    )
    return server, Kafka((server.endpoint,), (server.pods,), Credentials.managed())
