"""The table of results, in Markdown."""

import statistics
from collections.abc import Mapping, Sequence

from benchmarks.cluster.contender import Seconds

BASELINES = ("kubectl", "helm")
"""The contenders that the first deployment of the others is compared with."""

HEADER = (
    "| tenants | objects | runs | | first, s | unchanged, s | delete, s | first / kubectl | first / helm |",
    "|--:|--:|--:|:--|--:|--:|--:|--:|--:|",
)


def medians(runs: Sequence[Seconds]) -> Seconds:
    """Return the median of each phase."""
    return Seconds(*(statistics.median(phase) for phase in zip(*runs, strict=True)))


def rows(tenants: int, objects: int, results: Mapping[str, Sequence[Seconds]]) -> list[str]:
    """Return a row for each contender, with the medians of its runs and its ratios to the baselines."""
    found = {name: medians(runs) for name, runs in results.items()}
    return [_row([tenants, objects, len(results[name])], name, seconds, found) for name, seconds in found.items()]


def _row(counts: Sequence[int], name: str, seconds: Seconds, found: Mapping[str, Seconds]) -> str:
    ratios = [
        f"{seconds.first / found[other].first:.2f}" if other in found and other != name else ""
        for other in BASELINES
    ]
    cells = [*map(str, counts), name, *(f"{each:.1f}" for each in seconds), *ratios]
    return f"| {' | '.join(cells)} |"
