"""Progress messages. All go to stderr: stdout belongs to the engine."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

stderr = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Print a line, unwrapped."""
    stderr.print(text, markup=False)


@contextmanager
def working(text: str, total: int | None = None) -> Generator[Callable[[str], None]]:
    """Show the progress of `text` with its elapsed time; the yielded function counts one more of `total` done.

    On a terminal this is a progress bar, otherwise a line at the start, one per tenth, and one at the end.
    """
    bar = (BarColumn(), MofNCompleteColumn()) if total else ()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), *bar, TimeElapsedColumn())
    in_lines = not stderr.is_terminal
    with Progress(*columns, console=stderr, transient=True, disable=in_lines) as progress:
        progress.add_task(text, total=total)
        (task,) = progress.tasks

        def advance(_: str) -> None:
            progress.advance(task.id)
            if in_lines and total and task.completed % (total / 10) < 1:
                say(f"{text}: {task.completed:.0f} of {total} after {task.elapsed:.0f} s")

        if in_lines:
            say(f"{text} ...")
        yield advance
        if in_lines:
            say(f"{text}: {task.elapsed:.0f} s")
