"""The StatefulSet and the Deployments: replicas and the governing Service."""

from typing import Any

import pytest
from pulumi_ixn.validation import InvalidInputs

from tests.unit.deployed import made
from tests.unit.samples import pod


def test_the_server_is_a_single_replica_stateful_set_with_a_headless_service(preview: bool) -> None:
    found = made(preview)
    spec = found.manifest("StatefulSet", "ixn-server-100")["spec"]

    assert spec["replicas"] == 1
    assert found.manifest("Service", spec["serviceName"])["spec"]["clusterIP"] == "None"


def test_a_second_replica_of_the_server_is_rejected() -> None:
    with pytest.raises(InvalidInputs, match=r"server\.replicas: 2"):
        made(server=pod(replicas=2))


def test_replicas_managed_by_an_autoscaler_are_omitted(preview: bool) -> None:
    found = made(preview, node=pod(replicas=None), vq_node=pod(replicas=3))

    assert "replicas" not in found.manifest("Deployment", "ixn-node-100")["spec"]
    assert found.manifest("Deployment", "ixn-vqnode-100")["spec"]["replicas"] == 3


@pytest.mark.parametrize("given", [-1, 0, True, 1.5, "2"])
def test_an_invalid_number_of_replicas_is_rejected(given: Any) -> None:
    with pytest.raises(InvalidInputs, match=rf"node\.replicas: {given!r}"):
        made(node=pod(replicas=given))
