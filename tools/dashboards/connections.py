"""The nineteen connections: the expression that shows the state of each, or why no metric does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulumi_ixn.naming import WORKLOADS
from pulumi_ixn.spec import CONNECTIONS, Party, Row

from tools.dashboards.model import Panel, Query, State
from tools.dashboards.panels import metrics_in, states, text

DOWN, UP, PARTLY, IDLE, NO_DATA, NOT_OBSERVABLE = 0, 1, 2, 3, 4, -1

STATES = (
    State(DOWN, "down", "red"),
    State(UP, "up", "green"),
    State(PARTLY, "partly up", "orange"),
    State(IDLE, "idle", "blue"),
    State(NO_DATA, "no data", "purple"),
    State(NOT_OBSERVABLE, "not observable", "#8e8e8e"),
)


@dataclass(frozen=True)
class Observed:
    """How the state of a row is observed: conditions, the first of which that holds is the state.

    A condition is a query without labels in its result, and empty if it does not hold. If none holds, the series
    do not exist: the row has no data. `how` says what the state means.
    """

    conditions: Sequence[tuple[int, str]]
    how: str

    @property
    def expr(self) -> str:
        """The query, whose value is one of the states."""
        return "\nor ".join([*(f"0 * ({condition}) + {state}" for state, condition in self.conditions), _NONE])

    @property
    def metrics(self) -> set[str]:
        """The names of the catalog's metrics that it reads."""
        return {metric.name for _, condition in self.conditions for metric in metrics_in(condition)}


@dataclass(frozen=True)
class NotObservable:
    """Why no metric shows the state of a row."""

    why: str


_NONE = f"vector({NO_DATA})"


def _share(connected: str, how: str) -> Observed:
    """Observe the states (1 is connected) of the same connection at several places."""
    average = f"avg({connected} == bool 1)"
    return Observed(((UP, f"{average} == 1"), (PARTLY, f"{average} > 0"), (DOWN, f"{average} == 0")), how)


def _clients(selector: str, how: str) -> Observed:
    """Observe how many clients of a type are connected."""
    connected = f"sum(ixn_health_info_client_count{{@,{selector}}})"
    return Observed(((UP, f"{connected} > 0"), (IDLE, f"{connected} == 0")), how)


def _events(counter: str, how: str) -> Observed:
    """Observe whether a counter has risen within five minutes."""
    more = f"sum(increase({counter}{{@}}[5m]))"
    return Observed(((UP, f"{more} > 0"), (IDLE, f"{more} == 0")), how)


def _scraped(row: Row) -> Observed:
    """Observe the scrape of a workload."""
    container = next(each.name for each in WORKLOADS if each.party is row.destination)
    return _share(f'up{{@,container="{container}"}}', "Prometheus can scrape all pods; partly: some")


_PULLS = "increase(ixnnode_pull_request_total{@}[5m])"
_DISCARDED = "sum(increase(ixn_health_info_total_loggers_events_discarded_due_to_overflow{@}[5m]))"
_DELIVERED = "sum(increase(ixn_health_info_total_loggers_events_commited{@}[5m]))"
_DATABASE = "sum(ixn_health_info_current_database_connections{@})"
_PRODUCER = "ixn_vq_node_kafka_producer_state{@}"
_STAT_SERVERS = (
    "StatServers (reporting engines) are connected; idle: none is. IXN Server does not tell 4 and 18 apart"
)
_STUCK = """sum(min_over_time(ixn_health_info_current_database_requests{@}[5m])) > 0
and sum(increase(ixn_health_info_total_database_requests{@}[5m])) == 0"""

