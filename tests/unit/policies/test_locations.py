"""Locations and target ports that no policy can express, or that would match everything, are rejected."""

import contextlib
import re
from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pytest
from pulumi_ixn import (
    CidrBlocks,
    CiliumPolicies,
    Dns,
    DnsNames,
    Endpoint,
    Isolation,
    NodeAgent,
    Party,
    Peer,
    PortRange,
)
from pulumi_ixn.peers import Location, StringList
from pulumi_ixn.policies import NetworkPolicies
from pulumi_ixn.testing import deploy
from pulumi_ixn.validation import InvalidInputs

from tests.unit.deployed import made
from tests.unit.messages import NOT_EMPTY
from tests.unit.samples import LOCATION, PEERS, ixn, kafka


@pytest.mark.parametrize("late", [False, True])
def test_an_empty_list_of_ports_is_rejected_also_from_an_output(late: bool) -> None:
    def program() -> None:
        none: list[PortRange] = []
        target_ports = pulumi.Output.from_input(none) if late else none
        ixn(peers={**PEERS, Party.VOICE_RQ: Peer(LOCATION, (Endpoint("rq", 80),), target_ports=target_ports)})

    with pytest.raises(InvalidInputs, match=r"peers\.voice_rq\.target_ports: "):
        deploy(program)


def test_an_invalid_port_range_is_rejected() -> None:
    backwards = Peer(LOCATION, (Endpoint("rq", 80),), target_ports=(PortRange(9010, 9000),))

    with pytest.raises(InvalidInputs, match=r"9000.*9010"):
        made(peers={**PEERS, Party.VOICE_RQ: backwards})


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Dns(()), f"locations: {NOT_EMPTY}"),
        (lambda: Dns(ports=()), f"ports: {NOT_EMPTY}"),
        (lambda: Dns(ports=(53, 0)), r"ports\[1\]: 0 "),
    ],
)
def test_a_location_that_would_match_everything_is_rejected(make: Any, message: str) -> None:
    with pytest.raises(InvalidInputs, match=message):
        made(isolation=NetworkPolicies(make()))


def no_networks() -> pulumi.Output[list[str]]:
    none: list[str] = []
    return pulumi.Output.from_input(none)


BAD_NETWORKS: Mapping[str, tuple[Callable[[], StringList], str]] = {
    "none": (lambda: (), NOT_EMPTY),
    "none, out of an Output": (no_networks, NOT_EMPTY),
    "with host bits": (lambda: ("10.0.0.1/16",), "'10.0.0.1/16' "),
    "one is no network": (lambda: (pulumi.Output.from_input("everywhere"),), "'everywhere' "),
    "out of an Output": (lambda: pulumi.Output.from_input(["10.0.0.0/33"]), "'10.0.0.0/33' "),
}


@pytest.mark.parametrize("given", BAD_NETWORKS)
@pytest.mark.parametrize(
    ("location", "isolation"),
    [
        (CidrBlocks, NetworkPolicies()),
        (CidrBlocks, CiliumPolicies()),
        # Cilium knows its nodes, so it needs no node CIDRs.
        (lambda cidrs: NodeAgent(cidrs, LOCATION[0]), NetworkPolicies()),
    ],
)
def test_invalid_cidr_blocks_are_rejected_also_from_an_output(
    given: str, location: Callable[[StringList], Location], isolation: Isolation
) -> None:
    cidrs, message = BAD_NETWORKS[given]

    def program() -> None:
        rq = Peer((location(cidrs()),), (Endpoint("rq", 80),))
        ixn(peers={**PEERS, Party.VOICE_RQ: rq}, isolation=isolation)

    with pytest.raises(InvalidInputs, match=rf"peers\.voice_rq\.locations\[0\]\.cidrs.*{re.escape(message)}"):
        deploy(program)


BY_NAME = (DnsNames(("peer.example.com",)),)


def test_unsupported_dns_names_are_all_reported_in_one_error() -> None:
    named = {
        Party.VOICE_RQ: Peer(BY_NAME, (Endpoint("peer.example.com", 80),)),
        Party.URS: Peer(BY_NAME),
    }

    with pytest.raises(InvalidInputs, match="DNS name") as caught:
        made(peers={**PEERS, **named})

    assert [issue.path for issue in caught.value.issues] == ["peers.voice_rq.locations", "peers.urs.locations"]


@pytest.mark.parametrize("isolation", [NetworkPolicies(), CiliumPolicies()])
def test_an_inexpressible_location_is_rejected_before_any_resource(isolation: Isolation) -> None:
    def program() -> None:
        with contextlib.suppress(InvalidInputs):
            ixn(peers={**PEERS, Party.URS: Peer(BY_NAME)}, isolation=isolation)

    assert {found.type.removeprefix("ixn:index:") for found in deploy(program).resources} == {
        "Database",
        "KafkaReference",
        "RedisReference",
    }


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize(
    ("location", "text"), [(DnsNames, "kafka.example.com"), (CidrBlocks, "10.0.0.0/16")], ids=["names", "networks"]
)
def test_a_string_in_place_of_a_list_is_rejected(location: Any, text: str, late: bool) -> None:
    def program() -> None:
        at = (location(pulumi.Output.from_input(text) if late else text),)
        ixn(kafka=kafka(locations=at), isolation=CiliumPolicies())

    with pytest.raises(InvalidInputs, match=rf"kafka\.locations\[0\]\.\w+: '{text}'"):
        deploy(program)
