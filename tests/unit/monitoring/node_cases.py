"""Cases of the alerts on IXN Node and IXN VQ Node."""

from tests.unit.monitoring.cases import NODES, VQ_NODE, Case, Fires, own

ONE, TWO = NODES
REDIS, RQ = "ixnnode_redis_client_status", "ixnnode_rq_client_status"
SENT, FAILED, REPLIED = (f"ixnnode_ors_health_check_{each}_total" for each in ("sent", "failed", "replied"))
QUEUE = "ixnnode_instructions_processing_queue_size"
LIMIT = "ixnnode_instructions_processing_queue_concurrency_limit"
FETCHED, FETCH_ERRORS = "ixnnode_last_fetched_configuration_timestamp", "ixnnode_configuration_fetch_errors_total"
STRATEGIES, PULLS = "ixnnode_configured_strategies_current", "ixnnode_pull_request_total"
PRODUCER, LOST = "ixn_vq_node_kafka_producer_state", "ixn_vq_node_kafka_overflown_events_total"
TOPIC = {"topic": "vq"}


def node(value: float, text: str = "", **labels: str) -> tuple[Fires, ...]:
    return (Fires("node", labels, value, text),)


def vq(value: float) -> tuple[Fires, ...]:
    return (Fires("vqnode", {"pod": VQ_NODE, **TOPIC}, value),)


