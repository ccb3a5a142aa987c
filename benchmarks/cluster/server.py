"""The state of the API server before each measurement: an empty namespace, available volumes."""

from pulumi_ixn.config import load

from benchmarks.cluster.stack import NAMESPACE, config
from tests.cluster.live_stack import DATA
from tools.cluster.client import Client, Object
from tools.cluster.objects import monitoring_definitions
from tools.cluster.stack_secrets import secrets_of
from tools.cluster.templates import numbered

DELETION_SECONDS = 600


def define_monitoring(client: Client) -> None:
    """Create the definitions of ServiceMonitor and PrometheusRule."""
    client.apply(*monitoring_definitions(DATA))


def reset(client: Client, tenants: int) -> None:
    """Delete the namespace with everything in it and all volumes, and create them again, for `tenants` tenants.

    Claims that the StatefulSets left hold volumes, which would never be bound again.
    """
    client.run(
        "delete", f"namespace/{NAMESPACE}", "--ignore-not-found", f"--timeout={DELETION_SECONDS}s",
        seconds=DELETION_SECONDS,
    )  # fmt: skip
    client.run("delete", "persistentvolumes", "--all", f"--timeout={DELETION_SECONDS}s", seconds=DELETION_SECONDS)
    client.apply_text(numbered("volume", tenants))
    namespace: Object = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}
    client.apply(namespace, *_secrets(tenants))


def _secrets(count: int) -> list[Object]:
    """Return the Secrets that a stack of `count` tenants expects to exist."""
    values = {key.removeprefix("ixn:"): value for key, value in config(count).items()}
    return [*secrets_of(load(values, set()), "user:password")]
