"""Places, endpoints and peers: what would open more than was meant is refused where it is given."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi_ixn import Endpoint, Peer, PodSelector, PortRange
from pulumi_ixn.testing import deploy

from tests.unit.samples import NO_PORTS


def test_a_peer_without_a_location_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one location"):
        Peer(())


def test_pods_without_a_label_would_be_all_pods_and_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one label"):
        PodSelector("infra", {})


@pytest.mark.parametrize("given", NO_PORTS)
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize(
    ("use", "message"),
    [
        (lambda port: Endpoint("kafka", port).port, "the port of kafka"),
        (lambda port: PortRange(port).first, "a port"),
        (lambda port: PortRange(1, port).last, "a port"),
    ],
)
def test_what_is_no_port_is_refused_also_out_of_an_output(
    use: Callable[[Any], pulumi.Input[int]], message: str, late: bool, given: Any
) -> None:
    with pytest.raises(ValueError, match=f"{message} is a whole number from 1 to 65535, not {given!r}"):
        deploy(lambda: use(pulumi.Output.from_input(given) if late else given))