NODE_CASES = (
    Case(
        "IxnRedisDown", "one not ready, one waiting",
        {own(REDIS, ONE): "0x20", own(REDIS, TWO): "2x20"}, 8, node(2),
    ),
    Case("IxnRedisDown", "one of two is connected", {own(REDIS, ONE): "0x20", own(REDIS, TWO): "1x20"}, 15),
    Case("IxnRedisDown", "a failover of three minutes", {own(REDIS, ONE): "1x3 0x3 1x20"}, 9),
    Case(
        "IxnRedisDegraded", "one of two",
        {own(REDIS, ONE): "0x20", own(REDIS, TWO): "1x20"}, 15, node(1, pod=ONE),
    ),
    Case("IxnRedisDegraded", "both are connected", {own(REDIS, ONE): "1x40", own(REDIS, TWO): "1x40"}, 30),
    Case("IxnRedisDegraded", "a rollout", {own(REDIS, ONE): "0x3 1x20", own(REDIS, TWO): "1x8 0x3 1x20"}, 14),
    Case(
        "IxnVoiceRqDown", "no RQ node at all",
        {own(RQ, ONE, rq_node="rq-0"): "0x20", own(RQ, ONE, rq_node="rq-1"): "0x20"}, 8, node(1),
    ),
    Case(
        "IxnVoiceRqDown", "one of two RQ nodes",
        {own(RQ, ONE, rq_node="rq-0"): "0x20", own(RQ, ONE, rq_node="rq-1"): "1x20"}, 15,
    ),
    Case(
        "IxnVoiceRqDegraded", "one of two RQ nodes, from both pods",
        {
            own(RQ, ONE, rq_node="rq-0"): "0x20", own(RQ, TWO, rq_node="rq-0"): "0x20",
            own(RQ, ONE, rq_node="rq-1"): "1x20", own(RQ, TWO, rq_node="rq-1"): "1x20",
        },
        15, node(2, rq_node="rq-0"),
    ),
    Case("IxnVoiceRqDegraded", "connected", {own(RQ, ONE, rq_node="rq-0"): "1x40"}, 30),
    Case("IxnVoiceRqDegraded", "a restart of an RQ node", {own(RQ, ONE, rq_node="rq-0"): "1x5 0x4 1x20"}, 12),
    Case("IxnPingsNotSent", "none sent", {own(SENT, ONE): "100x30"}, 20, node(0, pod=ONE)),
    Case(
        "IxnPingsNotSent", "two of six a minute fail",
        {own(SENT, ONE): "0+4x30", own(FAILED, ONE): "0+2x30"}, 20, node(10, pod=ONE),
    ),
    Case("IxnPingsNotSent", "one fails", {own(SENT, ONE): "0+4x30", own(FAILED, ONE): "0x5 1x30"}, 12),
    Case("IxnPingsNotSent", "a new pod", {own(SENT, ONE): "_x10 0+4x30", own(FAILED, ONE): "_x10 0x30"}, 12),
    Case(
        "IxnOrsRepliesReduced", "three of four",
        {own(SENT, ONE): "0+4x40", own(REPLIED, ONE, ors_node="a"): "0+3x40"}, 20, node(75, pod=ONE),
    ),
    Case(
        "IxnOrsRepliesReduced", "all, by two ORS nodes",
        {
            own(SENT, ONE): "0+4x40",
            own(REPLIED, ONE, ors_node="a"): "0+1x40", own(REPLIED, ONE, ors_node="b"): "0+3x40",
        },
        20,
    ),
    Case(
        "IxnOrsRepliesReduced", "nine of ten",
        {own(SENT, ONE): "0+10x40", own(REPLIED, ONE, ors_node="a"): "0+9x40"}, 30,
    ),
    Case("IxnOrsRepliesFailing", "never any", {own(SENT, ONE): "0+4x40"}, 12, node(0, pod=ONE)),
    Case(
        "IxnOrsRepliesFailing", "half, of one pod of two",
        {
            own(SENT, ONE): "0+4x40", own(REPLIED, ONE, ors_node="a"): "0+2x40",
            own(SENT, TWO): "0+4x40", own(REPLIED, TWO, ors_node="a"): "0+4x40",
        },
        12, node(50, pod=ONE),
    ),
    Case(
        "IxnOrsRepliesFailing", "six of ten",
        {own(SENT, ONE): "0+10x40", own(REPLIED, ONE, ors_node="a"): "0+6x40"}, 30,
    ),
    Case("IxnOrsRepliesFailing", "no pings sent", {own(SENT, ONE): "50x40"}, 20),
    Case(
        "IxnInstructionQueueFull", "at the limit, over both types",
        {own(QUEUE, ONE, type="a"): "60x20", own(QUEUE, ONE, type="b"): "40x20", own(LIMIT, ONE): "100x20"},
        8, node(100, pod=ONE),
    ),
    Case(
        "IxnInstructionQueueFull", "below the limit",
        {own(QUEUE, ONE, type="a"): "60x20", own(QUEUE, ONE, type="b"): "30x20", own(LIMIT, ONE): "100x20"}, 15,
    ),
    Case(
        "IxnConfigurationNotFetched", "errors since the last success, half an hour ago",
        {own(FETCHED, ONE): "0x60", own(FETCH_ERRORS, ONE): "0+1x60"}, 30, node(1800, "30m 0s", pod=ONE),
    ),
    Case(
        "IxnConfigurationNotFetched", "errors between successes",
        {own(FETCHED, ONE): "0+60x60", own(FETCH_ERRORS, ONE): "0+1x60"}, 30,
    ),
    Case(
        "IxnConfigurationNotFetched", "nothing to fetch",
        {own(FETCHED, ONE): "0x60", own(FETCH_ERRORS, ONE): "3x60"}, 50,
    ),
    Case(
        "IxnPullingStopped", "no pull request completes",
        {own(STRATEGIES, ONE): "3x40", own(PULLS, ONE, strategy="a"): "100x40"}, 20, node(3),
    ),
    Case(
        "IxnPullingStopped", "one of two pods pulls",
        {
            own(STRATEGIES, ONE): "3x40", own(PULLS, ONE, strategy="a"): "100x40",
            own(STRATEGIES, TWO): "3x40", own(PULLS, TWO, strategy="a"): "100+5x40",
        },
        20,
    ),
    Case(
        "IxnPullingStopped", "no strategies",
        {own(STRATEGIES, ONE): "0x40", own(PULLS, ONE, strategy="a"): "100x40"}, 20,
    ),
    Case(
        "IxnRouteRequestsFailing", "two a minute",
        {own("ixnnode_route_request_failed_total", ONE, strategy="a"): "0+2x40"}, 20, node(20, pod=ONE),
    ),
    Case(
        "IxnRouteRequestsFailing", "three in all",
        {own("ixnnode_route_request_failed_total", ONE, strategy="a"): "0x5 3x40"}, 12,
    ),
)  # fmt: skip
"""Each alert on IXN Node, firing and silent."""

