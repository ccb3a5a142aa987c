"""`python -m benchmarks`: five runs of each measurement, medians, and the table of benchmarks/README.md."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.engine import up_seconds
from benchmarks.tenants import CHECKOUT

T = TypeVar("T")

RUNS = 5
ON_MOCKS = (1, 10, 100)
ON_ENGINE = (1, 5)
IMPORTS = {
    "package": "import pulumi_ixn",
    "flat": (
        "import pulumi, pulumi_random, pulumi_kubernetes as k;"
        "k.core.v1.Service, k.apps.v1.Deployment, k.networking.v1.NetworkPolicy, k.apiextensions.CustomResource"
    ),
}


def main() -> None:
    """Measure all, and print the tables in Markdown."""
    print(f"Medians of {RUNS} runs; Python {sys.version.split()[0]}, {os.cpu_count()} processors.\n")
    with tempfile.TemporaryDirectory() as directory:
        _print_mocks(Path(directory))
    _print_pairs(
        "`up` on the real engine, s", {str(n): _paired(lambda w, n=n: up_seconds(w, n)) for n in ON_ENGINE}
    )
    _print_pairs("import, s", {"-": _paired(_import_seconds)})


def _print_mocks(directory: Path) -> None:
    _print_row(
        "tenants", "resources", "program, ms", "flat, ms", "ratio", "ms/resource", "ms/tenant", "MiB", "flat, MiB"
    )
    _print_row(*["--:"] * 9)
    for count in ON_MOCKS:
        records = directory / f"{count}.json"
        resources = _run("record", count, records)["resources"]
        runs = _in_turn(lambda which, n=count, at=records: _run(which, n, at))
        package, flat = (1000 * _median(each["seconds"] for each in found) for found in runs)
        mib = [_median(each["mib"] for each in found) for found in runs]
        _print_row(
            count,
            resources,
            f"{package:.0f}",
            f"{flat:.0f}",
            f"{package / flat:.2f}",
            f"{package / resources:.2f}",
            f"{package / count:.1f}",
            *(f"{each:.0f}" for each in mib),
        )
    print()


def _print_row(*cells: object) -> None:
    print(f"| {' | '.join(map(str, cells))} |")


def _print_pairs(title: str, rows: dict[str, tuple[float, float]]) -> None:
    print(f"| tenants | {title} | flat | ratio |")
    print("|--:|--:|--:|--:|")
    for name, (package, flat) in rows.items():
        print(f"| {name} | {package:.2f} | {flat:.2f} | {package / flat:.2f} |")
    print()


def _paired(measure: Callable[[str], float]) -> tuple[float, float]:
    package, flat = _in_turn(measure)
    return _median(package), _median(flat)


def _in_turn(measure: Callable[[str], T]) -> tuple[list[T], list[T]]:
    """Measure the two in turn, so that a machine that slows down does so for both."""
    runs = [(measure("package"), measure("flat")) for _ in range(RUNS)]
    return [run[0] for run in runs], [run[1] for run in runs]


def _run(which: str, count: int, records: Path) -> dict[str, Any]:
    arguments = ["-m", "benchmarks.program", which, str(count), str(records)]
    return json.loads(_python(arguments))


def _import_seconds(which: str) -> float:
    code = f"import time; start = time.perf_counter(); {IMPORTS[which]}; print(time.perf_counter() - start)"
    return float(_python(["-c", code]))


def _python(arguments: Sequence[str]) -> str:
    answer = subprocess.run(
        [sys.executable, *arguments], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    if answer.returncode:
        raise SystemExit(answer.stderr)
    return answer.stdout


def _median(values: Any) -> float:
    return statistics.median(values)


if __name__ == "__main__":
    started = time.monotonic()
    main()
    print(f"(measured in {time.monotonic() - started:.0f} s)", file=sys.stderr)
