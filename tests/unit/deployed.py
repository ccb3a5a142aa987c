"""The tenant of the samples, deployed (without changes, once for all tests), and the parts of its manifests."""

import functools
from collections.abc import Sequence
from typing import Any

from pulumi_ixn.components.connections import Connection
from pulumi_ixn.testing import Deployment, Manifest, deploy

from tests.unit.samples import ixn

WORKLOADS = {"server": "StatefulSet", "node": "Deployment", "vqnode": "Deployment"}


def made(preview: bool = False, **changes: Any) -> Deployment[Sequence[Connection]]:
    """Deploy a tenant with these arguments of an `Ixn` changed; the result is its `connections`."""
    return _made(changes, preview) if changes else _unchanged(preview)


@functools.cache
def _unchanged(preview: bool) -> Deployment[Sequence[Connection]]:
    return _made({}, preview)


def _made(changes: dict[str, Any], preview: bool) -> Deployment[Sequence[Connection]]:
    return deploy(lambda: ixn(**changes).connections, preview=preview)


def policy(found: Deployment[Any], workload: str, kind: str = "NetworkPolicy") -> Manifest:
    named = found.policy(f"ixn-{workload}-100")
    assert named["kind"] == kind
    return named["spec"]


def template(found: Deployment[Any], workload: str) -> Manifest:
    return found.manifest(WORKLOADS[workload], f"ixn-{workload}-100")["spec"]["template"]


def container(found: Deployment[Any], workload: str) -> Manifest:
    return container_of(template(found, workload))


def env(found: Deployment[Any], workload: str) -> dict[str, Any]:
    return env_of(template(found, workload))


def container_of(template: Manifest) -> Manifest:
    (only,) = template["spec"]["containers"]
    return only


def env_of(template: Manifest) -> dict[str, Any]:
    """Return the values of the variables, or where these come from, by name."""
    return {each["name"]: each.get("value", each.get("valueFrom")) for each in container_of(template)["env"]}
