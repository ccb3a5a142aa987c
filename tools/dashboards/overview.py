"""One tenant at a glance: its connections, traffic, queues, saturation and errors."""

from tools.dashboards.connections import legend, status_map
from tools.dashboards.model import Dashboard, Query, Row, State
from tools.dashboards.panels import chart, stat
from tools.dashboards.variables import tenants

_PODS = '{namespace=~"$namespace",pod=~"ixn-server-$tenant-[0-9]+|ixn-(node|vqnode)-$tenant-[a-z0-9]+-[a-z0-9]{5}"'
_CONTAINERS = f'{_PODS},container=~"ixn-.+"'
_RATE = "[$__rate_interval]"


def _sum(title: str, name: str) -> Query:
    return Query(f"sum(rate({name}{{@}}{_RATE}))", title)


def _limit(resource: str) -> str:
    return f'sum by (pod, container) (kube_pod_container_resource_limits{_CONTAINERS},resource="{resource}"}})'


_CONNECTIONS = Row("Connections", (status_map(), legend()))

_STATE = Row(
    "State",
    (
        stat(
            "Primary servers",
            Query("sum(ixn_health_info_run_mode{@} == bool 0)", "primary"),
            about="How many IXN Servers are primary; it must be one.",
            values=(State(0, "none", "red"), State(1, "1", "green"), State(2, "2", "red")),
        ),
        stat("Clients", Query("sum(ixn_health_info_current_clients{@})", "clients")),
        stat("Agents", Query("sum(ixn_health_info_agent_logged_in_count{@})", "agents")),
        stat(
            "Answers of ORS",
            Query(
                "sum(increase(ixnnode_ors_health_check_replied_total{@}[5m]))"
                " / sum(increase(ixnnode_ors_health_check_sent_total{@}[5m]))",
                "answered",
            ),
            about="Answers of ORS to the pings of IXN Node within five minutes: 90 % or more is good, below 60 % "
            "is bad.",
            unit="percentunit",
            limits=(0.9, 0.6),
        ),
        stat(
            "Frozen views",
            Query("sum(ixn_health_info_view_frozen{@} > bool 0)", "frozen"),
            about="How many views are frozen: their interactions are not submitted to routers.",
            limits=(1, 10),
        ),
        stat(
            "Restarts",
            Query(f"sum(increase(kube_pod_container_status_restarts_total{_CONTAINERS}}}[$__range]))", "restarts"),
            about="Restarts of the tenant's containers in the time range shown (from kube-state-metrics).",
            unit="short",
            limits=(1, 5),
        ),
    ),
)

_TRAFFIC = Row(
    "Traffic",
    (
        chart(
            "Requests to IXN Server",
            _sum("received", "ixn_health_info_total_requests_received"),
            _sum("handled", "ixn_health_info_total_requests_handled"),
            about="Network requests of all clients. Per second.",
            unit="reqps",
        ),
        chart(
            "Interactions",
            _sum("pulled", "ixnnode_interactions_pulled_total"),
            _sum("sent to ORS", "ixnnode_route_request_sent_total"),
            _sum("placed back", "ixnnode_interactions_placed_back_total"),
            about="Interactions that IXN Node pulled, sent to ORS for routing, and placed back into a queue. Per "
            "second.",
            unit="cps",
        ),
        chart(
            "VQ events",
            _sum("from URS", "ixn_vq_node_received_total"),
            _sum("to StatServer", "ixn_vq_node_forwarded_total"),
            _sum("to Kafka", "ixn_vq_node_kafka_sent_total"),
            about="Events that IXN VQ Node received, forwarded, and sent to Kafka. Per second.",
            unit="cps",
        ),
    ),
)

_QUEUES = Row(
    "Queues",
    (
        chart(
            "Interactions in queues",
            Query(
                "sum by (media_name) (ixn_health_info_queue_media_waiting_processing{@})", "{{media_name}} waiting"
            ),
            Query("sum by (media_name) (ixn_health_info_queue_media_in_processing{@})", "{{media_name}} handled"),
            about="Interactions that wait for a router or an agent, and those that one handles, by media type.",
        ),
        chart(
            "Requests that wait",
            Query("sum(ixn_health_info_current_request_queue_size{@})", "network requests"),
            Query("sum(ixn_health_info_current_database_requests{@})", "database requests"),
            Query("sum(ixnnode_instructions_processing_queue_size{@})", "instructions of ORS"),
            Query("sum(ixn_health_info_event_logger_current_queue_size{@})", "reporting events"),
            about="The queues inside IXN Server and IXN Node. One that grows shows what is too slow.",
        ),
        chart(
            "Time in the request queue",
            Query("max(ixn_health_info_current_request_queue_wait{@})", "longest"),
            unit="ms",
        ),
    ),
)

