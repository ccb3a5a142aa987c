"""The values of a Secret."""

from base64 import b64decode
from collections.abc import Mapping

from tools.cluster.client import Client


def secret_values(client: Client, name: str, namespace: str) -> Mapping[str, str]:
    """Return the values of a Secret by their keys."""
    data = client.get("secret", name, f"--namespace={namespace}")["data"]
    return {key: b64decode(value).decode() for key, value in data.items()}
