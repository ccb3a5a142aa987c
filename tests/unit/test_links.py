import functools
import re
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_ixn import (
    NODE,
    SERVER,
    VQ_NODE,
    Absent,
    Endpoint,
    NodeAgent,
    Party,
    Peer,
    WorkloadId,
    resolve,
    workload_peers,
)
from pulumi_ixn.addresses import Address, addresses_of
from pulumi_ixn.inputs import is_plain
from pulumi_ixn.links import Links
from pulumi_ixn.spec import CONNECTIONS, WORKLOAD_PARTIES, Parameter
from pulumi_ixn.testing import deploy, unknown
from pulumi_ixn.validation import InvalidInputs

from tests.unit.samples import ALL_PEERS, CALLER, LOCATION, NO_PORTS, TENANT, host

PORTS = st.integers(1, 65535)
PARAMETERS = st.dictionaries(st.sampled_from(Parameter), st.integers(20000, 65535)).filter(
    lambda ports: len(set(ports.values())) == len(ports)
)
"""Different from the defaults and from each other, since the ports of a pod must differ."""


def links(
    theirs: Mapping[Party, Peer | Absent] = ALL_PEERS, ports: Mapping[Parameter, pulumi.Input[int]] | None = None
) -> Mapping[WorkloadId, Links]:
    return resolve(workload_peers(TENANT, "ixn"), theirs, ports)


def addresses(
    theirs: Mapping[Party, Peer | Absent] = ALL_PEERS, ports: Mapping[Parameter, pulumi.Input[int]] | None = None
) -> dict[int, list[Address]]:
    """Return the addresses of every row, from either end."""

    def program() -> pulumi.Input[list[list[Address]]]:
        rows = {link.row.number: link.endpoints for own in links(theirs, ports).values() for link in own}
        return addresses_of([rows[row.number] for row in CONNECTIONS])

    return {row.number: at for row, at in zip(CONNECTIONS, deploy(program).result, strict=True)}


@functools.cache
def unchanged() -> dict[int, list[Address]]:
    return addresses()


def test_each_workload_has_the_rows_with_its_party() -> None:
    numbers = {workload: [link.row.number for link in own] for workload, own in links().items()}

    assert numbers == {
        SERVER: [2, 3, 4, 5, 6, 12, 16, 18, 19],
        NODE: [1, 2, 11, 13, 14, 15, 17],
        VQ_NODE: [7, 8, 9, 10],
    }


def test_direction_follows_from_source_and_destination_not_classification() -> None:
    outgoing = {workload: [link.row.number for link in own if link.outgoing] for workload, own in links().items()}

    assert outgoing == {
        SERVER: [5, 6, 16, 19],
        NODE: [1, 2, 13, 14, 15, 17],
        VQ_NODE: [7],
    }


def test_rows_use_the_default_ports_of_the_table() -> None:
    ports = {number: found[0].port for number, found in addresses().items()}

    assert {row.number: row.port for row in CONNECTIONS if row.port} == {
        row.number: ports[row.number] for row in CONNECTIONS if row.port
    }


@given(PARAMETERS)
def test_a_changed_parameter_updates_only_its_rows(ports: dict[Parameter, int]) -> None:
    before, after = unchanged(), addresses(ports=ports)

    for row in CONNECTIONS:
        moved = row.parameter is not None and row.parameter in ports
        expected = ports[row.parameter] if moved and row.parameter else before[row.number][0].port
        assert [at.port for at in after[row.number]] == [expected]
        assert [at.host for at in after[row.number]] == [at.host for at in before[row.number]]


@given(st.lists(st.tuples(st.sampled_from(["a.example", "b.example", "2001:db8::1"]), PORTS), min_size=1))
def test_every_endpoint_of_a_peer_is_used_in_order(endpoints: list[tuple[str, int]]) -> None:
    theirs = {**ALL_PEERS, Party.KAFKA: Peer(LOCATION, tuple(Endpoint(*each) for each in endpoints))}

    assert addresses(theirs)[6] == [Address(*each) for each in endpoints]


def test_plain_peers_have_plain_addresses() -> None:
    assert is_plain(addresses_of([link.endpoints for own in links().values() for link in own]))


def test_a_node_agent_is_reached_at_the_node_address() -> None:
    assert addresses()[1] == [Address("status.hostIP", 8500)]
    assert [link.is_node_local for link in links()[NODE]] == [True, *[False] * 6]


@pytest.mark.parametrize("party", [party for party in Party if party not in WORKLOAD_PARTIES])
def test_only_the_rows_of_an_absent_peer_have_no_address(party: Party) -> None:
    before, after = unchanged(), addresses({**ALL_PEERS, party: Absent()})

    for row in CONNECTIONS:
        gone = party in (row.source, row.destination)
        assert after[row.number] == ([] if gone else before[row.number])


def test_all_missing_peers_are_reported_together() -> None:
    few = {party: peer for party, peer in ALL_PEERS.items() if party not in (Party.URS, Party.KAFKA)}

    with pytest.raises(InvalidInputs, match=r"Kafka.*connection 6\b") as caught:
        links(few)

    assert [issue.path for issue in caught.value.issues] == ["kafka", "kafka", "peers.urs"]
    assert [re.findall(r"connection (\d+)", issue.reason) for issue in caught.value.issues] == [
        ["6"],
        ["7"],
        ["8"],
    ]


