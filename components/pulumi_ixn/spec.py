"""The specification: the vendor's table of the nineteen connections of an IXN tenant, as data.

Every port, direction and peer in the package is derived from `CONNECTIONS`; no other place states one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Party(StrEnum):
    """A source or destination of connections, by its name in the vendor's table."""

    IXN = "IXN"
    IXN_NODE = "IXN Node"
    IXN_VQ_NODE = "IXN VQ Node"
    CONSUL = "Consul DaemonSet"
    GWS_IXN_SERVICE = "GWS IXN service"
    STAT_SERVER = "StatServer"
    CONFIG_SERVER = "Config Server"
    KAFKA = "Kafka"
    URS = "URS"
    PROMETHEUS = "Prometheus"
    VOICE_RQ = "Voice RQ"
    VOICE_CONFIG = "Voice config"
    ORS_REDIS_STREAM = "ORS Redis Stream"
    IXN_DB = "IXN DB"
    IXN_NODE_DB = "IXN Node DB"
    PULSE_STAT_SERVERS = "Pulse Stat Server(s)"


class Parameter(StrEnum):
    """One of the eight port parameters, by its path in the table."""

    SERVER_PORT = "ixnService.ixnServer.port"
    SERVER_PORTS = "ixnService.ixnServer.ports"
    SERVER_CONFIG = "ixnService.ixnServer.config"
    NODE_PORTS = "ixnService.ixnNode.ports"
    NODE_CONF = "ixnService.ixnNode.conf"
    NODE_CONSUL = "ixnService.ixnNode.consul"
    VQ_NODE_DEFAULT = "ixnVQNode.ports.default"
    VQ_NODE_HEALTH = "ixnVQNode.ports.health"


@dataclass(frozen=True)
class Row:
    """One connection of the table.

    `port` is the table's default (1 to 65535); None if the table leaves it to `port_defined_by`. `parameter` is
    the parameter that overrides it, if any. `carries` describes the traffic.
    """

    number: int
    source: Party
    destination: Party
    protocol: str
    port: int | None
    classification: str
    parameter: Parameter | None = None
    port_defined_by: str | None = None
    carries: str | None = None


WORKLOAD_PARTIES = (Party.IXN, Party.IXN_NODE, Party.IXN_VQ_NODE)
"""The parties that this package runs; all others are peers."""

_TCP, _HTTP = "TCP", "HTTP"
_INTRA, _INGRESS, _EGRESS = "intra-cluster", "ingress", "egress"
_P, _Q = Party, Parameter

# fmt: off
CONNECTIONS: tuple[Row, ...] = (
    Row(1, _P.IXN_NODE, _P.CONSUL, _TCP, 8500, _INTRA, _Q.NODE_CONSUL),
    Row(2, _P.IXN_NODE, _P.IXN, _TCP, 7120, _INTRA, _Q.SERVER_PORT),
    Row(3, _P.GWS_IXN_SERVICE, _P.IXN, _TCP, 7120, _INTRA, _Q.SERVER_PORT,
        carries="all operations over the IXN protocol"),
    Row(4, _P.STAT_SERVER, _P.IXN, _TCP, 7120, _INTRA, _Q.SERVER_PORT,
        carries="subscription to reporting information"),
    Row(5, _P.IXN, _P.CONFIG_SERVER, _TCP, 8888, _INTRA, _Q.SERVER_CONFIG),
    Row(6, _P.IXN, _P.KAFKA, _TCP, None, _EGRESS,
        port_defined_by="Kafka configuration", carries="IXN Reporting Protocol for GIM"),
    Row(7, _P.IXN_VQ_NODE, _P.KAFKA, _TCP, None, _EGRESS,
        port_defined_by="Kafka configuration", carries="VQ events for GIM"),
    Row(8, _P.URS, _P.IXN_VQ_NODE, _TCP, 7122, _INTRA, _Q.VQ_NODE_DEFAULT,
        carries="VQ events"),
    Row(9, _P.STAT_SERVER, _P.IXN_VQ_NODE, _TCP, 7122, _INTRA, _Q.VQ_NODE_DEFAULT,
        carries="subscription to VQ events"),
    Row(10, _P.PROMETHEUS, _P.IXN_VQ_NODE, _HTTP, 13139, _INGRESS, _Q.VQ_NODE_HEALTH,
        carries="metrics polling"),
    Row(11, _P.PROMETHEUS, _P.IXN_NODE, _HTTP, 13133, _INGRESS, _Q.NODE_PORTS,
        carries="metrics polling"),
    Row(12, _P.PROMETHEUS, _P.IXN, _HTTP, 13131, _INGRESS, _Q.SERVER_PORTS,
        carries="metrics polling"),
    Row(13, _P.IXN_NODE, _P.VOICE_RQ, _TCP, None, _INTRA,
        port_defined_by="RQ service", carries="interaction content messages for ORS"),
    Row(14, _P.IXN_NODE, _P.VOICE_CONFIG, _HTTP, 8888, _INTRA, _Q.NODE_CONF,
        carries="Config Server data by way of the Config Node service"),
    Row(15, _P.IXN_NODE, _P.ORS_REDIS_STREAM, _TCP, None, _EGRESS,
        port_defined_by="Redis configuration",
        carries="interaction IDs to be routed by ORS and routing instructions back to IXN"),
    Row(16, _P.IXN, _P.IXN_DB, _TCP, None, _EGRESS,
        port_defined_by="DBMS configuration",
        carries="create/read/update/delete on the Interaction Server database"),
    Row(17, _P.IXN_NODE, _P.IXN_NODE_DB, _TCP, None, _EGRESS,
        port_defined_by="DBMS configuration", carries="create/read/update/delete on the IXN Node database"),
    Row(18, _P.PULSE_STAT_SERVERS, _P.IXN, _TCP, 7120, _INGRESS, _Q.SERVER_PORT,
        carries="subscription to reporting information"),
    Row(19, _P.IXN, _P.PULSE_STAT_SERVERS, _TCP, 2060, _EGRESS,
        port_defined_by="Config Server", carries="streaming statistics"),
)
# fmt: on
"""The nineteen connections, in the order of the table."""


def default_port(parameter: Parameter, rows: Sequence[Row] = CONNECTIONS) -> int:
    """Return the table's port of `parameter`, which is the same in all of its rows."""
    return next(row.port for row in rows if row.parameter is parameter and row.port is not None)


def rows_of(party: Party, rows: Sequence[Row] = CONNECTIONS) -> tuple[Row, ...]:
    """Return the rows with `party` as source or destination, in the order of the table."""
    return tuple(row for row in rows if party in (row.source, row.destination))


def owner(parameter: Parameter, rows: Sequence[Row] = CONNECTIONS) -> Party:
    """Return the party that listens on the port of `parameter`."""
    return next(row.destination for row in rows if row.parameter is parameter)
