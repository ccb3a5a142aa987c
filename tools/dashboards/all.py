"""All dashboards."""

from collections.abc import Callable, Mapping
from functools import partial

from tools.dashboards.event_loggers import EVENT_LOGGERS
from tools.dashboards.grafana import rendered
from tools.dashboards.model import Dashboard
from tools.dashboards.node import NODE
from tools.dashboards.ors_health import ORS_HEALTH
from tools.dashboards.overview import OVERVIEW
from tools.dashboards.protocol_requests import PROTOCOL_REQUESTS
from tools.dashboards.routing import ROUTING
from tools.dashboards.server import SERVER
from tools.dashboards.vq_node import VQ_NODE

DASHBOARDS: tuple[Dashboard, ...] = (
    OVERVIEW,
    SERVER,
    NODE,
    VQ_NODE,
    ROUTING,
    EVENT_LOGGERS,
    PROTOCOL_REQUESTS,
    ORS_HEALTH,
)

FOLDER = "components/pulumi_ixn/monitoring/dashboards"

FILES: Mapping[str, Callable[[], str]] = {
    f"{FOLDER}/{each.uid}.json": partial(rendered, each) for each in DASHBOARDS
}
"""The functions that generate the files, by path in the checkout."""
