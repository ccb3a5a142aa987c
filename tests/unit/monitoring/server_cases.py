"""Cases of the alerts on IXN Server."""

from tests.unit.monitoring.cases import OTHER_SERVER, SERVER, Case, Fires, own

LOGGER = {"event_logger_name": "kafka"}
RUN_MODE = "ixn_health_info_run_mode"
CONNECTIONS, REQUESTS = (f"ixn_health_info_current_database_{each}" for each in ("connections", "requests"))
TOTAL, DEADLOCKS = (f"ixn_health_info_total_database_{each}" for each in ("requests", "deadlocks"))
QUEUE, COMMITTED, DISCARDED = (
    f"ixn_health_info_event_logger_{each}"
    for each in ("current_queue_size", "total_events_commited", "total_events_discarded_due_to_overflow")
)


def one(value: float, text: str = "", **labels: str) -> tuple[Fires, ...]:
    return (Fires("server", {"pod": SERVER, **labels}, value, text),)


CASES = (
    Case("IxnNoPrimary", "a backup alone", {own(RUN_MODE, SERVER): "1x20"}, 10, (Fires("server", {}, 1),)),
    Case("IxnNoPrimary", "a disabled primary", {own(RUN_MODE, SERVER): "100x20"}, 10, (Fires("server", {}, 1),)),
    Case(
        "IxnNoPrimary", "a primary with its backup",
        {own(RUN_MODE, SERVER): "0x20", own(RUN_MODE, OTHER_SERVER): "1x20"}, 10,
    ),
    Case("IxnNoPrimary", "a restart: three minutes as a backup", {own(RUN_MODE, SERVER): "0x5 _x3 1x3 0x10"}, 13),
    Case(
        "IxnTwoPrimaries", "a pair without its link",
        {own(RUN_MODE, SERVER): "0x20", own(RUN_MODE, OTHER_SERVER): "0x20"}, 5, (Fires("server", {}, 2),),
    ),
    Case(
        "IxnTwoPrimaries", "one pod, seen at two addresses during its restart",
        {own(RUN_MODE, SERVER): "0x20", own(RUN_MODE, SERVER, instance="10.0.0.2:1"): "0x20"}, 10,
    ),
    Case(
        "IxnConfigServerDown", "disconnected",
        {own("ixn_health_info_config_server_connected", SERVER): "0x20"}, 12, one(0),
    ),
    Case(
        "IxnConfigServerDown", "disconnected for eight minutes",
        {own("ixn_health_info_config_server_connected", SERVER): "1x5 0x8 1x10"}, 14,
    ),
    Case(
        "IxnConfigServerDown", "connected", {own("ixn_health_info_config_server_connected", SERVER): "1x40"}, 30,
    ),
    Case(
        "IxnDatabaseDown", "no connection, and requests wait",
        {own(CONNECTIONS, SERVER): "0x20", own(REQUESTS, SERVER): "3x20"}, 8, one(3),
    ),
    Case(
        "IxnDatabaseDown", "a backup, without connections and requests",
        {own(CONNECTIONS, SERVER): "0x20", own(REQUESTS, SERVER): "0x20"}, 15,
    ),
    Case(
        "IxnDatabaseDown", "busy",
        {own(CONNECTIONS, SERVER): "4x20", own(REQUESTS, SERVER): "3x20"}, 15,
    ),
    Case(
        "IxnDatabaseHung", "requests on open connections, and none completes",
        {own(CONNECTIONS, SERVER): "2x30", own(REQUESTS, SERVER): "4x30", own(TOTAL, SERVER): "100x30"},
        20, one(4),
    ),
    Case(
        "IxnDatabaseHung", "busy",
        {own(CONNECTIONS, SERVER): "2x30", own(REQUESTS, SERVER): "4x30", own(TOTAL, SERVER): "100+9x30"}, 20,
    ),
    Case(
        "IxnDatabaseHung", "idle",
        {own(CONNECTIONS, SERVER): "2x30", own(REQUESTS, SERVER): "0x30", own(TOTAL, SERVER): "100x30"}, 20,
    ),
    Case("IxnDatabaseBacklog", "never empty", {own(REQUESTS, SERVER): "5x20"}, 12, one(5)),
    Case("IxnDatabaseBacklog", "empty", {own(REQUESTS, SERVER): "0x40"}, 30),
    Case("IxnDatabaseBacklog", "empty now and then", {own(REQUESTS, SERVER): "5 7 0 5 7 0 5 7 0 5 7 0 5 7 0"}, 13),
    Case("IxnDatabaseDeadlocks", "one a minute", {own(DEADLOCKS, SERVER): "0+1x30"}, 15, one(15)),
    Case("IxnDatabaseDeadlocks", "five, the threshold", {own(DEADLOCKS, SERVER): "0+1x5 5x20"}, 10),
    Case(
        "IxnRequestsDelayed", "1.5 seconds",
        {own("ixn_health_info_current_request_queue_wait", SERVER): "1500x20"}, 8, one(1500),
    ),
    Case(
        "IxnRequestsDelayed", "a peak, and the vendor's threshold of one millisecond",
        {own("ixn_health_info_current_request_queue_wait", SERVER): "5x5 9000 9000 5x20"}, 12,
    ),
    Case(
        "IxnRequestsDelayed", "quick",
        {own("ixn_health_info_current_request_queue_wait", SERVER): "2x40"}, 30,
    ),
    Case(
        "IxnServerKafkaDown", "events wait, and none is delivered",
        {own(QUEUE, SERVER, **LOGGER): "50x20", own(COMMITTED, SERVER, **LOGGER): "1000x20"}, 12,
        one(50, **LOGGER),
    ),
    Case(
        "IxnServerKafkaDown", "events wait since the start: nothing was ever delivered",
        {own(QUEUE, SERVER, **LOGGER): "50x20"}, 12, one(50, **LOGGER),
    ),
    Case(
        "IxnServerKafkaDown", "a full queue that drains",
        {own(QUEUE, SERVER, **LOGGER): "50x20", own(COMMITTED, SERVER, **LOGGER): "1000+10x20"}, 12,
    ),
    Case(
        "IxnServerKafkaDown", "nothing to deliver",
        {own(QUEUE, SERVER, **LOGGER): "0x20", own(COMMITTED, SERVER, **LOGGER): "1000x20"}, 12,
    ),
    Case(
        "IxnServerEventsLost", "ten a minute",
        {own(DISCARDED, SERVER, **LOGGER): "0+10x30"}, 20, one(150, **LOGGER),
    ),
    Case("IxnServerEventsLost", "events lost an hour ago", {own(DISCARDED, SERVER, **LOGGER): "0+10x5 50x90"}, 80),
    Case(
        "IxnViewsFrozen", "two of three",
        {
            own("ixn_health_info_view_frozen", SERVER, view_name=name): values
            for name, values in {"a": "1x30", "b": "1x30", "c": "0x30"}.items()
        },
        20, one(2),
    ),
    Case(
        "IxnViewsFrozen", "none", {own("ixn_health_info_view_frozen", SERVER, view_name="a"): "0x30"}, 20,
    ),
)  # fmt: skip
"""Each alert on IXN Server, firing and silent."""
