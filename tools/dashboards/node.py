"""IXN Node: routing, its health, notifications, and the API."""

from tools.dashboards.instructions import PROCESSING
from tools.dashboards.model import Dashboard, Query, Row, State
from tools.dashboards.panels import UP, chart, stat, states
from tools.dashboards.promql import graded, or_none
from tools.dashboards.variables import tenants

_PULLED = "increase(ixnnode_pull_request_total{@}[5m])"

_PULLING = or_none(
    f"sum by (tenant) ({_PULLED} > bool 0) / count by (tenant) ({_PULLED})", 'up{@,container="ixn-node"}'
)
"""The share of strategies for which IXN Server completed a pull request within five minutes."""

_UP = Row(
    "State",
    (
        states(
            "IXN Node is up",
            Query('up{@,container="ixn-node"}', "{{tenant}} {{pod}}"),
            about="Whether Prometheus can scrape IXN Node (connection 11).",
            values=UP,
            width=24,
        ),
    ),
)

_ROUTING = Row(
    "Routing",
    (
        chart("Interactions pulled, total", "ixnnode_interactions_pulled_total{@}"),
        chart("Interactions pulled, rate", "rate(ixnnode_interactions_pulled_total{@}[$__rate_interval])"),
        chart("Routing sessions", "ixnnode_routing_sessions_in_routing{@}"),
        chart(
            "Terminal instructions, total",
            'ixnnode_routing_instructions_received_total{@,type="terminal"}',
            about="Routing instructions from ORS that end the routing of an interaction.",
        ),
        chart(
            "Terminal instructions, rate",
            'rate(ixnnode_routing_instructions_received_total{@,type="terminal"}[$__rate_interval])',
            about="Routing instructions from ORS that end the routing of an interaction. Per second.",
        ),
        chart("Interactions placed back", "ixnnode_interactions_placed_back_total{@}"),
        chart(
            "Non-terminal instructions, total",
            'ixnnode_routing_instructions_received_total{@,type="non-terminal"}',
            about="Routing instructions from ORS after which the routing of an interaction goes on.",
        ),
        chart(
            "Non-terminal instructions, rate",
            'rate(ixnnode_routing_instructions_received_total{@,type="non-terminal"}[$__rate_interval])',
            about="Routing instructions from ORS after which the routing of an interaction goes on. Per second.",
        ),
        stat(
            "Age of the configuration",
            Query("time() - ixnnode_last_fetched_configuration_timestamp{@}", "{{tenant}} {{pod}}"),
            about="Time since the routing configuration was last fetched (connection 14).",
            unit="s",
            width=8,
        ),
        chart("Configured strategies", "ixnnode_configured_strategies_current{@}"),
        chart("Running strategies", "ixnnode_running_strategies_current{@}"),
        chart("Configuration errors", "ixnnode_configuration_fetch_errors_total{@}"),
    ),
)

_DIFFERENCE = "sum by (tenant, pod) ({}{{@}}) - sum by (tenant, pod) ({}{{@}})"

_HEALTH = Row(
    "Health of routing",
    (
        states(
            "Pulling interactions",
            graded(_PULLING),
            about="Whether IXN Server completed a pull request for each strategy within five minutes "
            "(connection 2). Pulling is a cycle; a strategy whose cycle is stuck is not routed.",
            values=(
                State(0, "stuck", "red"),
                State(1, "some strategies stuck", "orange"),
                State(2, "ok", "green"),
            ),
        ),
        PROCESSING,
        chart(
            "Pull requests, total",
            "ixnnode_pull_request_total{@}",
            about="Pull requests that IXN Server completed. It rises steadily while the strategy is routed. It "
            "stands still if requests time out, until IXN Node connects again; if the server's answer cannot be "
            "used, for ten seconds; or if interactions cannot be sent to ORS.",
        ),
        chart("Pull requests, rate", "rate(ixnnode_pull_request_total{@}[$__rate_interval])"),
        chart(
            "Pulled, not yet sent to ORS",
            _DIFFERENCE.format("ixnnode_interactions_pulled_total", "ixnnode_route_request_sent_total"),
            about="Interactions pulled, minus requests sent to ORS to route them.",
        ),
        chart("Route requests that failed", "ixnnode_route_request_failed_total{@}"),
        chart(
            "Notifications not yet sent to ORS",
            _DIFFERENCE.format(
                "ixnnode_unsolicited_notifications_total", "ixnnode_unsolicited_notifications_sent_total"
            ),
            about="Unsolicited notifications received from IXN Server, minus those sent to ORS.",
        ),
        chart("Instructions waiting", "ixnnode_instructions_processing_queue_size{@}"),
        chart("Instructions at IXN Server", "ixnnode_instructions_processed_by_ixn_current{@}"),
        chart("Notifications that failed", "ixnnode_unsolicited_notifications_failed_total{@}"),
    ),
)

_NOTIFICATIONS = Row(
    "Unsolicited notifications",
    (
        chart("Notifications, total", "ixnnode_unsolicited_notifications_total{@}", width=12),
        chart(
            "Notifications, rate",
            "rate(ixnnode_unsolicited_notifications_total{@}[$__rate_interval])",
            width=12,
        ),
    ),
)

_ERRORS = Row(
    "API errors",
    (
        chart("Server errors", "ixnnode_server_error_total{@}"),
        chart("Client errors", "ixnnode_client_error_total{@}"),
        chart("Errors", "ixnnode_errors_total{@}"),
    ),
)

_API = Row(
    "API requests",
    (
        chart("API requests, total", "ixnnode_request_total{@}"),
        chart("API requests, rate", "rate(ixnnode_request_total{@}[$__rate_interval])"),
        chart("Successful API requests", "ixnnode_success_total{@}"),
    ),
)

NODE = Dashboard(
    "ixn-node",
    "IXN Node",
    "Routing by IXN Node and its health, notifications, and the API.",
    tenants("ixn-node"),
    (_UP, _ROUTING, _HEALTH, _NOTIFICATIONS, _ERRORS, _API),
)
