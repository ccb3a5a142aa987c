"""Random passwords: their length, their alphabet, and whether they are too easy to guess."""

import string
from collections.abc import Iterator, Sequence
from math import log2
from typing import Any

from pulumi_ixn.parsing import Parser, from_to
from pulumi_ixn.parsing import string as as_string

LENGTH = 32
"""The default length."""

MIN_BITS = 96
"""The least entropy, which no attacker with a copy of the password's hash can search."""

_SETS = {"lower": string.ascii_lowercase, "upper": string.ascii_uppercase, "digits": string.digits}
_FLAGS = {"lower": "lower", "upper": "upper", "digits": "numeric"}
"""The inputs of the random provider that select the sets."""

INPUTS = (
    *("length", "special", "min_special", "override_special"),
    *(name for flag in _FLAGS.values() for name in (flag, f"min_{flag}")),
)
"""Every input of a RandomPassword that follows from the length and the alphabet."""

length: Parser[int] = from_to(16, 128)


def _characters(value: object) -> str:
    text = as_string(value)
    if text not in _SETS and (not text or set(text) - {*string.punctuation}):
        raise ValueError(value)
    return text


characters: Parser[str] = Parser("'lower', 'upper', 'digits', or special characters, such as '-_.~'", _characters)


def alphabet_issues(alphabet: Sequence[str]) -> Iterator[str]:
    """Yield a message if a character is in an alphabet twice, and would be in passwords more often than others."""
    repeated = sorted({each for each in alphabet if alphabet.count(each) > 1 and each in _SETS})
    special = _special(alphabet)
    repeated += sorted({each for each in special if special.count(each) > 1})
    if repeated:
        yield f"has {', '.join(map(repr, repeated))} twice"


def strength_issues(size: int, alphabet: Sequence[str] | None) -> Iterator[str]:
    """Yield a message if passwords of this length and alphabet are too easy to guess."""
    bits = _bits(size, alphabet)
    if bits < MIN_BITS:
        yield f"{size} gives {bits:.0f} bits of entropy with this alphabet: at least {MIN_BITS} are needed"


def provider_inputs(size: int, alphabet: Sequence[str] | None) -> dict[str, Any]:
    """Return the inputs of a RandomPassword: by default letters and digits, else each part of the alphabet.

    A password has at least one character of each part, since many servers require that. The default does not
    request this: other inputs would replace existing passwords.
    """
    if alphabet is None:
        return {"length": size, "special": False}
    inputs: dict[str, Any] = {"length": size}
    for name, flag in _FLAGS.items():
        inputs |= {flag: True, f"min_{flag}": 1} if name in alphabet else {flag: False}
    special = _special(alphabet)
    return inputs | ({"override_special": special, "min_special": 1} if special else {"special": False})


def _special(alphabet: Sequence[str]) -> str:
    return "".join(each for each in alphabet if each not in _SETS)


def _bits(size: int, alphabet: Sequence[str] | None) -> float:
    """Return the least entropy of a password: one character of each part, and the rest of all parts."""
    if alphabet is None:
        return size * log2(sum(map(len, _SETS.values())))
    parts = [len(_SETS[each]) for each in _SETS if each in alphabet]
    parts += [len(_special(alphabet))] if _special(alphabet) else []
    return sum(map(log2, parts)) + (size - len(parts)) * log2(sum(parts))
