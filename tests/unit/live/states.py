"""Resources, states and objects for tests of recovery."""

from collections.abc import Mapping
from typing import Any

PREFIX = "urn:pulumi:dev::ixn::"
STACK = f"{PREFIX}pulumi:pulumi:Stack::ixn-dev"
PROVIDER = f"{PREFIX}pulumi:providers:kubernetes::kubernetes"
PROVIDER_REFERENCE = f"{PROVIDER}::1234"
OWNER = "organization/ixn/dev"


def stack() -> dict[str, Any]:
    return {"urn": STACK, "type": "pulumi:pulumi:Stack", "custom": False}


def provider() -> dict[str, Any]:
    return {"urn": PROVIDER, "type": "pulumi:providers:kubernetes", "custom": True, "id": "1234", "parent": STACK}


def component(name: str, **fields: Any) -> dict[str, Any]:
    kind = "ixn:index:Ixn"
    return {"urn": f"{PREFIX}{kind}::{name}", "type": kind, "custom": False, "parent": STACK, **fields}


def config_map(name: str, **fields: Any) -> dict[str, Any]:
    """A resource as it is planned; `fields` are those of a recorded one, or others."""
    kind = "kubernetes:core/v1:ConfigMap"
    inputs = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "ixn"}}
    found = {"urn": f"{PREFIX}{kind}::{name}", "type": kind, "custom": True, "inputs": inputs, "parent": STACK}
    return {**found, "provider": PROVIDER_REFERENCE, **fields}


def live(name: str, owner: str | None = OWNER, **fields: Any) -> dict[str, Any]:
    """The object of `config_map(name)`."""
    annotations = {"ixn-pulumi/stack": owner} if owner else {}
    metadata = {"name": name, "namespace": "ixn", "uid": f"uid-{name}", "annotations": annotations}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, **fields}


def state(*resources: Mapping[str, Any]) -> dict[str, Any]:
    """A deployment with the stack and its provider."""
    return {"resources": [stack(), provider(), *resources]}


def creating(*resources: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "creating", "resource": each} for each in resources]
