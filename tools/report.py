"""What is said while things are prepared. All of it goes to stderr: stdout belongs to the engine."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

stderr = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Print a line, unwrapped."""
    stderr.print(text, markup=False)


@contextmanager
def working(text: str, total: int | None = None) -> Generator[Callable[[str], None]]:
    """Show that `text` is under way, with its elapsed time; the yielded function counts one more of `total` done.

    On a terminal this is a moving bar. Elsewhere it is a line at the start, one per tenth, and one at the end.
    """
    if not stderr.is_terminal:
        yield from _working_in_lines(text, total)
        return
    columns: list[ProgressColumn] = [SpinnerColumn(), TextColumn("{task.description}")]
    if total:
        columns += [BarColumn(), MofNCompleteColumn()]
    columns.append(TimeElapsedColumn())
    with Progress(*columns, console=stderr, transient=True) as progress:
        task = progress.add_task(text, total=total)
        yield lambda _: progress.advance(task)


def _working_in_lines(text: str, total: int | None) -> Generator[Callable[[str], None]]:
    started, done = time.monotonic(), 0
    say(f"{text} ...")

    def advance(_: str) -> None:
        nonlocal done
        done += 1
        if total and done * 10 // total > (done - 1) * 10 // total:
            say(f"{text}: {done} of {total} after {time.monotonic() - started:.0f} s")

    yield advance
    say(f"{text}: {time.monotonic() - started:.0f} s")
