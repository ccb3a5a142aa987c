"""An existing Kafka cluster, and the Secret with its addresses for the workloads of a namespace."""

from collections.abc import Sequence

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn.addresses import Address, address_list, require_addresses
from pulumi_ixn.certificates import CA_FILE, CERTIFICATE_FILE, KEY_FILE
from pulumi_ixn.components.certificates import certificate_files, file_paths, issued_certificate
from pulumi_ixn.components.secrets import file_secret
from pulumi_ixn.components.service_json import service_json
from pulumi_ixn.contract.service_json import KAFKA_CERTIFICATES
from pulumi_ixn.inputs import apply
from pulumi_ixn.peers import Peer, SecretRef
from pulumi_ixn.rules import validate
from pulumi_ixn.services import KAFKA_CLIENT_CERTIFICATE, KAFKA_KEY, KAFKA_SECRET, Kafka, KafkaReferenceArgs

_FILES = {
    "ssl.ca.location": CA_FILE,
    "ssl.certificate.location": CERTIFICATE_FILE,
    "ssl.key.location": KEY_FILE,
}


class KafkaReference(pulumi.ComponentResource):
    """An existing Kafka cluster (connections 6 and 7), shared by all tenants of a namespace."""

    peer: Peer
    certificate: k8s.apiextensions.CustomResource | None
    """The Certificate of cert-manager; None unless the client certificate is issued."""

    def __init__(self, name: str, args: KafkaReferenceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = validate(args)
        brokers = require_addresses(args.kafka.endpoints, "kafka.endpoints")
        super().__init__("ixn:index:KafkaReference", name, None, opts)

        secret = file_secret(
            self,
            name,
            args.namespace,
            args.kafka.credentials,
            (KAFKA_SECRET, KAFKA_KEY),
            lambda _: _vendor_json(args.kafka, brokers),
            protect=args.protect,
        )
        issued = args.kafka.certificates, KAFKA_CLIENT_CERTIFICATE
        self.certificate = issued_certificate(self, name, args.namespace, *issued)
        self.peer = kafka_peer(args.kafka, secret)
        self.register_outputs({"secretName": secret.name})


def kafka_peer(kafka: Kafka, secret: SecretRef | None = None) -> Peer:
    """Return Kafka as a peer."""
    return Peer(
        kafka.locations,
        kafka.endpoints,
        kafka.advertised,
        kafka.target_ports,
        secret,
        certificates=certificate_files(kafka.certificates, KAFKA_CLIENT_CERTIFICATE),
    )


def _vendor_json(kafka: Kafka, brokers: pulumi.Input[Sequence[Address]]) -> pulumi.Output[str]:
    """Return the brokers in the vendor's format, one comma-separated string, and what clients need in addition."""
    protocol = ("SASL_" if kafka.sasl_mechanism else "") + ("SSL" if kafka.tls else "PLAINTEXT")
    password = kafka.credentials.password
    return service_json(
        {
            "bootstrap": apply(brokers, address_list),
            "security.protocol": None if protocol == "PLAINTEXT" else protocol,
            "sasl.mechanism": kafka.sasl_mechanism,
            "sasl.username": kafka.credentials.username,
            "sasl.password": None if password is None else pulumi.Output.secret(password),
            **file_paths(kafka.certificates, KAFKA_CERTIFICATES, _FILES),
        },
        kafka.json_fields,
    )
