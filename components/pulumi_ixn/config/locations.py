"""Checks of locations by DNS name, which only some kinds of policy can express."""

from collections.abc import Iterator
from typing import cast

from pulumi_ixn.config.checks import value_at
from pulumi_ixn.config.issues import KeyPath
from pulumi_ixn.config.peers import PARTIES
from pulumi_ixn.config.raw import Values
from pulumi_ixn.policies import cilium_policy, network_policy
from pulumi_ixn.spec import CONNECTIONS

_DNS: KeyPath = ("dns", "locations")
_SOURCES = frozenset(row.source for row in CONNECTIONS)


def locations_by_name(merged: Values, isolation: object) -> Iterator[tuple[KeyPath, str]]:
    """Yield the paths of locations that the policies of `isolation` cannot express, and the reason.

    `merged` are the configured peers, valid or not.
    """
    if isolation == "none":
        return
    for name, party in PARTIES.items():
        for key_path in _by_name(merged, ("peers", name, "locations")):
            if party in _SOURCES:
                yield key_path, f"{party}: {cilium_policy.NO_DNS_NAMES}"
            elif isolation != "cilium":
                yield key_path, f"requires ixn:isolation to be 'cilium': {network_policy.NO_DNS_NAMES}"


def resolver_by_name(values: Values) -> Iterator[tuple[KeyPath, str]]:
    """Yield the paths at which the DNS resolver itself is located by DNS name."""
    for key_path in _by_name(values, _DNS):
        yield key_path, "cannot locate the DNS resolver by DNS name; use pods or cidrs"


def _by_name(values: Values, locations: KeyPath) -> Iterator[KeyPath]:
    given = value_at(values, locations)
    for index, location in enumerate(cast("list[object]", given) if isinstance(given, list) else ()):
        if value_at(location, ("dnsNames",)) is not None:
            yield (*locations, index, "dnsNames")
