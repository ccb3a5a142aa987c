"""`python -m benchmarks.api_server`: the first `up` on a real API server, beside `kubectl apply` of its objects.

The control plane is on this machine, and a simulated node reports every pod as running at once, so that what is
measured is the client. The two take turns, each on a control plane of its own.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.tenants import config
from tests.cluster.live_stack import LiveStack
from tools.cluster.client import Client, Object
from tools.cluster.control_plane import Simulation, running_control_plane

RUNS = 3
TENANTS = (1, 10)
WORKLOAD_PARTIES = ("Deployment", "StatefulSet")


def main() -> None:
    """Print the medians in Markdown."""
    print("| tenants | objects | `up`, s | `up` again, s | `kubectl apply` and rollout, s | ratio |")
    print("|--:|--:|--:|--:|--:|--:|")
    for count in TENANTS:
        runs = [measured(count) for _ in range(RUNS)]
        objects = runs[0][0]
        up, again, kubectl = (statistics.median(run[index] for run in runs) for index in (1, 2, 3))
        print(f"| {count} | {objects} | {up:.1f} | {again:.1f} | {kubectl:.1f} | {up / kubectl:.2f} |", flush=True)


def measured(count: int) -> tuple[int, float, float, float]:
    """Return the number of objects, and the seconds of `up`, of another `up`, and of kubectl."""
    with running_control_plane(Simulation(volumes=count)) as client, tempfile.TemporaryDirectory() as directory:
        stack = LiveStack(client, Path(directory))
        with stack.project.edited() as edited:
            edited["ixn:tenants"] = config(count)["ixn:tenants"]
        stack.provide("ixn")
        stack.project.run("stack", "init", stack.project.stack, "--secrets-provider", "passphrase").succeeded()
        first, again = seconds(stack), seconds(stack)
        objects = inputs(stack)
    with running_control_plane(Simulation(volumes=count)) as client, tempfile.TemporaryDirectory() as directory:
        LiveStack(client, Path(directory))  # its namespace, and its custom resource definition
        start = time.perf_counter()
        apply(client, objects)
        return len(objects), first, again, time.perf_counter() - start


def seconds(stack: LiveStack) -> float:
    """Return how long one `up` takes."""
    start = time.perf_counter()
    stack.project.up()
    return time.perf_counter() - start


def inputs(stack: LiveStack) -> list[Object]:
    """Return the objects as the program declares them."""
    return [each["inputs"] for each in stack.project.resources() if each["type"].startswith("kubernetes:")]


def apply(client: Client, objects: Sequence[Object]) -> None:
    """Apply the objects and wait until every workload is ready, as a deployment script does."""
    text = "\n---\n".join(json.dumps(each) for each in objects)
    client.apply_text(text)
    for each in objects:
        if each["kind"] in WORKLOAD_PARTIES:
            kind, metadata = each["kind"].lower(), each["metadata"]
            name, namespace = f"{kind}/{metadata['name']}", f"--namespace={metadata['namespace']}"
            client.run("rollout", "status", name, namespace, "--timeout=120s")


if __name__ == "__main__":
    started = time.monotonic()
    main()
    print(f"(measured in {time.monotonic() - started:.0f} s)", file=sys.stderr)
