"""Words that several settings describe themselves with."""

from collections.abc import Iterable

from pulumi_ixn.spec import Row


def connections_text(rows: Iterable[Row]) -> str:
    """Return the numbers of `rows`, as in 'connection 1' or 'connections 2, 3'."""
    numbers = [str(row.number) for row in rows]
    return f"connection{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"
