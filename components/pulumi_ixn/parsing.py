"""Parsers: functions that parse a value or raise `Invalid`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


class Invalid(ValueError):
    """An invalid value. The message follows the value: `is not a port number`."""


@dataclass(frozen=True)
class Parser(Generic[T_co]):
    """A function that parses a value.

    `expected` describes valid values in messages. `pattern` and `max_length` constrain strings in the JSON Schema.
    """

    expected: str
    parse: Callable[[object], T_co]
    pattern: str | None = None
    max_length: int | None = None

    def __call__(self, value: object) -> T_co:
        """Return the parsed value. Raises Invalid."""
        try:
            return self.parse(value)
        except Invalid:
            raise
        except ValueError:
            raise Invalid(f"is not {self.expected}") from None


def string(value: object) -> str:
    """Return `value` if it is a str. Raises ValueError, also for an Output, whose str is its help text."""
    if not isinstance(value, str):
        raise ValueError(value)
    return value


def integer(value: object, first: int, last: int) -> int:
    """Return `value` as an int if it is a whole number from `first` to `last`. Raises ValueError."""
    # Numbers in the outputs of another stack are floats; manifests would contain 5432.0.
    number = int(value) if isinstance(value, float) and value.is_integer() else value
    if type(number) is not int or not first <= number <= last:
        raise ValueError(value)
    return number


def number(value: object) -> float:
    """Return `value` if it is an int or a float. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(value)
    return value


def one_of(*choices: str) -> Parser[str]:
    """Return a parser of strings that are one of `choices`."""
    *first, last = (f"{each!r}" for each in choices)
    return matching(
        f"{', '.join(first)} or {last}" if first else last,
        "|".join(map(re.escape, choices)),
        max(map(len, choices)),
    )


def from_to(first: int, last: int) -> Parser[int]:
    """Return a parser of whole numbers from `first` to `last`."""
    return Parser(f"a whole number from {first} to {last}", lambda value: integer(value, first, last))


def matching(expected: str, pattern: str, max_length: int) -> Parser[str]:
    """Return a parser of strings of at most `max_length` characters that fully match `pattern`."""

    def parse(value: object) -> str:
        text = string(value)
        if len(text) > max_length or not re.fullmatch(pattern, text):
            raise ValueError(value)
        return text

    return Parser(expected, parse, pattern, max_length)


def boolean(value: object) -> bool:
    """Return `value` if it is a bool. Raises ValueError."""
    if not isinstance(value, bool):
        raise ValueError(value)
    return value


def non_empty(value: object) -> str:
    """Return `value` if it is a str of at least one character. Raises ValueError."""
    if not string(value):
        raise ValueError(value)
    return string(value)
