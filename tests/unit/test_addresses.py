"""Addresses: fully known endpoints."""

import pulumi
from hypothesis import given
from hypothesis import strategies as st
from pulumi_ixn import Endpoint
from pulumi_ixn.addresses import Address, addresses_of
from pulumi_ixn.inputs import is_plain
from pulumi_ixn.testing import deploy

PAIRS = st.tuples(st.sampled_from(["a.example", "b.example"]), st.integers(1, 65535), st.booleans())


def test_an_ipv6_address_is_written_in_brackets() -> None:
    assert str(Address("2001:db8::1", 9092)) == "[2001:db8::1]:9092"


@given(st.lists(st.lists(PAIRS)))
def test_endpoint_lists_stay_separate_and_ordered(several: list[list[tuple[str, int, bool]]]) -> None:
    def program() -> pulumi.Input[list[list[Address]]]:
        def endpoint(host: str, port: int, late: bool) -> Endpoint:
            return Endpoint(pulumi.Output.from_input(host) if late else host, port)

        found = addresses_of([[endpoint(*pair) for pair in pairs] for pairs in several])
        assert is_plain(found) is not any(late for pairs in several for *_, late in pairs)
        return found

    expected = [[Address(host, port) for host, port, _ in pairs] for pairs in several]
    assert deploy(program).result == expected
