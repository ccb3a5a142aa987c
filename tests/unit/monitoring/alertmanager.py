"""An Alertmanager on loopback, with alerts that are posted to it."""

import http
import http.client
import json
import socket
import subprocess
import time
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.unit.monitoring.promtool import program

_SECONDS = 20
"""For Alertmanager to start, and to see all alerts."""

Labels = Mapping[str, str]


@contextmanager
def alertmanager(config: Path, directory: Path) -> Iterator[int]:
    """Run Alertmanager with a configuration, and yield its port."""
    binary = program("prometheus-alertmanager", "prometheus-alertmanager")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    command = [
        binary, f"--config.file={config}", f"--storage.path={directory}",
        f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=",
    ]  # fmt: skip
    with (directory / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            yield port
        finally:
            process.terminate()


def groups(port: int, alerts: Sequence[Labels]) -> Sequence[Mapping[str, Any]]:
    """Post alerts of one namespace, and return their groups once all are in one.

    Each group is a notification of its receiver.
    """
    body = json.dumps([{"labels": each} for each in alerts])
    _until(lambda: _request(port, "POST", "/api/v2/alerts", body) == "")
    found: Sequence[Mapping[str, Any]] = []

    def complete() -> bool:
        nonlocal found
        query = urllib.parse.urlencode({"filter": f'namespace="{alerts[0]["namespace"]}"'})
        found = json.loads(_request(port, "GET", f"/api/v2/alerts/groups?{query}") or "[]")
        return sum(len(group["alerts"]) for group in found) == len(alerts)

    _until(complete)
    return found


def _until(condition: Any) -> None:
    end = time.monotonic() + _SECONDS
    while not condition():
        assert time.monotonic() < end, "Alertmanager does not answer as it should"
        time.sleep(0.1)


def _request(port: int, method: str, path: str, body: str | None = None) -> str | None:
    """Return the answer; None while there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read().decode()
    except OSError:
        return None
    finally:
        connection.close()
    return text if answer.status == http.HTTPStatus.OK else None
