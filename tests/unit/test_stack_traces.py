import sys
import traceback

import pytest
from pulumi_ixn.stack_traces import short_stack_traces


@pytest.fixture(autouse=True)
def without_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start without a limit, as a program does; the tests as a whole have one."""
    monkeypatch.delattr(sys, "tracebacklimit", raising=False)


def deep(levels: int) -> int:
    """Return how many frames are recorded below `levels` calls."""
    return deep(levels - 1) if levels else len(traceback.extract_stack())


def test_only_the_innermost_frames_are_recorded_in_the_block() -> None:
    with short_stack_traces():
        assert deep(30) < 10

    assert deep(30) > 30


def test_an_exception_that_leaves_the_block_keeps_its_whole_traceback() -> None:
    def fail(levels: int) -> None:
        if levels:
            fail(levels - 1)
        raise ValueError(levels)

    with pytest.raises(ValueError, match="0") as caught, short_stack_traces():
        fail(30)

    assert len(traceback.extract_tb(caught.tb)) > 30


def test_a_limit_of_the_program_is_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "tracebacklimit", 5, raising=False)

    with short_stack_traces():
        pass

    assert sys.tracebacklimit == 5
