"""Locations, endpoints and peers reject values that would allow more than intended."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi_ixn import Endpoint, Peer, PodSelector, PortRange
from pulumi_ixn.rules import validate
from pulumi_ixn.testing import deploy
from pulumi_ixn.validation import InvalidInputs

from tests.unit.samples import NO_PORTS


def test_a_peer_without_a_location_is_rejected() -> None:
    with pytest.raises(InvalidInputs, match="locations: "):
        validate(Peer(()))


def test_a_pod_selector_without_labels_is_rejected() -> None:
    with pytest.raises(InvalidInputs, match="labels: "):
        validate(PodSelector("infra", {}))


@pytest.mark.parametrize("given", NO_PORTS)
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize(
    ("use", "message"),
    [
        (lambda port: validate(Endpoint("kafka", port)).port, "port"),
        (lambda port: validate(PortRange(port)).first, "first"),
        (lambda port: validate(PortRange(1, port)).last, "last"),
    ],
)
def test_an_invalid_port_is_rejected_also_from_an_output(
    use: Callable[[Any], pulumi.Input[int]], message: str, late: bool, given: Any
) -> None:
    with pytest.raises(InvalidInputs, match=f"{message}: {given!r}"):
        deploy(lambda: use(pulumi.Output.from_input(given) if late else given))
