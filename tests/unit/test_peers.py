"""Places, endpoints and peers: what would open more than was meant is refused where it is given."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi_ixn import Endpoint, Peer, PodSelector, PortRange
from pulumi_ixn.rules import validate
from pulumi_ixn.testing import deploy
from pulumi_ixn.validation import InvalidInputs

from tests.unit.samples import NO_PORTS


def test_a_peer_without_a_location_is_refused() -> None:
    with pytest.raises(InvalidInputs, match="locations: must have at least one location"):
        validate(Peer(()))


def test_pods_without_a_label_would_be_all_pods_and_are_refused() -> None:
    with pytest.raises(InvalidInputs, match="labels: must have at least one label"):
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
def test_what_is_no_port_is_refused_also_out_of_an_output(
    use: Callable[[Any], pulumi.Input[int]], message: str, late: bool, given: Any
) -> None:
    with pytest.raises(InvalidInputs, match=f"{message}: {given!r} is not a port number"):
        deploy(lambda: use(pulumi.Output.from_input(given) if late else given))
