"""Routing: agents, queues, strategies and routers of a tenant, as IXN Server counts them."""

from collections.abc import Mapping

from tools.dashboards.model import Dashboard, Query, Row
from tools.dashboards.panels import chart, stat, table, text
from tools.dashboards.variables import tenants

_QUEUE = "ixn_health_info_queue_media_"
_STRATEGY = "ixn_health_info_router_strategy_"
_PAIR = "router_name, strategy_name"
_IN_QUEUES = '{@,queue_name=~"$queue"}'
_BY_ROUTER = '{@,router_name=~"$router"}'
_BY_STRATEGY = '{@,router_name=~"$router",strategy_name=~"$strategy"}'
_TOTAL = f"{_QUEUE}waiting_processing{_IN_QUEUES} + {_QUEUE}in_processing{_IN_QUEUES}"

_TERMS = """\
| column | interactions |
|---|---|
| Total | in the queue |
| In router | being routed |
| On agents | being handled by agents |
| Waiting | waiting for a router or an agent |
| Never delivered | not handled by any agent yet, wherever they are now |
| In router or on agents | being routed or handled |

An interaction is received and put into a queue, routed (through further queues perhaps), handled by an agent,
perhaps put into a queue for post-processing, and stopped. Until an agent gets it, it counts as never delivered.
"""


def _by_queue(expr: str) -> str:
    return f"sum by (queue_name, media_name) ({expr})"


def _totals(by: str, metric: str, selector: str) -> Mapping[str, str]:
    """Return the columns with how many were submitted, by time range."""
    spans = {"Last 10 minutes": "10m", "Last 24 hours": "24h", "Time range": "$__range"}
    recent = {title: f"sum by ({by}) (increase({metric}{selector}[{span}]))" for title, span in spans.items()}
    return {**recent, "Since start": f"sum by ({by}) ({metric}{selector})"}


_OVERALL = Row(
    "Overall",
    (
        chart("Routers", "ixn_health_info_current_routers{@}"),
        chart(
            "Strategies",
            Query("sum by (tenant) (ixn_health_info_current_strategies{@})", "configured"),
            Query(
                f"count by (tenant) (sum by (tenant, strategy_name) ({_STRATEGY}load_count{{@}}) > 0)",
                "loaded by a router",
            ),
            Query(
                f"count by (tenant) (sum by (tenant, strategy_name) ({_STRATEGY}last_submitted_at{{@}}) > 0)",
                "got an interaction",
            ),
            about="Strategies that are configured, that a router has loaded, and to which an interaction was ever "
            "submitted.",
        ),
        chart("Configured views", "ixn_health_info_current_views{@}"),
        chart(
            "Queues that are not empty",
            f"count by (tenant) (sum by (tenant, queue_name) ({_TOTAL}) > 0)",
            about="How many of the selected queues contain interactions.",
        ),
        stat("Agents", "ixn_health_info_agent_logged_in_count{@}"),
        table(
            "Agents by media type",
            {
                "Logged in": "sum by (media_name) (ixn_health_info_agent_media_count{@})",
                "Ready": "sum by (media_name) (ixn_health_info_agent_media_ready_count{@})",
                "Interactions": "sum by (media_name) (ixn_health_info_agent_media_handling_count{@})",
            },
            about="Agents that support a media type, those that are ready for it, and the interactions that they "
            "handle.",
            width=12,
        ),
        text("Terms", _TERMS),
        table(
            "Queues by media type",
            {
                "Total": _by_queue(_TOTAL),
                "In router": _by_queue(f"{_QUEUE}in_router{_IN_QUEUES}"),
                "On agents": _by_queue(f"{_QUEUE}on_agent{_IN_QUEUES}"),
                "Waiting": _by_queue(f"{_QUEUE}waiting_processing{_IN_QUEUES}"),
                "Never delivered": _by_queue(f"{_QUEUE}current_length{_IN_QUEUES}"),
                "In router or on agents": _by_queue(f"{_QUEUE}in_processing{_IN_QUEUES}"),
            },
            about="Interactions in each queue. Pulse shows the same, without In router and On agents.",
        ),
        table(
            "Strategies by router",
            {
                "Being routed": f"sum by ({_PAIR}) ({_STRATEGY}currently_submitted{_BY_STRATEGY})",
                "Capacity left": f"sum by ({_PAIR}) ({_STRATEGY}current_capacity{_BY_STRATEGY})",
                **_totals(_PAIR, f"{_STRATEGY}total_submitted", _BY_STRATEGY),
            },
            about="Interactions that a strategy is routing, how many more it can take, and how many were "
            "submitted to it, by time range.",
        ),
        table(
            "Routers",
            {
                "Being routed": f"sum by (router_name) (ixn_health_info_router_currently_submitted{_BY_ROUTER})",
                "Capacity left": f"sum by (router_name) (ixn_health_info_router_current_capacity{_BY_ROUTER})",
                **_totals("router_name", "ixn_health_info_router_total_submitted", _BY_ROUTER),
            },
            about="Interactions that a router is routing, how many more it can take, and how many were submitted "
            "to it, by time range.",
        ),
    ),
)