NO_PEER: list[Any] = [None, Absent, CALLER.locations]


@pytest.mark.parametrize("given", NO_PEER)
def test_a_value_that_is_neither_a_peer_nor_absent_is_rejected(given: Any) -> None:
    with pytest.raises(InvalidInputs, match="URS"):
        links({**ALL_PEERS, Party.URS: given})


@pytest.mark.parametrize(
    ("peer", "message"),
    [
        (CALLER, "kafka.endpoints: "),
        (host("kafka"), "kafka.endpoints: .*port.*Kafka configuration"),
    ],
)
def test_an_outbound_peer_needs_an_endpoint_with_its_port(peer: Peer, message: str) -> None:
    with pytest.raises(InvalidInputs, match=message):
        links({**ALL_PEERS, Party.KAFKA: peer})


def test_an_endpoint_port_is_rejected_if_a_parameter_sets_it() -> None:
    with pytest.raises(InvalidInputs, match=r"port.*ixnService\.ixnServer\.config"):
        links({**ALL_PEERS, Party.CONFIG_SERVER: host("conf", 8888)})


def test_peers_and_ports_that_are_not_in_the_table_are_rejected() -> None:
    theirs: Any = {**ALL_PEERS, "Urs": CALLER, Party.IXN: CALLER}
    ports: Any = {"ixnServer.port": 7121}

    with pytest.raises(InvalidInputs, match="Urs") as caught:
        links(theirs, ports)

    assert [issue.reason.split("'")[1] for issue in caught.value.issues] == ["Urs", "IXN", "ixnServer.port"]


def test_two_ports_of_one_pod_must_differ() -> None:
    with pytest.raises(InvalidInputs, match=r"13131.*ixnService\.ixnServer\.port"):
        links(ports={Parameter.SERVER_PORT: 13131})


def test_two_pods_may_use_the_same_port() -> None:
    links(ports={Parameter.VQ_NODE_DEFAULT: 7120, Parameter.NODE_CONF: 7120, Parameter.NODE_PORTS: 7120})


@pytest.mark.parametrize("given", NO_PORTS)
@pytest.mark.parametrize("late", [False, True])
def test_an_invalid_port_parameter_is_rejected_also_from_an_output(late: bool, given: Any) -> None:
    message = re.escape(f'ports["ixnService.ixnServer.port"]: {given!r} ')
    with pytest.raises(InvalidInputs, match=message):
        addresses(ports={Parameter.SERVER_PORT: pulumi.Output.from_input(given) if late else given})


@pytest.mark.parametrize("late", [False, True])
def test_a_float_port_from_a_stack_reference_is_accepted(late: bool) -> None:
    # The engine passes every number as a float.
    def port(number: float) -> Any:
        return pulumi.Output.from_input(number) if late else number

    theirs = {**ALL_PEERS, Party.KAFKA: host("kafka", port(9092.0))}
    found = addresses(theirs, {Parameter.SERVER_PORT: port(7130.0)})

    assert [str(found[number][0]) for number in (3, 6)] == [
        f"ixn-server-{TENANT.id}.ixn.svc:7130",
        "kafka:9092",
    ]


def test_endpoints_may_be_an_output() -> None:
    def program() -> pulumi.Input[list[list[Address]]]:
        endpoints = pulumi.Output.from_input(
            [Endpoint(pulumi.Output.from_input("k1"), 9092), Endpoint("k2", 9093)]
        )
        found = links({**ALL_PEERS, Party.KAFKA: Peer(LOCATION, endpoints)})
        return addresses_of([found[VQ_NODE][0].endpoints])

    assert deploy(program).result == [[Address("k1", 9092), Address("k2", 9093)]]


def test_an_empty_list_of_endpoints_from_an_output_is_rejected() -> None:
    def program() -> pulumi.Input[list[list[Address]]]:
        empty: list[Endpoint] = []
        found = links({**ALL_PEERS, Party.KAFKA: Peer(LOCATION, pulumi.Output.from_input(empty))})
        return addresses_of([found[VQ_NODE][0].endpoints])

    with pytest.raises(InvalidInputs, match=r"kafka\.endpoints: "):
        deploy(program)


@pytest.mark.parametrize("preview", [False, True])
def test_unknown_addresses_stay_unknown_and_keep_the_rows(preview: bool) -> None:
    def program() -> pulumi.Input[list[list[Address]]]:
        theirs = {**ALL_PEERS, Party.KAFKA: Peer(LOCATION, unknown(list[Endpoint]))}
        found = links(theirs, {Parameter.SERVER_PORT: unknown(int)})
        assert len(found[SERVER]) == 9
        return addresses_of([found[VQ_NODE][0].endpoints])

    assert deploy(program, preview=preview).result is None


def test_explicit_endpoints_override_the_node_address_of_an_agent() -> None:
    consul = Peer((NodeAgent(("10.0.0.0/16",), LOCATION[0]),), (Endpoint("consul.svc"),))
    theirs = {**ALL_PEERS, Party.CONSUL: consul}

    assert addresses(theirs)[1] == [Address("consul.svc", 8500)]
    assert not any(link.is_node_local for link in links(theirs)[NODE])
