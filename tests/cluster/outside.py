"""Peers outside the cluster: doubles on the machine's side of the node's veth."""

import os
import subprocess
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tools.cluster.waiting import wait_until


@contextmanager
def listening(double: Path, ports: Mapping[str, set[int]], directory: Path) -> Generator[None]:
    """Run one process that listens on the ports of each address."""
    addresses = [f"{address}:{port}" for address, several in ports.items() for port in sorted(several)]
    if not addresses:
        yield
        return
    log = directory / "outside.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [double], env={**os.environ, "LISTEN": ",".join(addresses)}, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        wait_until("the peers outside", lambda: b"started" in log.read_bytes(), directory, seconds=10)
        yield
    finally:
        process.terminate()
        process.wait()
