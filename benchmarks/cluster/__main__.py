"""`python -m benchmarks.cluster`: the package beside kubectl and helm on one API server with a fake node.

The node reports every pod as running at once, so that what is measured is the client. The contenders take turns,
each in an empty namespace.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.cluster import helm, kubectl, package, server
from benchmarks.cluster.contender import Contender, Seconds, measured
from benchmarks.cluster.stack import manifests
from benchmarks.cluster.table import HEADER, rows
from tools.builder import built
from tools.cluster.client import Client, Object
from tools.cluster.control_plane import Simulation, running_control_plane
from tools.errors import command
from tools.report import say

OTHERS = {"kubectl": kubectl.contender, "helm": helm.contender}
NAMES = (*package.VARIANTS, *OTHERS)
RUNS, MANY = 3, 40
"""How often each contender runs by default: once from this number of tenants on, which takes most of an hour."""


def main(given: Sequence[str]) -> None:
    """Print the table; its rows appear as soon as they are complete."""
    options = arguments(given)
    names = list(dict.fromkeys(options.compare))
    if package.VARIANTS.keys() & names:
        package.report_versions()
    if "helm" in names:
        built(["helm"], os.environ)
    started = time.monotonic()
    with running_control_plane(Simulation(volumes=max(options.tenants))) as client:
        server.define_monitoring(client)
        print(f"Medians; {os.cpu_count()} processors.\n", *HEADER, sep="\n", flush=True)
        for count, runs in zip(options.tenants, options.runs, strict=True):
            objects = manifests(count)
            results = compare(client, count, objects, names, runs)
            print(*rows(count, len(objects), results), sep="\n", flush=True)
    say(f"(measured in {time.monotonic() - started:.0f} s)")


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """Parse the command line: `tenants`, `runs` (as many as `tenants`) and `compare`."""
    parser = argparse.ArgumentParser(
        prog="make bench-cluster ARGS=", description="Compare the package with kubectl and Helm."
    )
    parser.add_argument("--tenants", type=_positive, nargs="+", default=[1, 10, 40], metavar="N")
    parser.add_argument(
        "--runs",
        type=_positive,
        nargs="+",
        metavar="N",
        help=f"runs of each contender, for all numbers of tenants or for each (default: {RUNS}, and 1 from {MANY} "
        "tenants on)",
    )
    parser.add_argument(
        "--compare", nargs="+", choices=NAMES, default=NAMES, metavar="NAME", help=", ".join(NAMES)
    )
    options = parser.parse_args(given)
    counts: Sequence[int] = options.tenants
    options.runs = options.runs or [1 if each >= MANY else RUNS for each in counts]
    if len(options.runs) == 1:
        options.runs *= len(counts)
    if len(options.runs) != len(counts):
        parser.error(f"--runs: {len(options.runs)} numbers for {len(counts)} numbers of tenants")
    return options


def compare(
    client: Client, count: int, objects: Sequence[Object], names: Sequence[str], runs: int
) -> dict[str, list[Seconds]]:
    """Measure each contender `runs` times, in turn, so that a machine that slows down does so for all."""
    results: dict[str, list[Seconds]] = {name: [] for name in names}
    for run in range(runs):
        for name in names:
            server.reset(client, count)
            with tempfile.TemporaryDirectory(prefix="ixn-bench-") as directory:
                seconds = measured(_contender(name, client, Path(directory), count, objects))
            results[name].append(seconds)
            shown = ", ".join(f"{phase} {each:.1f} s" for phase, each in seconds._asdict().items())
            say(f"tenants: {count}, run {run + 1} of {runs}, {name}: {shown}")
    return results


def _contender(name: str, client: Client, directory: Path, count: int, objects: Sequence[Object]) -> Contender:
    if safety := package.VARIANTS.get(name):
        return package.contender(client, directory, count, safety)
    return OTHERS[name](client, directory, objects)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text}: must be at least 1")
    return number


if __name__ == "__main__":
    with command():
        main(sys.argv[1:])