VQ_NODE_CASES = (
    Case("IxnVqNodeKafkaDown", "failed", {own(PRODUCER, VQ_NODE, **TOPIC): "-1x20"}, 8, vq(-1)),
    Case("IxnVqNodeKafkaDown", "never connected", {own(PRODUCER, VQ_NODE, **TOPIC): "0x20"}, 8, vq(0)),
    Case("IxnVqNodeKafkaDown", "connected", {own(PRODUCER, VQ_NODE, **TOPIC): "1x40"}, 30),
    Case("IxnVqNodeKafkaDown", "a rollout", {own(PRODUCER, VQ_NODE, **TOPIC): "0x3 1x20"}, 8),
    Case(
        "IxnVqNodeSendErrors", "three a minute",
        {own("ixn_vq_node_kafka_send_errors_total", VQ_NODE, **TOPIC): "0+3x40"}, 20, vq(30),
    ),
    Case(
        "IxnVqNodeSendErrors", "long ago",
        {own("ixn_vq_node_kafka_send_errors_total", VQ_NODE, **TOPIC): "3x40"}, 20,
    ),
    Case("IxnVqNodeEventsLost", "five a minute", {own(LOST, VQ_NODE, **TOPIC): "0+5x40"}, 20, vq(75)),
    Case(
        "IxnVqNodeEventsLost", "a counter that appears with the first loss",
        {own("up", VQ_NODE): "1x40", own(LOST, VQ_NODE, **TOPIC): "_x19 7x20"}, 22, vq(7),
    ),
    Case(
        "IxnVqNodeEventsLost", "an old loss, seen again after Prometheus was away",
        {own("up", VQ_NODE): "1x5 _x34 1x20", own(LOST, VQ_NODE, **TOPIC): "500x5 _x34 500x20"}, 42,
    ),
    Case("IxnVqNodeEventsLost", "long ago", {own(LOST, VQ_NODE, **TOPIC): "500x40"}, 30),
    Case(
        "IxnVqNodeAvroErrors", "one a minute",
        {own("ixn_vq_node_avro_convert_errors_total", VQ_NODE, **TOPIC): "0+1x40"}, 20, vq(15),
    ),
    Case(
        "IxnVqNodeAvroErrors", "long ago",
        {own("ixn_vq_node_avro_convert_errors_total", VQ_NODE, **TOPIC): "9x40"}, 20,
    ),
    Case(
        "IxnVqEventsNotForwarded", "received, and not forwarded",
        {
            own("ixn_vq_node_received_total", VQ_NODE, router="urs"): "0+10x40",
            own("ixn_vq_node_forwarded_total", VQ_NODE, client="stat"): "80x40",
        },
        30, (Fires("vqnode", {}, 150),),
    ),
    Case(
        "IxnVqEventsNotForwarded", "forwarded",
        {
            own("ixn_vq_node_received_total", VQ_NODE, router="urs"): "0+10x40",
            own("ixn_vq_node_forwarded_total", VQ_NODE, client="stat"): "0+1x40",
        },
        30,
    ),
    Case(
        "IxnVqEventsNotForwarded", "nothing received",
        {
            own("ixn_vq_node_received_total", VQ_NODE, router="urs"): "70x40",
            own("ixn_vq_node_forwarded_total", VQ_NODE, client="stat"): "70x40",
        },
        30,
    ),
)  # fmt: skip
"""Each alert on IXN VQ Node, firing and silent."""
