"""Rotation of a generated password: two logins take turns, so that a password works as long as a pod has it."""

from dataclasses import dataclass

from pulumi_ixn.parsing import Parser, from_to

SUFFIX = "-2"
"""Of the names of the second login and of its Secret."""

MAX = 1_000_000

rotation: Parser[int] = from_to(0, MAX)


@dataclass(frozen=True)
class Turn:
    """One of the two logins, by the suffix of its names, and the rotation that generated its password."""

    suffix: str
    rotation: int


def turns(number: int) -> tuple[Turn, ...]:
    """Return the login that `number` rotations left in use, after the previous one, which still works."""
    used = [Turn(SUFFIX if each % 2 else "", each) for each in (number - 1, number)]
    return tuple(used if number else used[1:])
