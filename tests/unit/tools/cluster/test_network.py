"""How a node's addresses are chosen."""

from ipaddress import IPv4Network, ip_address, ip_network

import pytest

from tools.cluster import network
from tools.errors import UserError

TEST_RANGE = IPv4Network("198.18.0.0/15")


@pytest.fixture(autouse=True)
def no_interfaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "interface_exists", lambda name: False)


def routed(monkeypatch: pytest.MonkeyPatch, *cidrs: str) -> None:
    monkeypatch.setattr(network, "routed", lambda: [ip_network(each) for each in cidrs])


def test_all_addresses_are_in_the_range_reserved_for_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    routed(monkeypatch)
    chosen = network.choose_network("local")
    for address in (chosen.host_ip, chosen.node_ip, chosen.outside_ip):
        assert ip_address(address) in TEST_RANGE
    assert IPv4Network(chosen.pod_cidr).subnet_of(TEST_RANGE)


def test_a_name_always_gets_the_same_network(monkeypatch: pytest.MonkeyPatch) -> None:
    routed(monkeypatch)
    assert network.choose_network("local") == network.choose_network("local")


def test_networks_with_existing_routes_are_avoided(monkeypatch: pytest.MonkeyPatch) -> None:
    routed(monkeypatch)
    first = network.choose_network("local")
    routed(monkeypatch, f"{first.node_ip}/32", "10.0.0.0/8")
    second = network.choose_network("local")
    routed(monkeypatch, second.pod_cidr, f"{first.node_ip}/32")
    third = network.choose_network("local")
    assert len({first.number, second.number, third.number}) == 3


def test_an_exhausted_address_range_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    routed(monkeypatch, "198.18.0.0/15")
    with pytest.raises(UserError, match=r"198\.18\.0\.0/15"):
        network.choose_network("local")


def test_an_address_outside_the_node_network_is_not_a_pod(monkeypatch: pytest.MonkeyPatch) -> None:
    routed(monkeypatch)
    chosen = network.choose_network("local")
    outside = ip_address(chosen.outside_ip)
    assert outside not in ip_network(f"{chosen.node_ip}/24", strict=False)
    assert outside not in ip_network(chosen.pod_cidr)


def test_a_name_in_use_elsewhere_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    routed(monkeypatch)
    monkeypatch.setattr(network, "interface_exists", lambda name: name == "ixn-local")
    with pytest.raises(UserError, match="NAME"):
        network.choose_network("local")
