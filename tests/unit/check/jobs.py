"""The Jobs of a tenant's connectivity check, and the parts of their manifests."""

import functools
from collections.abc import Mapping
from typing import Any

from pulumi_ixn import (
    Absent,
    ConnectivityCheckOptions,
    Image,
    Party,
    Peer,
)
from pulumi_ixn.testing import Deployment

from tests.unit import deployed
from tests.unit.deployed import container_of, env_of
from tests.unit.samples import PEERS

IMAGE = Image("tools/busybox", "1.37", "registry.example.com")

OPTIONS = ConnectivityCheckOptions(IMAGE)


def made(preview: bool = False, **changes: Any) -> Deployment[Any]:
    """Deploy a tenant with Jobs; without changes, once for all tests."""
    if not changes:
        return _unchanged(preview)
    return deployed.made(preview, **{"connectivity_check": OPTIONS, **changes})


@functools.cache
def _unchanged(preview: bool) -> Deployment[Any]:
    return deployed.made(preview, connectivity_check=OPTIONS)


def with_peer(party: Party, peer: Peer | Absent) -> dict[str, Any]:
    return {"peers": {**PEERS, party: peer}}


def jobs(found: Deployment[Any]) -> dict[str, Mapping[str, Any]]:
    return {each["metadata"]["name"]: each for each in found.manifests if each.get("kind") == "Job"}


def job(found: Deployment[Any], workload: str) -> Mapping[str, Any]:
    return jobs(found)[f"ixn-{workload}-100-check"]


def template(found: Deployment[Any], workload: str) -> Mapping[str, Any]:
    return job(found, workload)["spec"]["template"]


def container(found: Deployment[Any], workload: str) -> Mapping[str, Any]:
    return container_of(template(found, workload))


def env(found: Deployment[Any], workload: str) -> dict[str, Any]:
    return env_of(template(found, workload))


def targets(found: Deployment[Any], workload: str) -> list[str]:
    return env(found, workload)["TARGETS"].split("\n")
