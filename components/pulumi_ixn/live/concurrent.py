"""Requests that do not wait for one another."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

_THREADS = 8


def concurrently(function: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """Return the result of `function` for each item; raise the first error."""
    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(function, items))
