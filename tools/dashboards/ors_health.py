"""The health check between IXN Node and ORS: connections, pings and their durations."""

from tools.dashboards.instructions import PROCESSING
from tools.dashboards.model import Dashboard, Query, Row, State
from tools.dashboards.panels import chart, heatmap, shares, states, text
from tools.dashboards.promql import graded, or_none
from tools.dashboards.variables import tenants

_PING = "ixnnode_ors_health_check_"
_NODE_UP = 'up{@,container="ixn-node"}'
_ORS = '{@,ors_node=~"$ors"}'
_COMMANDS = '{@,command=~"$command"}'

_CONNECTED = (State(0, "none", "red"), State(1, "some", "orange"), State(2, "all", "green"))
_ANSWERED = (State(0, "below 60 %", "red"), State(1, "below 90 %", "orange"), State(2, "90 % or more", "green"))


def _connected(status: str) -> str:
    """Return the share of a pod's connections that are in state 1, for the pod of the tenant with the fewest."""
    by_pod = f"sum by (tenant, pod) ({status} == bool 1) / count by (tenant, pod) ({status})"
    return or_none(f"min by (tenant) ({by_pod})", _NODE_UP)


def _counted(name: str) -> str:
    return f"sum by (tenant) (increase({_PING}{name}{{@}}[5m]))"


_FROM_ORS = f"({_counted('replied_total')} + ({_counted('unsolicited_total')} or 0 * {_counted('replied_total')}))"
_REPLIED = or_none(f"{_counted('replied_total')} / ({_counted('sent_total')} > 0)", _NODE_UP)
_CONFIRMED = or_none(f"{_counted('rqnode_sent_total')} / ({_FROM_ORS} > 0)", _NODE_UP)

_RQ_TENANTS = "sum by (rq_node) (max by (tenant, rq_node) (ixnnode_rq_client_status{@}))"

_HOW = """\
1. Every 15 seconds, each IXN Node sends a ping to ORS, through the **Redis** stream `NewInteractionsStream`.
2. Any ORS node takes it and answers through **Redis**, to the stream that the ping names.
3. IXN Node confirms the answer to that ORS node through the **RQ service**.
4. An ORS node that gets no pings from IXN Node sends one on its own (unsolicited), through Redis.

So the pings test connections 13 and 15, and ORS behind them.
"""

_STATUS = Row(
    "Connections",
    (
        states(
            "Redis (connection 15)",
            graded(_connected("ixnnode_redis_client_status{@}")),
            about="How many of the Redis clients of IXN Node are ready: all, some or none.",
            values=_CONNECTED,
        ),
        states(
            "RQ service (connection 13)",
            graded(_connected("ixnnode_rq_client_status{@}")),
            about="To how many of the nodes of the RQ service IXN Node is connected: all, some or none.",
            values=_CONNECTED,
        ),
        states(
            "Tenants connected to each RQ node",
            Query(
                graded(f"({_RQ_TENANTS} / scalar(count(count by (tenant) (ixnnode_rq_client_status{{@}}))))"),
                "{{rq_node}}",
            ),
            about="Whether all, some or none of the selected tenants are connected to the node of the RQ service.",
            values=_CONNECTED,
        ),
        PROCESSING,
        chart(
            "Tenants connected to each RQ node, number",
            _RQ_TENANTS,
            about="How many of the selected tenants are connected to the node of the RQ service.",
        ),
        states("Redis nodes", "ixnnode_redis_client_node_status{@}", width=16, height=7),
        chart("Redis errors, total", "ixnnode_redis_client_errors_total{@}", width=12),
        chart("Redis errors, rate", "rate(ixnnode_redis_client_errors_total{@}[$__rate_interval])", width=12),
        chart("Redis errors by node, total", "ixnnode_redis_client_node_errors_total{@}", width=12),
        chart(
            "Redis errors by node, rate",
            "rate(ixnnode_redis_client_node_errors_total{@}[$__rate_interval])",
            width=12,
        ),
    ),
)

