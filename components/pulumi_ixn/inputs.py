"""Helpers for Inputs: plain values are worked on at once, Outputs inside `apply`.

Plain values do not become Outputs: each costs a task of the event loop, and a tenant's links would cost more than
all of its resources.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

import pulumi

T = TypeVar("T")
U = TypeVar("U")

_PLAIN = frozenset({str, int, bool, float, list, tuple, dict, type(None)})


def is_plain(value: object) -> bool:
    """Say whether `value` is known now: neither an Output nor awaitable."""
    # Whether something is awaitable is slow to say, and most values are one of these.
    return type(value) in _PLAIN or not isinstance(value, pulumi.Output | Awaitable)


def apply(value: pulumi.Input[T], function: Callable[[T], pulumi.Input[U]]) -> pulumi.Input[U]:
    """Apply `function` at once where `value` is plain (errors surface at once), inside `apply` elsewhere."""
    if is_plain(value):
        return function(cast("T", value))
    return as_output(value).apply(function)


def all_of(values: Sequence[pulumi.Input[T]]) -> pulumi.Input[list[T]]:
    """Return the values as one list: plain where each is."""
    return apply_all(values, lambda known: known)


def apply_all(
    values: Sequence[pulumi.Input[T]], function: Callable[[list[T]], pulumi.Input[U]]
) -> pulumi.Input[U]:
    """Apply `function` to all values: at once where each is plain, inside `apply` elsewhere."""
    # Each once: in a tenant's links the same Output stands in many locations.
    waiting = {id(value): as_output(value) for value in values if not is_plain(value)}
    if not waiting:
        return function(cast("list[T]", list(values)))

    def filled(known: list[_Opaque[T]]) -> pulumi.Input[U]:
        arrived = dict(zip(waiting, known, strict=True))
        return function(
            [arrived[id(value)].value if id(value) in arrived else cast("T", value) for value in values]
        )

    return pulumi.Output.all(*[value.apply(_Opaque) for value in waiting.values()]).apply(filled)


def as_output(value: pulumi.Input[T]) -> pulumi.Output[T]:
    """Return `value` as an Output, without a look at what is inside."""
    if isinstance(value, pulumi.Output):
        return cast("pulumi.Output[T]", value)
    if isinstance(value, Awaitable):
        return pulumi.Output.from_input(cast("Awaitable[T]", value))
    return pulumi.Output.from_input(_Opaque(value)).apply(lambda whole: whole.value)


@dataclass(frozen=True)
class _Opaque(Generic[T]):
    """Keeps the SDK from taking a value apart: it looks into lists and mappings only."""

    value: T
