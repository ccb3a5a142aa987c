"""Shorter stack traces in the state."""

import sys
from collections.abc import Generator
from contextlib import contextmanager

_FRAMES = 8
"""The SDK's own frames, at most six, and those of the call that registered the resource."""


@contextmanager
def short_stack_traces() -> Generator[None]:
    """Make the SDK record only the innermost frames of each registration in the block.

    It records all by default: a quarter of the state, which the engine writes anew at each step, and paths of this
    machine. Exceptions that leave the block keep their whole traceback.
    """
    before: int | None = getattr(sys, "tracebacklimit", None)
    sys.tracebacklimit = _FRAMES
    try:
        yield
    finally:
        if before is None:
            del sys.tracebacklimit
        else:
            sys.tracebacklimit = before
