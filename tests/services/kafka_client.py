"""A client of Kafka that knows nothing but the files of a pod: `kafka_client.py ROOT`."""

import json
import secrets
import sys
import time
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

SECONDS, PARTITIONS = 15, 2


def main(root: Path) -> None:
    """Write a value to each broker, read both, and print what was read and who answered."""
    given = json.loads((root / "mnt/env-secrets/kafka-secrets/kafka-secrets").read_text("utf-8"))
    config = {_property(name): _value(name, each, root) for name, each in given.items()}
    errors: list[str] = []
    config["log_level"] = 0
    config["error_cb"] = lambda error: errors.append(str(error))
    admin, topic = AdminClient(config), f"topic-{secrets.token_hex(4)}"
    try:
        _connect(admin, errors)
        created = admin.create_topics([NewTopic(topic, num_partitions=PARTITIONS, replication_factor=1)])
        created[topic].result(timeout=SECONDS)
        leaders = _leaders(admin, topic)
        values = {number: secrets.token_hex(8) for number in leaders}
        read = _written_and_read(config, topic, values)
    except Exception as error:  # noqa: BLE001 (what librdkafka logged says more)
        sys.exit("\n".join([*errors, str(error)]))
    json.dump({"same": read == values, "brokers": sorted(leaders.values())}, sys.stdout)


def _connect(admin: AdminClient, errors: list[str]) -> None:
    """Wait for a broker's answer, but no longer once librdkafka knows why there is none."""
    for _ in range(SECONDS):
        try:
            admin.list_topics(timeout=1)
        except KafkaException:
            admin.poll(0)  # hands over what librdkafka has to report
            if errors:
                raise
        else:
            return


def _leaders(admin: AdminClient, topic: str) -> dict[int, str]:
    """Return the broker of each partition, once all brokers know the topic."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        known = admin.list_topics(topic, timeout=SECONDS)
        found = {number: each.leader for number, each in known.topics[topic].partitions.items()}
        if len(found) == PARTITIONS and all(leader in known.brokers for leader in found.values()):
            return {number: str(known.brokers[leader]) for number, leader in found.items()}
        time.sleep(0.2)
    raise TimeoutError(topic)


def _property(name: str) -> str:
    return "bootstrap.servers" if name == "bootstrap" else name


def _value(name: str, value: Any, root: Path) -> Any:
    return str(root / value.lstrip("/")) if name.endswith(".location") else value


def _written_and_read(config: Any, topic: str, values: dict[int, str]) -> dict[int, str]:
    producer = Producer(config)
    for number, value in values.items():
        producer.produce(topic, value, partition=number)
    producer.flush(SECONDS)
    consumer = Consumer({**config, "group.id": topic, "enable.auto.commit": False})
    consumer.assign([TopicPartition(topic, number, 0) for number in values])
    read: dict[int, str] = {}
    end = time.monotonic() + SECONDS
    while len(read) < len(values) and time.monotonic() < end:
        message = consumer.poll(0.5)
        if message is not None and not message.error():
            read[message.partition() or 0] = (message.value() or b"").decode()
    consumer.close()
    return read


if __name__ == "__main__":
    main(Path(sys.argv[1]))
