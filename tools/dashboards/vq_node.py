"""IXN VQ Node: events from URS, to StatServer and to Kafka."""

from tools.dashboards.model import Dashboard, Query, Row
from tools.dashboards.panels import UP, chart, states
from tools.dashboards.variables import tenants

_UP = Row(
    "State",
    (
        states(
            "IXN VQ Node is up",
            Query('up{@,container="ixn-vqnode"}', "{{tenant}} {{pod}}"),
            about="Whether Prometheus can scrape IXN VQ Node (connection 10).",
            values=UP,
        ),
        states(
            "Kafka producer",
            "max by (tenant, topic) (ixn_vq_node_kafka_producer_state{@})",
            about="The best state of the Kafka producers of the tenant's pods, by topic (connection 7).",
        ),
    ),
)

_URS = Row(
    "From URS (connection 8)",
    (
        chart("VQ events received, total", "ixn_vq_node_received_total{@}", width=12),
        chart("VQ events received, rate", "rate(ixn_vq_node_received_total{@}[$__rate_interval])", width=12),
    ),
)

_STAT_SERVER = Row(
    "To StatServer (connection 9)",
    (
        chart("VQ events forwarded, total", "ixn_vq_node_forwarded_total{@}", width=12),
        chart("VQ events forwarded, rate", "rate(ixn_vq_node_forwarded_total{@}[$__rate_interval])", width=12),
    ),
)

_KAFKA = Row(
    "To Kafka (connection 7)",
    (
        chart("VQ events sent, total", "ixn_vq_node_kafka_sent_total{@}", width=12),
        chart("VQ events sent, rate", "rate(ixn_vq_node_kafka_sent_total{@}[$__rate_interval])", width=12),
        chart("Send errors", "ixn_vq_node_kafka_send_errors_total{@}"),
        chart("Avro errors", "ixn_vq_node_avro_convert_errors_total{@}"),
        chart("Events lost", "ixn_vq_node_kafka_overflown_events_total{@}"),
    ),
)

VQ_NODE = Dashboard(
    "ixn-vq-node",
    "IXN VQ Node",
    "VQ events from URS, to StatServer and to Kafka.",
    tenants("ixn-vqnode"),
    (_UP, _URS, _STAT_SERVER, _KAFKA),
)
