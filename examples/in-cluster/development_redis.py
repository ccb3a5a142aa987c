"""Redis for development: one server with a generated password, without TLS. Not for production."""

from collections.abc import Sequence

import pulumi
import pulumi_kubernetes as k8s
import pulumi_random as random
from development_server import DevelopmentServer, DevelopmentServerArgs
from pulumi_ixn import Credentials, PodSelector, Redis

IMAGE = "docker.io/library/redis:7.4"
PORT = 6379

CONFIGURATION = """\
port {port}
dir /data
appendonly yes
requirepass {password}
"""
"""The password has letters and digits only: nothing in it means anything to Redis."""


def development_redis(
    namespace: pulumi.Input[str], clients: Sequence[PodSelector], opts: pulumi.ResourceOptions
) -> tuple[DevelopmentServer, Redis]:
    """Deploy the server, and return it and the arguments for IXN."""
    password = random.RandomPassword("redis-password", length=32, special=False).result
    k8s.core.v1.Secret(
        "redis",
        metadata={"name": "redis", "namespace": namespace},
        # The whole file, so that the password is in no argument of a process.
        string_data={"redis.conf": password.apply(lambda text: CONFIGURATION.format(port=PORT, password=text))},
        opts=opts,
    )
    server = DevelopmentServer(
        "redis",
        DevelopmentServerArgs(
            namespace=namespace,
            port=PORT,
            user=999,  # of the image
            container={
                "name": "redis",
                "image": IMAGE,
                "command": ["redis-server", "/configuration/redis.conf"],
                "resources": {
                    "requests": {"cpu": "50m", "memory": "128Mi", "ephemeral-storage": "16Mi"},
                    "limits": {"cpu": "500m", "memory": "512Mi", "ephemeral-storage": "64Mi"},
                },
            },
            configuration={"name": "configuration", "secret": {"secret_name": "redis"}},
            clients=clients,
        ),
        opts,
    )
    login = Credentials.managed(password=password)
    return server, Redis((server.endpoint,), (server.pods,), login, cluster=False)
