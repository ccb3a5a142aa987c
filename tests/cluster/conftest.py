"""A cluster of one node, and a stack deployed on it by the real engine."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.cluster.deployment import Deployment, make_deployment
from tools.builder import built
from tools.cluster import node
from tools.cluster.node import Cluster
from tools.cluster.preflight import check_machine
from tools.errors import UserError

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this directory."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.cluster)


@pytest.fixture(scope="session")
def able() -> None:
    """Skip the tests if another cluster is named or, except in CI, if the machine cannot run a node."""
    if other := os.environ.get("IXN_CLUSTER_KUBECONFIG"):
        pytest.skip(f"needs the node of this project, its namespaces and its host's addresses, not {other}")
    try:
        check_machine(os.environ, node.PROGRAMS)
    except UserError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(" ".join(str(error).split()))


@pytest.fixture(scope="session")
def cluster(able: None) -> Generator[Cluster]:
    """Return a node for the tests, which ends with them even if they are killed."""
    with node.running_node(f"t{os.getpid()}") as running:
        yield running


@pytest.fixture(scope="session")
def double() -> Path:
    """Return the program that plays the workloads and their peers."""
    return built(["double"], os.environ)["double"]


@pytest.fixture(scope="session")
def deployment(cluster: Cluster, double: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Deployment]:
    """Return the stack `local`, which each test deploys as it needs it."""
    made = make_deployment(cluster, double, tmp_path_factory.mktemp("local"))
    with made.outside:
        yield made
