"""What kube-state-metrics, cAdvisor and the kubelet export about the tenant's pods, as far as panels read it."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

from pulumi_ixn.monitoring import other_series
from pulumi_ixn.naming import SERVER

from tests.unit.monitoring.loopback import HOST, PODS

_GAUGES = {"container_memory_working_set_bytes": 2e8}
_COUNTERS = {
    "container_cpu_usage_seconds_total": 0.1,
    "container_cpu_cfs_periods_total": 10,
    "container_cpu_cfs_throttled_periods_total": 1,
    "kube_pod_container_status_restarts_total": 0,
}
_VOLUMES = {"kubelet_volume_stats_used_bytes": 2e8, "kubelet_volume_stats_capacity_bytes": 1e9}
_LIMITS = {"memory": 2e9, "cpu": 0.3}


def samples(scrape: int) -> Iterator[tuple[str, Mapping[str, str], float]]:
    """Yield name, labels and value of the series at the given scrape."""
    for workload, pod in PODS.items():
        labels = {"namespace": "ixn", "pod": pod, "container": workload.name}
        for name, value in _GAUGES.items():
            yield name, labels, value
        for name, value in _COUNTERS.items():
            yield name, labels, value * scrape
        for resource, value in _LIMITS.items():
            yield "kube_pod_container_resource_limits", {**labels, "resource": resource}, value
    for name, value in _VOLUMES.items():
        yield name, {"namespace": "ixn", "persistentvolumeclaim": f"logs-{PODS[SERVER]}"}, value


def text(scrape: int) -> str:
    """Return the series in the text format. Raises AssertionError for a label that the exporter does not set."""
    lines: list[str] = []
    for name, labels, value in samples(scrape):
        assert labels.keys() <= {*other_series()[name].labels}, name
        pairs = ",".join(f'{key}="{each}"' for key, each in labels.items())
        lines.append(f"{name}{{{pairs}}} {value}\n")
    return "".join(lines)


@contextmanager
def other_exporters() -> Iterator[int]:
    """Serve the series on loopback, and yield the port."""
    scrapes = count(1)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = text(next(scrapes)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name of the base class)
            pass

    server = ThreadingHTTPServer((HOST, 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
