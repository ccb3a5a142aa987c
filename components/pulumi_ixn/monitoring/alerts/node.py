"""The alerts on what IXN Node exports."""

from pulumi_ixn.monitoring.alerts.model import Alert, Query, Threshold, increased
from pulumi_ixn.naming import NODE

_REDIS = "ixnnode_redis_client_status{@ixn}"
_RQ = "ixnnode_rq_client_status{@ixn}"
_SENT = "sum by (pod) (increase(ixnnode_ors_health_check_sent_total{@ixn}[5m]))"
_REPLIED = "sum by (pod) (increase(ixnnode_ors_health_check_replied_total{@ixn}[5m]))"
# Without any answer, the counter of answers may not exist.
_REPLIES = f"100 * ({_REPLIED} or 0 * {_SENT}) / ({_SENT} > 0) < @threshold"

NODE_ALERTS = (
    Alert(
        "IxnRedisDown",
        "critical",
        "5m",
        (
            Query(
                f"count(max by (pod) ({_REDIS})) unless on () min by (pod) ({_REDIS} == bool 1) == 1", NODE, (15,)
            ),
        ),
        "IXN Node of tenant @tenant is disconnected from the Redis of ORS",
        "None of @value IXN Node pods of tenant @tenant has been connected to Redis for @for: interactions are"
        " not routed.",
        cause="connection",
    ),
    Alert(
        "IxnRedisDegraded",
        "warning",
        "10m",
        (Query(f"count by (pod) ({_REDIS} != 1)", NODE, (15,)),),
        "An IXN Node of tenant @tenant is disconnected from the Redis of ORS",
        "@value Redis clients of @pod have not been ready for @for.",
    ),
    Alert(
        "IxnVoiceRqDown",
        "critical",
        "5m",
        (Query(f"count(max by (pod) ({_RQ})) unless on () ({_RQ} == 1)", NODE, (13,)),),
        "IXN Node of tenant @tenant is disconnected from the RQ service",
        "None of @value IXN Node pods of tenant @tenant has been connected to any RQ node for @for:"
        " interactions do not reach ORS.",
        cause="connection",
    ),
    Alert(
        "IxnVoiceRqDegraded",
        "warning",
        "10m",
        (Query(f"count by (rq_node) ({_RQ} == 0)", NODE, (13,)),),
        "IXN Node of tenant @tenant is disconnected from an RQ node",
        "@value IXN Node pods of tenant @tenant have been disconnected from RQ node {{ $labels.rq_node }} for"
        " @for.",
    ),
    Alert(
        "IxnPingsNotSent",
        "critical",
        "10m",
        (
            Query(
                f"{_SENT} == 0 or sum by (pod) (increase(ixnnode_ors_health_check_failed_total{{@ixn}}[5m])) > 0",
                NODE,
                (15,),
            ),
        ),
        "IXN Node of tenant @tenant fails to send health checks to ORS",
        "@pod has failed to send @count pings to ORS in 5 minutes (0: it has sent none at all), for @for.",
    ),
    Alert(
        "IxnOrsRepliesReduced",
        "warning",
        "10m",
        (Query(_REPLIES, NODE, (15,)),),
        "ORS does not answer all health checks of tenant @tenant",
        "ORS has answered @count % of the pings of @pod in 5 minutes (good: at least @threshold %).",
        threshold=Threshold(90, "percent", least=1, most=100),
    ),
    Alert(
        "IxnOrsRepliesFailing",
        "critical",
        "5m",
        (Query(_REPLIES, NODE, (15,)),),
        "ORS does not answer the health checks of tenant @tenant",
        "ORS has answered @count % of the pings of @pod in 5 minutes (limit:"
        " @threshold %): interactions are not routed.",
        threshold=Threshold(60, "percent", least=1, most=100),
    ),
    Alert(
        "IxnInstructionQueueFull",
        "critical",
        "5m",
        (
            Query(
                "100 * sum by (pod) (ixnnode_instructions_processing_queue_size{@ixn})"
                " / max by (pod) (ixnnode_instructions_processing_queue_concurrency_limit{@ixn}) >= @threshold",
                NODE,
                (15,),
            ),
        ),
        "IXN Node of tenant @tenant no longer reads routing instructions",
        "The queue of routing instructions of @pod has been at @count % of its"
        " limit for @for. At 100 % it reads no more.",
        threshold=Threshold(100, "percent", least=1, most=100),
    ),
    Alert(
        "IxnConfigurationNotFetched",
        "warning",
        "5m",
        (
            Query(
                "time() - max by (pod) (ixnnode_last_fetched_configuration_timestamp{@ixn}) > @threshold"
                " and on (pod) sum by (pod) (increase(ixnnode_configuration_fetch_errors_total{@ixn}[15m])) > 0",
                NODE,
                (14,),
            ),
        ),
        "IXN Node of tenant @tenant cannot fetch its configuration",
        "@pod last fetched its configuration @age ago, and fetching fails.",
        threshold=Threshold(900, "seconds", least=60),
        cause="connection",
    ),
    Alert(
        "IxnPullingStopped",
        "critical",
        "5m",
        (
            Query(
                "max(ixnnode_configured_strategies_current{@ixn}) > 0"
                " unless on () sum(increase(ixnnode_pull_request_total{@ixn}[10m])) > 0",
                NODE,
                (2,),
            ),
        ),
        "IXN Node of tenant @tenant no longer pulls interactions from IXN Server",
        "IXN Server has completed no pull request of IXN Node in 10 minutes, for none of @value strategies of"
        " tenant @tenant.",
    ),
    Alert(
        "IxnRouteRequestsFailing",
        "warning",
        "5m",
        (Query(increased("ixnnode_route_request_failed_total", "10m", "pod"), NODE, (13, 15)),),
        "IXN Node of tenant @tenant fails to send interactions to ORS",
        "@pod has failed to send @count route requests to ORS in 10 minutes: the"
        " interactions went back to their queues.",
        threshold=Threshold(5, "requests in 10 minutes"),
    ),
)
