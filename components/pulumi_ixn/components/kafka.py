"""An existing Kafka cluster, and the Secret with its addresses for the workloads of a namespace."""

import json
from collections.abc import Sequence

import pulumi

from pulumi_ixn.addresses import Address, require_addresses
from pulumi_ixn.components.external_secrets import external_file
from pulumi_ixn.components.secrets import existing_secret, managed_secret
from pulumi_ixn.inputs import apply, as_output
from pulumi_ixn.peers import Peer, SecretRef
from pulumi_ixn.rules import validate
from pulumi_ixn.services import KAFKA_KEY, KAFKA_SECRET, Kafka, KafkaReferenceArgs


class KafkaReference(pulumi.ComponentResource):
    """An existing Kafka cluster (connections 6 and 7), shared by all tenants of a namespace."""

    peer: Peer

    def __init__(self, name: str, args: KafkaReferenceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = validate(args)
        brokers = require_addresses(args.kafka.endpoints, "kafka.endpoints")
        super().__init__("ixn:index:KafkaReference", name, None, opts)

        credentials = args.kafka.credentials
        secret_name = credentials.secret_name or KAFKA_SECRET
        if credentials.kind == "existing":
            secret = existing_secret(credentials, secret_name)
        elif credentials.kind == "external":
            file = (secret_name, KAFKA_KEY)
            secret = external_file(
                self,
                name,
                args.namespace,
                credentials,
                file,
                lambda _: apply(brokers, _vendor_json),
                protect=args.protect,
            )
        else:
            content = {KAFKA_KEY: as_output(apply(brokers, _vendor_json))}
            secret = managed_secret(self, name, args.namespace, secret_name, content, protect=args.protect)
        self.peer = kafka_peer(args.kafka, secret)
        self.register_outputs({"secretName": secret.name})


def kafka_peer(kafka: Kafka, secret: SecretRef | None = None) -> Peer:
    """Return Kafka as a peer."""
    return Peer(kafka.locations, kafka.endpoints, kafka.advertised, kafka.target_ports, secret)


def _vendor_json(brokers: Sequence[Address]) -> str:
    """Return the brokers in the vendor's format, one comma-separated string."""
    return json.dumps({"bootstrap": ",".join(map(str, brokers))})
