"""Cases of alerts: the series of a situation, in the notation of promtool, and the alerts that fire.

A series has a sample each minute from minute 0 on: `0x5 1+2x10` is six times 0, then 1, 3, 5 and so on; `_` is
none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

NAMESPACE = "voice"
"""Not the default one: an alert that names a namespace of its own would not fire."""

SERVER, OTHER_SERVER = "ixn-server-100-0", "ixn-server-100-1"
NODES = ("ixn-node-100-7c9d8b6f5-x2x4z", "ixn-node-100-7c9d8b6f5-b5k7w")
VQ_NODE = "ixn-vqnode-100-6b9f7d8c5-k4k2k"
CLAIM = "logs-ixn-server-100-0"


@dataclass(frozen=True)
class Fires:
    """An alert that fires: its labels beyond those of its rule, the workload of its rule, and the value.

    `text` is the value as the description shows it, if that is not a number.
    """

    component: str
    labels: Mapping[str, str]
    value: float
    text: str = ""


@dataclass(frozen=True)
class Case:
    """A situation: at minute `at`, exactly `fires` fire of the alert. Without any, it stays silent."""

    alert: str
    situation: str
    series: Mapping[str, str]
    at: int
    fires: tuple[Fires, ...] = field(default=())


def own(metric: str, pod: str, *, instance: str = "10.0.0.1:1", **labels: str) -> str:
    """Return the name of a series that a workload of the tenant exports, with the labels of its scrape."""
    container = pod.rpartition("-100-")[0]
    scraped = {
        "tenant": "100",
        "namespace": NAMESPACE,
        "service": "ixn",
        "servicename": "ixn",
        "container": container,
        "pod": pod,
        "job": container,
        "instance": instance,
    }
    return series(metric, **scraped, **labels)


def of_cluster(metric: str, /, **labels: str) -> str:
    """Return the name of a series of another exporter about an object of the tenant's namespace."""
    return series(metric, **{"namespace": NAMESPACE, "job": "cluster", "instance": "10.0.0.9:8080", **labels})


def series(metric: str, /, **labels: str) -> str:
    """Return the name of a series with labels."""
    matchers = (f'{key}="{value}"' for key, value in labels.items())
    return f"{metric}{{{','.join(matchers)}}}"