_SATURATION = Row(
    "Saturation",
    (
        chart(
            "Memory",
            Query(
                f"sum by (pod, container) (container_memory_working_set_bytes{_CONTAINERS}}})"
                f" / {_limit('memory')}",
                "{{pod}} {{container}}",
            ),
            about="Memory in use, as a share of the container's limit (from cAdvisor and kube-state-metrics).",
            unit="percentunit",
            limits=(0.85, 0.95),
        ),
        chart(
            "CPU",
            Query(
                f"sum by (pod, container) (rate(container_cpu_usage_seconds_total{_CONTAINERS}}}{_RATE}))"
                f" / {_limit('cpu')}",
                "{{pod}} {{container}}",
            ),
            about="CPU in use, as a share of the container's limit (from cAdvisor and kube-state-metrics).",
            unit="percentunit",
            limits=(0.8, 0.95),
        ),
        chart(
            "CPU throttling",
            Query(
                f"sum by (pod, container) (rate(container_cpu_cfs_throttled_periods_total{_CONTAINERS}}}{_RATE}))"
                f" / sum by (pod, container) (rate(container_cpu_cfs_periods_total{_CONTAINERS}}}{_RATE}))",
                "{{pod}} {{container}}",
            ),
            about="The share of periods in which the container was stopped at its CPU limit (from cAdvisor).",
            unit="percentunit",
            limits=(0.25, 0.5),
        ),
        chart(
            "Log volume",
            Query(
                'max by (persistentvolumeclaim) (kubelet_volume_stats_used_bytes{namespace=~"$namespace",'
                'persistentvolumeclaim=~"logs-ixn-server-$tenant-[0-9]+"}'
                ' / kubelet_volume_stats_capacity_bytes{namespace=~"$namespace",'
                'persistentvolumeclaim=~"logs-ixn-server-$tenant-[0-9]+"})',
                "{{persistentvolumeclaim}}",
            ),
            about="How full the log volume of IXN Server is, if it is a PersistentVolumeClaim (from the kubelet).",
            unit="percentunit",
            limits=(0.8, 0.95),
        ),
        chart(
            "Routers, capacity left",
            Query("sum by (router_name) (ixn_health_info_router_current_capacity{@})", "{{router_name}}"),
        ),
        chart(
            "Queue of instructions",
            Query(
                "sum by (pod) (ixnnode_instructions_processing_queue_size{@})"
                " / sum by (pod) (ixnnode_instructions_processing_queue_concurrency_limit{@})",
                "{{pod}}",
            ),
            about="Instructions of ORS that wait, as a share of the limit at which IXN Node reads no more.",
            unit="percentunit",
            limits=(0.8, 1),
        ),
    ),
)

_ERRORS = Row(
    "Errors",
    (
        chart(
            "Errors of IXN Server",
            _sum("reporting events lost", "ixn_health_info_total_loggers_events_discarded_due_to_overflow"),
            _sum("database deadlocks", "ixn_health_info_total_database_deadlocks"),
            about="Reporting events lost because a queue was full, and deadlocks of the database. Per second.",
            unit="cps",
        ),
        chart(
            "Errors of IXN Node",
            _sum("API, server", "ixnnode_server_error_total"),
            _sum("API, client", "ixnnode_client_error_total"),
            _sum("route requests", "ixnnode_route_request_failed_total"),
            _sum("notifications", "ixnnode_unsolicited_notifications_failed_total"),
            _sum("configuration", "ixnnode_configuration_fetch_errors_total"),
            _sum("Redis", "ixnnode_redis_client_errors_total"),
            _sum("pings through Redis", "ixnnode_ors_health_check_failed_total"),
            _sum("confirmations through RQ", "ixnnode_ors_health_check_rqnode_failed_total"),
            about="Errors of the API, of sending to ORS, and of the connections to Voice config, Redis and RQ. "
            "Per second.",
            unit="cps",
        ),
        chart(
            "Errors of IXN VQ Node",
            _sum("sending to Kafka", "ixn_vq_node_kafka_send_errors_total"),
            _sum("conversion to Avro", "ixn_vq_node_avro_convert_errors_total"),
            _sum("events lost", "ixn_vq_node_kafka_overflown_events_total"),
            about="Errors of sending to Kafka, and events lost because the buffer was full. Per second.",
            unit="cps",
        ),
    ),
)

OVERVIEW = Dashboard(
    "ixn-overview",
    "IXN Overview",
    "One tenant at a glance: its nineteen connections, traffic, queues, saturation and errors.",
    tenants(one=True),
    (_CONNECTIONS, _STATE, _TRAFFIC, _QUEUES, _SATURATION, _ERRORS),
)
