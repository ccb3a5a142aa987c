"""Helpers for Inputs: handle plain values immediately, Outputs inside `apply`.

Plain values do not become Outputs: each Output costs an event loop task, and a tenant's links would cost more than
all of its resources.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

import pulumi

T = TypeVar("T")
U = TypeVar("U")

_PLAIN = frozenset({str, int, bool, float, list, tuple, dict, type(None)})


def is_plain(value: object) -> bool:
    """Return whether `value` is known now: neither an Output nor awaitable."""
    # The check for Awaitable is slow, and most values are one of these types.
    return type(value) in _PLAIN or not isinstance(value, pulumi.Output | Awaitable)


def apply(value: pulumi.Input[T], function: Callable[[T], pulumi.Input[U]]) -> pulumi.Input[U]:
    """Apply `function` immediately (and raise its errors here) if `value` is plain, else inside `apply`."""
    if is_plain(value):
        return function(cast("T", value))
    return as_output(value).apply(function)


def all_of(values: Sequence[pulumi.Input[T]]) -> pulumi.Input[list[T]]:
    """Return the values as one list, which is plain if each value is."""
    return apply_all(values, lambda known: known)


def apply_all(
    values: Sequence[pulumi.Input[T]], function: Callable[[list[T]], pulumi.Input[U]]
) -> pulumi.Input[U]:
    """Apply `function` to all values: immediately if each is plain, else inside `apply`."""
    # Wait for each Output once: many links of a tenant share one.
    waiting = {id(value): as_output(value) for value in values if not is_plain(value)}
    if not waiting:
        return function(cast("list[T]", list(values)))

    def resolved(known: list[_Opaque[T]]) -> pulumi.Input[U]:
        by_id = dict(zip(waiting, known, strict=True))
        return function([by_id[id(value)].value if id(value) in by_id else cast("T", value) for value in values])

    return pulumi.Output.all(*[value.apply(_Opaque) for value in waiting.values()]).apply(resolved)


def as_output(value: pulumi.Input[T]) -> pulumi.Output[T]:
    """Return `value` as an Output, without resolving Outputs nested in it."""
    if isinstance(value, pulumi.Output):
        return cast("pulumi.Output[T]", value)
    if isinstance(value, Awaitable):
        return pulumi.Output.from_input(cast("Awaitable[T]", value))
    return pulumi.Output.from_input(_Opaque(value)).apply(lambda whole: whole.value)


def without_outputs(value: object) -> object:
    """Return a value for JSON in which each Output is null: its content must not determine a name."""
    if not is_plain(value):
        return None
    if isinstance(value, Mapping):
        return {key: without_outputs(each) for key, each in cast("Mapping[str, object]", value).items()}
    if isinstance(value, list | tuple):
        return [without_outputs(each) for each in cast("Sequence[object]", value)]
    return value


@dataclass(frozen=True)
class _Opaque(Generic[T]):
    """Keep the SDK from traversing a value: it descends into lists and mappings only."""

    value: T
