import signal
from collections.abc import Iterator

import pytest

from tools.errors import UserError, command


@pytest.fixture(autouse=True)
def sigterm() -> Iterator[None]:
    """Restore the handler that a command replaces."""
    handler = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, handler)


def test_an_error_of_the_user_ends_a_command_with_its_text() -> None:
    with pytest.raises(SystemExit, match=r"^error: no such stack$"), command():
        raise UserError("no such stack")


def test_an_interrupted_command_has_the_status_of_the_signal() -> None:
    with pytest.raises(SystemExit, match=r"^130$"), command():
        raise KeyboardInterrupt


def test_another_exception_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError), command():
        raise ZeroDivisionError
