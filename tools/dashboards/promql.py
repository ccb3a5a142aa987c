"""Building blocks of the queries."""


def or_none(expr: str, scraped: str) -> str:
    """Return an expression that is 0 for a tenant whose container is `scraped` although it has no such series."""
    return f"({expr} or 0 * max by (tenant) ({scraped} == 1))"


def graded(share: str, some: float = 0, good: float = 1) -> str:
    """Return 0, 1 or 2 for a share: below `some` (or none), below `good`, at least `good`."""
    more = f">= bool {some:g}" if some else "> bool 0"
    return f"({share} {more}) + ({share} >= bool {good:g})"
