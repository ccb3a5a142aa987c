"""Work on values that may be Outputs, without making Outputs of those that are plain."""

from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

import pulumi

T = TypeVar("T")
U = TypeVar("U")


def is_plain(value: object) -> bool:
    """Say whether `value` is known now: neither an Output nor awaitable."""
    return not isinstance(value, pulumi.Output | Awaitable)


def lift(value: pulumi.Input[T], function: Callable[[T], U]) -> pulumi.Input[U]:
    """Apply `function` at once where `value` is plain (errors surface at once), inside `apply` elsewhere."""
    if is_plain(value):
        return function(cast("T", value))
    return pulumi.Output.from_input(value).apply(function)
