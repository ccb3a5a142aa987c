"""Addresses: endpoints with a known host and port."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import cast

import pulumi

from pulumi_ixn.inputs import all_of, apply, apply_all
from pulumi_ixn.peers import Endpoint
from pulumi_ixn.validation import InvalidInputs, Issue

NODE_IP = "status.hostIP"
"""The address of the pod's own node; a container gets it from the downward API."""


@dataclass(frozen=True)
class Address:
    """A host and a port (1 to 65535), both known."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def address_list(addresses: Iterable[Address]) -> str:
    """Return the addresses in the form that clients of Kafka parse: 'host:port,[v6]:port'."""
    return ",".join(map(str, addresses))


def addresses_of(lists: Sequence[pulumi.Input[Sequence[Endpoint]]]) -> pulumi.Input[list[list[Address]]]:
    """Return each list of endpoints as addresses. Every endpoint must have a port."""
    return apply_all(lists, _addresses)


def require_addresses(endpoints: pulumi.Input[Sequence[Endpoint]], path: str) -> pulumi.Input[list[Address]]:
    """Return the addresses of endpoints that must set their own ports.

    Raises InvalidInputs at `path` if there are none or one has no port; for an Output, once it resolves.
    """

    def checked(known: Sequence[Endpoint]) -> Sequence[Endpoint]:
        if not known or any(each.port is None for each in known):
            raise InvalidInputs([Issue(path, "must have at least one endpoint, each with its port")])
        return known

    return apply(addresses_of([apply(endpoints, checked)]), lambda found: found[0])


def _addresses(lists: Sequence[Sequence[Endpoint]]) -> pulumi.Input[list[list[Address]]]:
    flat = [endpoint for endpoints in lists for endpoint in endpoints]
    ports = [cast("pulumi.Input[int]", endpoint.port) for endpoint in flat]

    def known(hosts: Sequence[str], numbers: Sequence[int]) -> list[list[Address]]:
        addresses = map(Address, hosts, numbers)
        return [list(islice(addresses, len(endpoints))) for endpoints in lists]

    hosts = all_of([endpoint.host for endpoint in flat])
    return apply(hosts, lambda found: apply_all(ports, lambda numbers: known(found, numbers)))
