"""Where on a cluster, and on the machine that it runs on, a secret could be."""

import json
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tools.cluster.client import Client

SAMPLE_SECONDS = 0.02

Reader = Callable[[Path], bytes]
"""What reads a process, which is a directory of /proc."""


def objects(client: Client, scope: str = "--all-namespaces") -> dict[str, bytes]:
    """Return each object of every kind by `Kind/name`, with its managedFields.

    `scope` is kubectl's: an object of the same kind and name in another namespace takes its place.
    """
    kinds = client.run("api-resources", "--verbs=list", "--output=name").split()
    items: list[dict[str, Any]] = client.get(",".join(kinds), scope, "--show-managed-fields")["items"]
    return {f"{each['kind']}/{each['metadata']['name']}": json.dumps(each).encode() for each in items}


def logs(client: Client, namespace: str) -> dict[str, bytes]:
    """Return the logs of all pods of a namespace that have run."""
    pods = client.get("pods", f"--namespace={namespace}")["items"]
    names = [each["metadata"]["name"] for each in pods if each["status"]["phase"] != "Pending"]
    return {
        f"log of {name}": client.run("logs", name, f"--namespace={namespace}", "--all-containers").encode()
        for name in names
    }


def command_line(process: Path) -> bytes:
    """Return the command line of a process, with a zero byte after each word."""
    return (process / "cmdline").read_bytes()


@contextmanager
def sampled_processes(
    *readers: Callable[[Path], bytes],
) -> Generator[Mapping[Callable[[Path], bytes], set[bytes]]]:
    """Yield what the readers return of any process of this machine, in whatever namespace, during the block."""
    seen: dict[Reader, set[bytes]] = {each: set() for each in readers}
    ended = threading.Event()

    def sample() -> None:
        while not ended.wait(SAMPLE_SECONDS):
            for process in Path("/proc").glob("[0-9]*"):
                for read, contents in seen.items():
                    with suppress(OSError):  # it has ended, or belongs to another user
                        contents.add(read(process))

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()
