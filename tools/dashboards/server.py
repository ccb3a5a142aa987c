"""IXN Server: its state, clients, requests, routers, database and internal tasks."""

from tools.dashboards.model import Dashboard, Query, Row
from tools.dashboards.panels import UP, bars, chart, states, table
from tools.dashboards.variables import tenants

_DB_INIT = """max by (tenant) (
  ((ixn_health_info_db_init_end_time{@} > ixn_health_info_db_init_start_time{@})
    or timestamp(ixn_health_info_db_init_start_time{@}))
  - (ixn_health_info_db_init_start_time{@} > 0)
)"""

_STATE = Row(
    "State",
    (
        states(
            "IXN Server is up",
            Query('up{@,container="ixn-server"}', "{{tenant}} {{pod}}"),
            about="Whether Prometheus can scrape IXN Server (connection 12).",
            values=UP,
        ),
        states("Config Server", "ixn_health_info_config_server_connected{@}"),
        states("Run mode", "ixn_health_info_run_mode{@}"),
        table(
            "Last switch to primary",
            {
                "Since": "max by (tenant) (ixn_health_info_switch_to_primary_time{@} > 0) * 1000",
                "Ago": "time() - max by (tenant) (ixn_health_info_switch_to_primary_time{@} > 0)",
            },
            about="When the server became primary. A server that never did is not listed.",
            units={"Since": "dateTimeAsIso", "Ago": "s"},
            width=12,
        ),
    ),
)

_CLIENTS = Row(
    "Clients",
    (
        chart("Clients", "ixn_health_info_current_clients{@}"),
        chart("Routers", "ixn_health_info_current_routers{@}"),
        chart("Clients by type", 'ixn_health_info_client_count{@,client_type_name=~"$client_type"}'),
    ),
)

_REQUESTS = Row(
    "Network requests",
    (
        chart("Requests waiting", "ixn_health_info_current_request_queue_size{@}"),
        chart("Requests received, rate", "rate(ixn_health_info_total_requests_received{@}[$__rate_interval])"),
        chart("Requests received, total", "ixn_health_info_total_requests_received{@}"),
        chart("Time in the queue", "ixn_health_info_current_request_queue_wait{@}"),
        chart("Requests handled, rate", "rate(ixn_health_info_total_requests_handled{@}[$__rate_interval])"),
        chart("Requests handled, total", "ixn_health_info_total_requests_handled{@}"),
    ),
)

_ROUTERS = Row(
    "Routers and views",
    (
        chart("Submitted, total", "ixn_health_info_router_total_submitted{@}"),
        chart("Submitted, rate", "rate(ixn_health_info_router_total_submitted{@}[$__rate_interval])"),
        chart(
            "Loaded strategies",
            "sum by (tenant, router_name) (ixn_health_info_router_strategy_load_count{@})",
            about="Strategies that the router has loaded now.",
        ),
        chart("Capacity left", "ixn_health_info_router_current_capacity{@}"),
        chart("Being routed", "ixn_health_info_router_currently_submitted{@}"),
        chart("Capacity", "ixn_health_info_router_max_submitted{@}"),
        chart("Configured strategies", "ixn_health_info_current_strategies{@}"),
        chart("Configured views", "ixn_health_info_current_views{@}"),
        chart(
            "Views with interactions",
            "sum by (tenant) (ixn_health_info_view_have_interactions{@} > bool 0)",
            about="How many views contain interactions.",
        ),
        chart(
            "Frozen views",
            "sum by (tenant) (ixn_health_info_view_frozen{@} > bool 0)",
            about="How many views are frozen: their interactions are not submitted to routers.",
            limits=(1, 10),
        ),
    ),
)

_DATABASE = Row(
    "Database (connection 16)",
    (
        chart("Database requests in progress", "ixn_health_info_current_database_requests{@}"),
        chart("Database requests, rate", "rate(ixn_health_info_total_database_requests{@}[$__rate_interval])"),
        chart("Database requests, total", "ixn_health_info_total_database_requests{@}"),
        chart("Database connections", "ixn_health_info_current_database_connections{@}"),
        chart(
            "Database backlog",
            "min_over_time(ixn_health_info_current_database_requests{@}[10m])",
            about="The lowest number of database requests in progress within ten minutes. Above 0, the database "
            "never caught up in that time.",
        ),
        chart("Deadlocks", "ixn_health_info_total_database_deadlocks{@}"),
        bars(
            "Initialization from the database",
            _DB_INIT,
            about="How long the last initialization took, or takes so far.",
            unit="s",
        ),
        chart(
            "Initializations from the database",
            "max by (tenant) (ixn_health_info_db_init_end_time{@} - ixn_health_info_db_init_start_time{@}"
            " and ixn_health_info_db_init_in_progress{@} == 0)",
            about="How long completed initializations took.",
            unit="s",
            width=12,
        ),
    ),
)

_TASKS = Row(
    "Internal tasks",
    (
        chart("Internal tasks in progress", "ixn_health_info_current_tasks{@}"),
        chart("Internal tasks, rate", "rate(ixn_health_info_total_tasks{@}[$__rate_interval])"),
        chart("Internal tasks, total", "ixn_health_info_total_tasks{@}"),
    ),
)

SERVER = Dashboard(
    "ixn-server",
    "IXN Server",
    "State, clients, requests, routers, database and internal tasks of IXN Server.",
    tenants("ixn-server", client_type="label_values(ixn_health_info_client_count{@}, client_type_name)"),
    (_STATE, _CLIENTS, _REQUESTS, _ROUTERS, _DATABASE, _TASKS),
)
