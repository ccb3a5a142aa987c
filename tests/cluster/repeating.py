"""Dial a Service again and again from a pod, a new connection each time."""

import json
import os
import subprocess
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.cluster.matrix import Pod
from tools.cluster.client import Client
from tools.cluster.environment import of_clients

EVERY, TIMEOUT = "10ms", "30s"
"""The time between the starts of two dials. A dial that is merely slow, on a busy machine, does not fail; one to a
pod that is gone does, however long it waits."""


@dataclass
class Dialed:
    """What the dials of a block found; complete after it. `pause` and `gap` are in milliseconds."""

    seconds: float = 0
    dials: int = 0
    failures: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])
    peers: Mapping[str, int] = field(default_factory=dict[str, int])
    pause: float = 0
    gap: float = 0

    @property
    def pods(self) -> set[str]:
        """The names of the pods that answered."""
        return {each.partition(" ")[0] for each in self.peers}


@contextmanager
def dialing(client: Client, source: Pod, address: str) -> Generator[Dialed]:
    """Dial an address from a pod during the block. The dials begin before it, and end after it."""
    namespace = source.workload.partition("/")[0]
    inside = ["--", "/double", "repeat", f"-every={EVERY}", f"-timeout={TIMEOUT}", address]
    command = [
        client.kubectl,
        f"--kubeconfig={client.kubeconfig}",
        "exec",
        "--stdin",
        source.name,
        f"--namespace={namespace}",
    ]
    found, started = Dialed(), time.monotonic()
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [*command, *inside], env=of_clients(os.environ), stdin=pipe, stdout=pipe, text=True
    ) as process:
        try:
            time.sleep(1)
            yield found
            time.sleep(1)
        finally:
            output, _ = process.communicate("", timeout=60)
    assert process.returncode == 0, output
    for name, value in json.loads(output).items():
        setattr(found, name, value)
    found.seconds = time.monotonic() - started


def service_address(client: Client, name: str, port: int) -> str:
    """Return the address of a Service of the stack, which needs no name resolution."""
    return f"{client.get('service', name, '--namespace=ixn')['spec']['clusterIP']}:{port}"
