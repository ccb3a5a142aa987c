"""The alerts on what IXN Server exports."""

from pulumi_ixn.monitoring.alerts.model import Alert, Query, Threshold, increased
from pulumi_ixn.naming import SERVER

_REQUESTS = "ixn_health_info_current_database_requests{@ixn}"
_CONNECTIONS = "ixn_health_info_current_database_connections{@ixn}"
_LOGGER = "pod, event_logger_name"

SERVER_ALERTS = (
    Alert(
        "IxnNoPrimary",
        "critical",
        "5m",
        (
            Query(
                "count(max by (pod) (ixn_health_info_run_mode{@ixn}))"
                " unless on () (ixn_health_info_run_mode{@ixn} == 0)",
                SERVER,
            ),
        ),
        "No IXN Server of tenant @tenant is primary",
        "@value IXN Server of tenant @tenant is scraped, but none has been primary for @for:"
        " clients are not served.",
    ),
    Alert(
        "IxnTwoPrimaries",
        "critical",
        "2m",
        (Query("count(max by (pod) (ixn_health_info_run_mode{@ixn} == 0)) > 1", SERVER),),
        "Several IXN Servers of tenant @tenant are primary",
        "@value IXN Servers of tenant @tenant are primary at once: they handle the same interactions in one"
        " database.",
    ),
    Alert(
        "IxnConfigServerDown",
        "critical",
        "10m",
        (Query("max by (pod) (ixn_health_info_config_server_connected{@ixn}) == 0", SERVER, (5,)),),
        "IXN Server of tenant @tenant is disconnected from Config Server",
        "@pod reports @value (disconnected) for @for: it runs on the configuration that it has,"
        " and cannot restart.",
        cause="connection",
    ),
    Alert(
        "IxnDatabaseDown",
        "critical",
        "5m",
        (
            Query(
                f"max by (pod) ({_REQUESTS}) > 0 and on (pod) max by (pod) ({_CONNECTIONS}) == 0",
                SERVER,
                (16,),
            ),
        ),
        "IXN Server of tenant @tenant has no connection to its database",
        "@pod has had no open connection to its database for @for, and @value requests wait.",
        cause="connection",
    ),
    Alert(
        "IxnDatabaseHung",
        "critical",
        "5m",
        (
            Query(
                f"min by (pod) (min_over_time({_REQUESTS}[10m])) > 0"
                f" and on (pod) min by (pod) (min_over_time({_CONNECTIONS}[10m])) > 0"
                " and on (pod) sum by (pod) (increase(ixn_health_info_total_database_requests{@ixn}[10m])) == 0",
                SERVER,
                (16,),
            ),
        ),
        "The database connections of IXN Server of tenant @tenant hang",
        "@pod is connected to its database, but none of its @value requests has completed in 10 minutes.",
    ),
    Alert(
        "IxnDatabaseBacklog",
        "warning",
        "10m",
        (Query(f"max by (pod) ({_REQUESTS}) > @threshold", SERVER, (16,)),),
        "Database requests of IXN Server of tenant @tenant pile up",
        "@pod has had more than @threshold waiting database requests for @for, now @value.",
        threshold=Threshold(0, "requests"),
    ),
    Alert(
        "IxnDatabaseDeadlocks",
        "warning",
        "0s",
        (
            Query(
                "sum by (pod) (increase(ixn_health_info_total_database_deadlocks{@ixn}[15m])) > @threshold",
                SERVER,
                (16,),
            ),
        ),
        "Deadlocks in the database of IXN Server of tenant @tenant",
        "@pod met @count deadlocks in 15 minutes (limit: @threshold).",
        threshold=Threshold(5, "deadlocks in 15 minutes"),
    ),
    Alert(
        "IxnRequestsDelayed",
        "warning",
        "5m",
        (
            Query(
                "max by (pod) (ixn_health_info_current_request_queue_wait{@ixn}) >= @threshold",
                SERVER,
                (2, 3, 4, 18),
            ),
        ),
        "Clients of IXN Server of tenant @tenant wait for answers",
        "Requests to @pod have waited @threshold ms or more in its queue for @for, the last one @count ms.",
        threshold=Threshold(1000, "milliseconds", least=1),
    ),
    Alert(
        "IxnServerKafkaDown",
        "critical",
        "5m",
        (
            Query(
                f"max by ({_LOGGER}) (ixn_health_info_event_logger_current_queue_size{{@ixn}}) > 0"
                f" unless on ({_LOGGER}) sum by ({_LOGGER})"
                " (increase(ixn_health_info_event_logger_total_events_commited{@ixn}[5m])) > 0",
                SERVER,
                (6,),
            ),
        ),
        "IXN Server of tenant @tenant cannot deliver reporting events to Kafka",
        "@value reporting events wait in the event logger {{ $labels.event_logger_name }} of @pod,"
        " and none has been delivered for @for. Data is lost once its queue is full.",
        cause="connection",
    ),
    Alert(
        "IxnServerEventsLost",
        "critical",
        "0s",
        (
            Query(
                increased("ixn_health_info_event_logger_total_events_discarded_due_to_overflow", "15m", _LOGGER),
                SERVER,
                (6,),
            ),
        ),
        "Data loss: IXN Server of tenant @tenant discards reporting events",
        "The event logger {{ $labels.event_logger_name }} of @pod has discarded @count"
        " reporting events in 15 minutes: they are missing in GIM.",
        threshold=Threshold(0, "events in 15 minutes"),
    ),
    Alert(
        "IxnViewsFrozen",
        "warning",
        "15m",
        (Query("count by (pod) (ixn_health_info_view_frozen{@ixn} > 0) > @threshold", SERVER),),
        "Views of IXN Server of tenant @tenant are frozen",
        "@value views of @pod have been frozen for @for: their interactions are not routed.",
        threshold=Threshold(0, "views"),
    ),
)