_AGENTS = Row(
    "Agents over time",
    (
        chart("Logged in", "ixn_health_info_agent_logged_in_count{@}", width=12),
        chart("Ready", "ixn_health_info_agent_media_ready_count{@}", width=12),
        chart("Interactions on agents", "ixn_health_info_agent_media_handling_count{@}", width=12),
        chart("Supporting a media type", "ixn_health_info_agent_media_count{@}", width=12),
    ),
)

_QUEUES = Row(
    "Queues over time",
    (
        chart(
            "Total",
            Query(_TOTAL, "{{queue_name}} {{media_name}}"),
            about="Interactions in the queue: waiting, being routed or handled.",
        ),
        chart("Never delivered to an agent", f"{_QUEUE}current_length{_IN_QUEUES}"),
        chart("In router", f"{_QUEUE}in_router{_IN_QUEUES}"),
        chart("On agents", f"{_QUEUE}on_agent{_IN_QUEUES}", width=12),
        chart("Waiting", f"{_QUEUE}waiting_processing{_IN_QUEUES}", width=12),
    ),
)

_STRATEGIES = Row(
    "Strategies over time",
    (
        chart(
            "Submitted to strategies, total", f"sum by (strategy_name) ({_STRATEGY}total_submitted{_BY_STRATEGY})"
        ),
        chart(
            "Submitted to strategies, rate",
            f"sum by (strategy_name) (rate({_STRATEGY}total_submitted{_BY_STRATEGY}[$__rate_interval]))",
        ),
        chart("In strategies", f"sum by (strategy_name) ({_STRATEGY}currently_submitted{_BY_STRATEGY})"),
    ),
)

_ROUTERS = Row(
    "Routers over time",
    (
        chart("Submitted to routers, total", f"ixn_health_info_router_total_submitted{_BY_ROUTER}"),
        chart(
            "Submitted to routers, rate",
            f"rate(ixn_health_info_router_total_submitted{_BY_ROUTER}[$__rate_interval])",
        ),
        chart(
            "Loaded strategies",
            f"sum by (tenant, router_name) ({_STRATEGY}load_count{_BY_ROUTER})",
            about="Strategies that the router has loaded now.",
        ),
        chart("Capacity", f"ixn_health_info_router_max_submitted{_BY_ROUTER}"),
        chart("In routers", f"ixn_health_info_router_currently_submitted{_BY_ROUTER}"),
        chart("Capacity left", f"ixn_health_info_router_current_capacity{_BY_ROUTER}"),
    ),
)

ROUTING = Dashboard(
    "ixn-routing",
    "IXN Routing",
    "Agents, queues, strategies and routers of a tenant, as IXN Server counts them.",
    tenants(
        "ixn-server",
        one=True,
        router="label_values(ixn_health_info_router_current_capacity{@}, router_name)",
        strategy=f"label_values({_STRATEGY}last_submitted_at{{@}}, strategy_name)",
        queue=f"label_values({_QUEUE}waiting_processing{{@}}, queue_name)",
    ),
    (_OVERALL, _AGENTS, _QUEUES, _STRATEGIES, _ROUTERS),
)
