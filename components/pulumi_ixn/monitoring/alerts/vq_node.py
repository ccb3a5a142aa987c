"""The alerts on what IXN VQ Node exports."""

from pulumi_ixn.monitoring.alerts.model import Alert, Query, Threshold, increased
from pulumi_ixn.naming import VQ_NODE

_TOPIC = "pod, topic"

VQ_NODE_ALERTS = (
    Alert(
        "IxnVqNodeKafkaDown",
        "critical",
        "5m",
        (Query(f"min by ({_TOPIC}) (ixn_vq_node_kafka_producer_state{{@ixn}}) < 1", VQ_NODE, (7,)),),
        "IXN VQ Node of tenant @tenant is disconnected from Kafka",
        "The producer of topic {{ $labels.topic }} in @pod is in state @value for @for (-1 failed,"
        " 0 not connected yet). VQ events are lost once its buffer is full.",
        cause="connection",
    ),
    Alert(
        "IxnVqNodeSendErrors",
        "warning",
        "5m",
        (Query(increased("ixn_vq_node_kafka_send_errors_total", "10m", _TOPIC), VQ_NODE, (7,)),),
        "IXN VQ Node of tenant @tenant has errors at sending to Kafka",
        "@pod had @count errors at sending to topic {{ $labels.topic }} in 10 minutes.",
        threshold=Threshold(0, "errors in 10 minutes"),
    ),
    Alert(
        "IxnVqNodeEventsLost",
        "critical",
        "0s",
        (Query(increased("ixn_vq_node_kafka_overflown_events_total", "15m", _TOPIC), VQ_NODE, (7,)),),
        "Data loss: IXN VQ Node of tenant @tenant discards VQ events",
        "@pod has discarded @count VQ events for topic {{ $labels.topic }} in 15"
        " minutes: they are missing in GIM.",
        threshold=Threshold(0, "events in 15 minutes"),
    ),
    Alert(
        "IxnVqNodeAvroErrors",
        "warning",
        "0s",
        (Query(increased("ixn_vq_node_avro_convert_errors_total", "15m", _TOPIC), VQ_NODE, (7,)),),
        "Data loss: IXN VQ Node of tenant @tenant cannot convert VQ events",
        "@pod failed to convert @count VQ events for topic {{ $labels.topic }} to"
        " Avro in 15 minutes: they are missing in GIM.",
        threshold=Threshold(0, "errors in 15 minutes"),
    ),
    Alert(
        "IxnVqEventsNotForwarded",
        "warning",
        "5m",
        (
            Query(
                "sum(increase(ixn_vq_node_received_total{@ixn}[15m])) > 0"
                " unless on () sum(increase(ixn_vq_node_forwarded_total{@ixn}[15m])) > 0",
                VQ_NODE,
                (9,),
            ),
        ),
        "IXN VQ Node of tenant @tenant forwards no VQ events to StatServer",
        "In 15 minutes, IXN VQ Node of tenant @tenant has received @count VQ events from URS and forwarded none.",
    ),
)
