"""What policies say of places outside the cluster, checked where it is known: at once, or inside `apply`."""

import ipaddress
from collections.abc import Sequence

import pulumi

from pulumi_ixn.inputs import lift
from pulumi_ixn.neighbours import Texts


def networks(cidrs: Texts, who: str) -> pulumi.Input[Sequence[pulumi.Input[str]]]:
    """Return the CIDRs of `who`. ValueError for an empty list, for a text, and for what is no network."""
    return lift(some(cidrs, who), lambda known: [lift(each, lambda cidr: _network(cidr, who)) for each in known])


def some(values: Texts, who: str) -> Texts:
    """Return `values`. ValueError for an empty list, which would mean everywhere, and for a text."""

    def checked(known: Sequence[pulumi.Input[str]]) -> Sequence[pulumi.Input[str]]:
        # To a type checker a text is a list of texts as well: its letters.
        if isinstance(known, str):
            raise ValueError(f"{who}: {known!r} stands for a list: put it into one")
        if not known:
            raise ValueError(f"{who} is placed in an empty list, which would mean everywhere")
        return known

    return lift(values, checked)


def _network(cidr: str, who: str) -> str:
    try:
        ipaddress.ip_network(cidr)
    except ValueError as error:
        expected = "a network in CIDR notation, such as '10.0.0.0/16', its host bits zero"
        raise ValueError(f"{who}: {cidr!r} is not {expected}") from error
    return cidr