OBSERVED: Mapping[int, Observed | NotObservable] = {
    1: NotObservable("IXN Node exports nothing about its Consul agent"),
    2: Observed(
        (
            (PARTLY, f"count({_PULLS} == 0) and sum({_PULLS}) > 0"),
            (UP, f"sum({_PULLS}) > 0"),
            (DOWN, f"sum({_PULLS}) == 0"),
        ),
        "IXN Server completed a pull request of each strategy within five minutes; partly: of some",
    ),
    3: _clients(
        'client_type_name!~"Reporting engine|Routing engine"',
        "clients other than StatServers and IXN Node are connected; idle: none is",
    ),
    4: _clients('client_type_name="Reporting engine"', _STAT_SERVERS),
    5: _share("ixn_health_info_config_server_connected{@}", "IXN Server says that it is connected"),
    6: Observed(
        (
            (DOWN, f"{_DISCARDED} > 0"),
            (UP, f"{_DELIVERED} > 0"),
            (IDLE, f"{_DELIVERED} == 0"),
        ),
        "event loggers delivered events within five minutes; idle: none; down: a full queue lost events",
    ),
    7: Observed(
        (
            (UP, f"min({_PRODUCER}) == 1"),
            (PARTLY, f"max({_PRODUCER}) == 1"),
            (DOWN, f"min({_PRODUCER}) < 0"),
            (IDLE, f"min({_PRODUCER}) == 0"),
        ),
        "the Kafka producers of all topics are connected; partly: of some; idle: not known yet",
    ),
    8: _events("ixn_vq_node_received_total", "VQ events arrived within five minutes; idle: none"),
    9: _events("ixn_vq_node_forwarded_total", "VQ events were forwarded within five minutes; idle: none"),
    13: _share(
        "ixnnode_rq_client_status{@}", "IXN Node is connected to all nodes of the RQ service; partly: to some"
    ),
    14: Observed(
        (
            (DOWN, "sum(increase(ixnnode_configuration_fetch_errors_total{@}[5m])) > 0"),
            (UP, "max(ixnnode_last_fetched_configuration_timestamp{@}) > 0"),
        ),
        "IXN Node has fetched its configuration; down: a fetch failed within five minutes",
    ),
    15: _share("ixnnode_redis_client_status{@}", "all Redis clients of IXN Node are ready; partly: some"),
    16: Observed(
        (
            (DOWN, _STUCK),
            (UP, f"{_DATABASE} > 0"),
            (DOWN, f"{_DATABASE} == 0"),
        ),
        "IXN Server has connections to its database; down: none, or requests have been stuck for five minutes",
    ),
    17: NotObservable("IXN Node exports nothing about its database"),
    18: _clients('client_type_name="Reporting engine"', _STAT_SERVERS),
    19: NotObservable("IXN Server exports nothing about the statistics that it streams"),
}
"""By number of the row; rows of Prometheus are added by `observation`."""


def observation(row: Row) -> Observed | NotObservable:
    """Return how the state of a row is observed."""
    return _scraped(row) if row.source is Party.PROMETHEUS else OBSERVED[row.number]


def status_map(rows: Sequence[Row] = CONNECTIONS) -> Panel:
    """Return the panel with the state of each row."""
    return states(
        "Connections",
        *(Query(_expr(observation(row)), _name(row)) for row in rows),
        about="The connections of the table. Grey ones are not observable: no metric shows their state. No data: "
        "the workload that would tell cannot be scraped.",
        values=STATES,
        width=15,
        height=18,
    )


def legend(rows: Sequence[Row] = CONNECTIONS) -> Panel:
    """Return the panel that says what each row's state means, and why some rows have none."""
    lines = [f"| {row.number} | {_meaning(observation(row))} |" for row in rows]
    table = "\n".join(["| connection | up means |", "|---|---|", *lines])
    return text("How the connections are observed", table, width=9, height=18)


def _expr(observed: Observed | NotObservable) -> str:
    return observed.expr if isinstance(observed, Observed) else f"vector({NOT_OBSERVABLE})"


def _meaning(observed: Observed | NotObservable) -> str:
    return observed.how if isinstance(observed, Observed) else f"*Not observable: {observed.why}*"


def _name(row: Row) -> str:
    return f"{row.number:02} {row.source} → {row.destination}"
