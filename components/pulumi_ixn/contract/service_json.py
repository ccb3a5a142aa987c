"""The JSON in the Secrets of Kafka and Redis: each field that this package writes, with its origin."""

from collections.abc import Mapping

from pulumi_ixn.contract.model import Assumed, FromVendor, Provenance

KAFKA_CERTIFICATES, REDIS_CERTIFICATES = (
    "/mnt/env-secrets/kafka-certificates",
    "/mnt/env-secrets/redis-certificates",
)
"""The directories in which the containers find the certificates: JSON fields name files in them."""

_KAFKA, _REDIS = "kafka-shared-secret.kafka-secrets", "redis-ors-secret.voice-redis-ors-stream"
_LIBRDKAFKA = "the property of librdkafka, on which the Kafka clients of C++ and Node.js are based"
_IOREDIS = "the option of ioredis, whose TLS options `servername` and `rejectUnauthorized` the vendor's JSON has"
_PATH = "the path of a mounted file: the vendor's JSON has no field for certificates"

KAFKA_JSON: Mapping[str, Provenance] = {
    "bootstrap": FromVendor(f"{_KAFKA}.bootstrap"),
    "security.protocol": Assumed(_LIBRDKAFKA),
    "sasl.mechanism": Assumed(_LIBRDKAFKA),
    "sasl.username": Assumed(_LIBRDKAFKA),
    "sasl.password": Assumed(_LIBRDKAFKA),
    "ssl.ca.location": Assumed(f"{_LIBRDKAFKA}; {_PATH}"),
    "ssl.certificate.location": Assumed(f"{_LIBRDKAFKA}; {_PATH}"),
    "ssl.key.location": Assumed(f"{_LIBRDKAFKA}; {_PATH}"),
}
"""The fields of Kafka's JSON; those of the vendor are always there, others if a setting needs them."""

REDIS_JSON: Mapping[str, Provenance] = {
    "password": FromVendor(f"{_REDIS}.password"),
    "port": FromVendor(f"{_REDIS}.port"),
    "rejectUnauthorized": FromVendor(f"{_REDIS}.rejectUnauthorized"),
    "servername": FromVendor(f"{_REDIS}.servername"),
    "username": Assumed(_IOREDIS),
    "sentinels": Assumed(_IOREDIS),
    "name": Assumed(f"{_IOREDIS}: the name of Sentinel's master"),
    "sentinelUsername": Assumed(_IOREDIS),
    "sentinelPassword": Assumed(_IOREDIS),
    "caFile": Assumed(_PATH),
    "certFile": Assumed(_PATH),
    "keyFile": Assumed(_PATH),
}
"""The fields of Redis' JSON; those of the vendor are always there, others if a setting needs them."""
