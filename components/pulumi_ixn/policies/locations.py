"""Checks of the lists in locations, at once or once an Output resolves."""

import ipaddress
from collections.abc import Sequence

import pulumi

from pulumi_ixn.inputs import apply
from pulumi_ixn.peers import StringList


def validated_cidrs(cidrs: StringList, label: str) -> pulumi.Input[Sequence[pulumi.Input[str]]]:
    """Return the CIDRs. Raises ValueError for an empty list, a string and an invalid CIDR."""
    return apply(
        non_empty(cidrs, label), lambda known: [apply(each, lambda cidr: _cidr(cidr, label)) for each in known]
    )


def non_empty(values: StringList, label: str) -> StringList:
    """Return `values`. Raises ValueError for an empty list, which would match everything, and for a string."""

    def checked(known: Sequence[pulumi.Input[str]]) -> Sequence[pulumi.Input[str]]:
        # For a type checker a string is a list of strings too: its letters.
        if isinstance(known, str):
            raise ValueError(f"{label}: {known!r} is not a list: wrap it in one")
        if not known:
            raise ValueError(f"{label} is located in an empty list, which would match everything")
        return known

    return apply(values, checked)


def _cidr(cidr: str, label: str) -> str:
    try:
        ipaddress.ip_network(cidr)
    except ValueError as error:
        expected = "a network in CIDR notation without host bits, such as '10.0.0.0/16'"
        raise ValueError(f"{label}: {cidr!r} is not {expected}") from error
    return cidr
