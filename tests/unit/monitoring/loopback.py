"""A tenant and its peers on loopback, played by the double, and a real Prometheus that scrapes them."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pulumi_ixn.manifests.monitor import target_labels
from pulumi_ixn.naming import NODE, SERVER, VQ_NODE, Identity, Tenant, WorkloadId
from pulumi_ixn.spec import CONNECTIONS

from tests.prometheus_api import Prometheus

HOST = "127.0.0.1"
MAX_SECONDS = "240"
"""How long a process may run, so that none is left even if the tests are killed."""

TENANT = Tenant("9350e2fc-a1dd-4c65-8d40-1f75a2e080dd", "100")
PODS: Mapping[WorkloadId, str] = {
    SERVER: "ixn-server-100-0",
    NODE: "ixn-node-100-6d4cf56db6-x2x4z",
    VQ_NODE: "ixn-vqnode-100-7f9c8d5b44-8kq2m",
}


def free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        several = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in several:
            each.bind((HOST, 0))
        return [each.getsockname()[1] for each in several]


def wait_for(what: str, holds: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.5)


@contextmanager
def running(
    command: Sequence[str | Path], log: Path, env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command until the end of the block, at most `MAX_SECONDS`."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["timeout", MAX_SECONDS, *command], env=env, stdout=output, stderr=output, start_new_session=True
        )
        try:
            yield process
        finally:
            stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


@dataclass
class Loopback:
    """The ports of a tenant on loopback: of the rows' destinations by number, and of the metrics by workload."""

    double: Path
    directory: Path
    rows: Mapping[int, int] = field(init=False)
    metrics: Mapping[WorkloadId, int] = field(init=False)

    def __post_init__(self) -> None:
        ports = free_ports(len(CONNECTIONS) + 3)
        self.rows = {row.number: ports.pop() for row in CONNECTIONS}
        self.metrics = {SERVER: ports.pop(), NODE: ports.pop(), VQ_NODE: ports.pop()}

    def workloads(self) -> Mapping[WorkloadId, Mapping[str, str]]:
        """Return the variables of the workloads' containers."""
        settings = self.directory / "settings.json"
        settings.write_text(json.dumps(self._settings()), encoding="utf-8")
        tenant = {"TENANT_ID": TENANT.id, "TENANT_SID": TENANT.sid}
        login = {"DB_USERNAME": "ixn", "DB_PASSWORD": "made up"}
        return {
            SERVER: {
                **tenant,
                **login,
                "IXN_SERVER_PORT": self._address(2),
                "IXN_METRICS_PORT": f"{HOST}:{self.metrics[SERVER]}",
                "LOG_PATH": str(self.directory),
                "CONF_SERVER_HOST": HOST,
                "CONF_SERVER_PORT": str(self.rows[5]),
                "KAFKA_BOOTSTRAP_SERVERS": self._address(6),
                "DB_HOST": HOST,
                "DB_PORT": str(self.rows[16]),
                "DB_NAME": "ixn",
                "PULSE_STAT_SERVERS": self._address(19),
            },
            NODE: {**login, "SETTINGS_PATH": str(settings), "CONSUL_HOST": HOST, "CONSUL_PORT": str(self.rows[1])},
            VQ_NODE: {
                **tenant,
                "VQ_NODE_PORT": self._address(8),
                "VQ_NODE_METRICS_PORT": f"{HOST}:{self.metrics[VQ_NODE]}",
                "KAFKA_BOOTSTRAP_SERVERS": self._address(7),
            },
        }

    def peers(self) -> Mapping[str, str]:
        """Return the variables of a double that plays all peers."""
        listen = [self._address(row) for row in (1, 5, 6, 7, 13, 14, 15, 16, 17, 19)]
        dial = [f"{row}={self._address(2)}" for row in (3, 4, 18)] + [
            f"{row}={self._address(8)}" for row in (8, 9)
        ]
        return {"LISTEN": ",".join(listen), "DIAL": ",".join(dial)}

    def start(self, name: str, variables: Mapping[str, str]) -> Any:
        return running([self.double, "run"], self.directory / f"{name}.log", variables)

    def _address(self, row: int) -> str:
        return f"{HOST}:{self.rows[row]}"

    def _settings(self) -> Mapping[str, Any]:
        def endpoint(row: int) -> Mapping[str, Any]:
            return {"host": HOST, "port": self.rows[row]}

        return {
            "tenant": {"id": TENANT.id, "sid": TENANT.sid},
            "ports": {"health": self.metrics[NODE]},
            "ixnServer": endpoint(2),
            "configNode": endpoint(14),
            "db": endpoint(17),
            "rq": [endpoint(13)],
            "redis": [endpoint(15)],
        }


@contextmanager
def prometheus(program: str, directory: Path, loopback: Loopback, others: int) -> Iterator[Prometheus]:
    """Run Prometheus. It scrapes the workloads with the labels of their ServiceMonitors, and the port `others`."""
    (port,) = free_ports(1)
    config, log = directory / "prometheus.yml", directory / "prometheus.log"
    config.write_text(yaml.safe_dump(scrape_config(loopback, others)), encoding="utf-8")
    arguments = (f"--config.file={config}", f"--storage.tsdb.path={directory / 'data'}", "--log.level=warn")
    with running([program, *arguments, f"--web.listen-address={HOST}:{port}"], log):
        client = Prometheus(f"{HOST}:{port}")
        wait_for(f"Prometheus is ready, see {log}", client.is_ready, 30)
        yield client


def scrape_config(loopback: Loopback, others: int) -> Mapping[str, Any]:
    def workload(which: WorkloadId) -> Mapping[str, Any]:
        identity = Identity(which, TENANT, "")
        found = {"namespace": "ixn", "container": which.name, "pod": PODS[which], "job": which.name}
        return {
            "targets": [f"{HOST}:{loopback.metrics[which]}"],
            "labels": {**found, **target_labels(identity)},
        }

    return {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
        "scrape_configs": [
            {"job_name": "ixn", "static_configs": [workload(each) for each in PODS]},
            {"job_name": "others", "honor_labels": True, "static_configs": [{"targets": [f"{HOST}:{others}"]}]},
        ],
    }