_PINGS = Row(
    "Pings",
    (
        text("How the health check works", _HOW, height=6),
        states(
            "Sending pings through Redis",
            f"({_counted('failed_total')} == bool 0) * ({_counted('sent_total')} > bool 0)",
            about="Failed: within five minutes a ping could not be sent, or none was.",
            values=(State(0, "failed", "red"), State(1, "ok", "green")),
            width=8,
        ),
        states(
            "Answers of ORS",
            graded(_REPLIED, 0.6, 0.9),
            about="Answers of ORS to pings, as a share of the pings sent within five minutes.",
            values=_ANSWERED,
            width=8,
        ),
        states(
            "Confirmations through the RQ service",
            graded(_CONFIRMED, 0.6, 0.9),
            about="Confirmations sent through the RQ service, as a share of the pings that ORS sent within five "
            "minutes: answers and unsolicited ones.",
            values=_ANSWERED,
            width=8,
        ),
        chart(
            "Pings sent and answered, total",
            Query(f"{_PING}sent_total{{@}}", "{{tenant}} {{pod}} sent"),
            Query(f"{_PING}replied_total{{@}}", "{{tenant}} {{pod}} answered by {{ors_node}}"),
            Query(f"sum by (tenant, pod) ({_PING}replied_total{{@}})", "{{tenant}} {{pod}} answered"),
            about="Pings sent through Redis, and answers to them: from each ORS node, and from all.",
            width=12,
        ),
        chart(
            "Pings sent and answered, rate",
            Query(f"rate({_PING}sent_total{{@}}[$__rate_interval])", "{{tenant}} {{pod}} sent"),
            Query(
                f"rate({_PING}replied_total{{@}}[$__rate_interval])",
                "{{tenant}} {{pod}} answered by {{ors_node}}",
            ),
            Query(
                f"sum by (tenant, pod) (rate({_PING}replied_total{{@}}[$__rate_interval]))",
                "{{tenant}} {{pod}} answered",
            ),
            about="Pings sent through Redis, and answers to them: from each ORS node, and from all. Per second.",
            width=12,
        ),
        chart("Pings not sent, total", f"{_PING}failed_total{{@}}", width=12),
        chart("Pings not sent, rate", f"rate({_PING}failed_total{{@}}[$__rate_interval])", width=12),
        chart("Confirmations sent, total", f"{_PING}rqnode_sent_total{{@}}", width=12),
        chart("Confirmations sent, rate", f"rate({_PING}rqnode_sent_total{{@}}[$__rate_interval])", width=12),
        chart("Confirmations not sent, total", f"{_PING}rqnode_failed_total{{@}}", width=12),
        chart(
            "Confirmations not sent, rate", f"rate({_PING}rqnode_failed_total{{@}}[$__rate_interval])", width=12
        ),
        chart("Unsolicited pings of ORS, total", f"{_PING}unsolicited_total{{@}}", width=12),
        chart(
            "Unsolicited pings of ORS, rate", f"rate({_PING}unsolicited_total{{@}}[$__rate_interval])", width=12
        ),
    ),
)

_DURATIONS = Row(
    "Durations",
    (
        shares("From ping to answer", f"{_PING}roundtrip_duration_sec", _ORS),
        heatmap("From ping to answer, over time", f"{_PING}roundtrip_duration_sec", _ORS),
        shares("From ORS to IXN Node", "ixnnode_redis_instructions_stream_latency_sec", _ORS),
        heatmap("From ORS to IXN Node, over time", "ixnnode_redis_instructions_stream_latency_sec", _ORS),
        shares("Redis commands", "ixnnode_redis_command_duration_sec", _COMMANDS),
        heatmap("Redis commands, over time", "ixnnode_redis_command_duration_sec", _COMMANDS),
    ),
)

ORS_HEALTH = Dashboard(
    "ixn-ors-health",
    "IXN and ORS Health Check",
    "Connections of IXN Node to Redis and the RQ service, the pings through them, and how long they take.",
    tenants(
        "ixn-node",
        ors=f"label_values({_PING}replied_total{{@}}, ors_node)",
        command="label_values(ixnnode_redis_command_duration_sec_count{@}, command)",
    ),
    (_STATUS, _PINGS, _DURATIONS),
)
