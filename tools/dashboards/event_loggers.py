"""The event loggers of IXN Server, which write reporting events."""

from tools.dashboards.model import Dashboard, Row
from tools.dashboards.panels import chart
from tools.dashboards.variables import tenants

_LOGGER = "ixn_health_info_event_logger_"
_ONE = '{@,event_logger_name=~"$logger"}'

EVENT_LOGGERS = Dashboard(
    "ixn-event-loggers",
    "IXN Event Loggers",
    "Reporting events of IXN Server (connection 6): provided to its event loggers, delivered, and lost.",
    tenants("ixn-server", logger=f"label_values({_LOGGER}current_queue_size{{@}}, event_logger_name)"),
    (
        Row(
            "All event loggers",
            (
                chart("Event loggers", "ixn_health_info_current_loggers{@}", width=6),
                chart("Provided to all", "ixn_health_info_total_loggers_events_received{@}", width=6),
                chart("Processed by all", "ixn_health_info_total_loggers_events_commited{@}", width=6),
                chart("Lost by all", "ixn_health_info_total_loggers_events_discarded_due_to_overflow{@}", width=6),
            ),
        ),
        Row(
            "Each event logger",
            (
                chart("Provided, total", f"{_LOGGER}total_events_received{_ONE}"),
                chart("Provided, rate", f"rate({_LOGGER}total_events_received{_ONE}[$__rate_interval])"),
                chart("Filtered out", f"{_LOGGER}total_events_filtered_out_by_id{_ONE}"),
                chart("Processed, total", f"{_LOGGER}total_events_commited{_ONE}"),
                chart("Processed, rate", f"rate({_LOGGER}total_events_commited{_ONE}[$__rate_interval])"),
                chart("Lost", f"{_LOGGER}total_events_discarded_due_to_overflow{_ONE}"),
                chart("Waiting in the queue", f"{_LOGGER}current_queue_size{_ONE}", width=24),
            ),
        ),
    ),
)
