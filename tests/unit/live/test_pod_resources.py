"""What a pod requests: its containers together, or an init container beside the sidecars before it."""

from decimal import Decimal
from typing import Any

import pytest
from pulumi_ixn.live.pod_resources import pod_resources


def container(cpu: str, *, sidecar: bool = False) -> dict[str, Any]:
    always = {"restartPolicy": "Always"} if sidecar else {}
    return {"resources": {"requests": {"cpu": cpu}}, **always}


@pytest.mark.parametrize(
    ("init", "containers", "cpu"),
    [
        ([], ["1"], "1"),
        ([], ["1", "500m"], "1.5"),
        ([container("3")], ["1"], "3"),
        ([container("3")], ["4"], "4"),
        ([container("1", sidecar=True)], ["1"], "2"),
        ([container("1", sidecar=True), container("3")], ["1"], "4"),
        ([container("3"), container("1", sidecar=True)], ["1"], "3"),
        ([container("1", sidecar=True), container("1", sidecar=True)], ["1"], "3"),
    ],
)
def test_a_pod_needs_what_it_needs_at_most_at_any_time(init: list[Any], containers: list[str], cpu: str) -> None:
    spec = {"containers": [container(each) for each in containers], "initContainers": init}

    assert pod_resources(spec)["requests.cpu"] == Decimal(cpu)


def test_a_request_defaults_to_the_limit() -> None:
    found = pod_resources({"containers": [{"resources": {"limits": {"memory": "1Gi"}}}]})

    assert found == {"requests.memory": 2**30, "limits.memory": 2**30}


def test_a_container_without_resources_needs_nothing() -> None:
    assert pod_resources({"containers": [{}, {"resources": None}]}) == {}
