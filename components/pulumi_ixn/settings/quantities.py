"""Kubernetes quantities."""

import re
from decimal import Decimal

PATTERN = r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE]([+-]?[0-9]{1,2})|([KMGTPE]i|[munkMGTPE]))?"
"""What a quantity looks like: number, then exponent or suffix."""

_DECIMAL = {"": 0, "m": -3, "u": -6, "n": -9, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}


def quantity(text: str) -> Decimal:
    """Return the amount of a Kubernetes quantity, in its base unit (cores, bytes); ValueError if it is none."""
    match = re.fullmatch(PATTERN, text)
    if match is None:
        raise ValueError(text)
    number, exponent, suffix = match.groups(default="")
    if suffix in _BINARY:
        return Decimal(number) * 1024 ** _BINARY[suffix]
    return Decimal(number).scaleb(int(exponent) if exponent else _DECIMAL[suffix])
