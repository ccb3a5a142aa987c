"""The stack that is deployed: its config on the cluster, and its manifests for other tools."""

from collections.abc import Sequence
from typing import Any

from benchmarks import tenants
from benchmarks.tenants import CHECKOUT
from tests.compare.cases import Case
from tests.compare.mocks import generate
from tools.cluster.client import Object
from tools.cluster.objects import STORAGE_CLASS

NAMESPACE = "ixn"


def config(count: int) -> dict[str, Any]:
    """Return the config of a stack of `count` tenants in an existing namespace, which renders manifests."""
    several = tenants.config(count)
    several["ixn:namespace"] = {"name": NAMESPACE, "create": False}
    several["ixn:ixnService"]["ixnServer"]["logStorage"]["storageClassName"] = STORAGE_CLASS
    return several


def manifests(count: int) -> Sequence[Object]:
    """Return the objects of `count` tenants, in the order of their registration."""
    found = generate(CHECKOUT, Case("benchmark", CHECKOUT, "dev", config(count)))
    return [dict(each) for each in found.values()]
