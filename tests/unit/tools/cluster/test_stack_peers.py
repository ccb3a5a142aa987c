"""The CRDs that a stack requires, on a real API server."""

from collections.abc import Generator

import pytest

from tests.unit.tools.cluster.stack_files import CHECKOUT
from tools.cluster.client import Client
from tools.cluster.control_plane import Simulation, running_control_plane
from tools.cluster.objects import MONITORING_KINDS, monitoring_definition
from tools.cluster.peer_manifests import PeerOptions
from tools.cluster.stack_links import settings_of
from tools.cluster.stack_peers import apply_surroundings, peers_of_stack

NAME = "servicemonitors.monitoring.coreos.com"
SCHEMA = {"type": "object", "properties": {"spec": {"type": "object", "description": "the cluster's own"}}}


@pytest.fixture
def client() -> Generator[Client]:
    with running_control_plane(Simulation(nodes=0)) as running:
        yield running


def surround(client: Client) -> None:
    settings = settings_of(CHECKOUT / "Pulumi.local.yaml")
    apply_surroundings(client, settings, peers_of_stack(settings), PeerOptions(), "user:password")


def test_an_existing_crd_is_not_changed(client: Client) -> None:
    client.apply(monitoring_definition("ServiceMonitor", SCHEMA))
    before = client.get("crd", NAME)["spec"]
    surround(client)
    assert client.get("crd", NAME)["spec"] == before


def test_the_crds_of_the_prometheus_operator_are_installed_if_missing(client: Client) -> None:
    surround(client)
    installed = {each["spec"]["names"]["kind"] for each in client.get("crd")["items"]}
    assert installed == {*MONITORING_KINDS}
