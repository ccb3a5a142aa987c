"""An existing Kafka, and the Secret from which the workloads of a namespace read its address."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from pulumi_ixn.addresses import Address, require_addresses
from pulumi_ixn.components.credentials import ExistingSecret, owned_secret
from pulumi_ixn.inputs import apply, as_output
from pulumi_ixn.peers import Endpoint, Location, Peer, PortRange, SecretRef
from pulumi_ixn.spec import Party

KAFKA_SECRET, KAFKA_KEY = "kafka-shared-secret", "kafka-secrets"
"""The vendor's fixed names of the Secret and of its key: there is one in a namespace."""


@dataclass(frozen=True)
class KafkaReferenceArgs:
    """An existing Kafka: `bootstrap` lists its brokers, each with its port.

    `secret` is an existing Secret in the vendor's format; if None, the Secret is created from `bootstrap`.
    `advertised` and `target_ports` are as in `Peer`.
    """

    namespace: pulumi.Input[str]
    bootstrap: pulumi.Input[Sequence[Endpoint]]
    locations: tuple[Location, ...]
    secret: ExistingSecret | None = None
    advertised: pulumi.Input[Sequence[Endpoint]] = ()
    target_ports: pulumi.Input[Sequence[PortRange]] | None = None


class KafkaReference(pulumi.ComponentResource):
    """Kafka (connections 6 and 7), once for all tenants of a namespace.

    Raises ValueError if `bootstrap` is empty or lacks a port, also once an Output resolves.
    """

    peer: Peer

    def __init__(self, name: str, args: KafkaReferenceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        brokers = require_addresses(args.bootstrap, Party.KAFKA)
        super().__init__("ixn:index:KafkaReference", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        if args.secret is not None:
            secret = SecretRef(args.secret.name, version=args.secret.version)
        else:
            content = {KAFKA_KEY: as_output(apply(brokers, _vendor_json))}
            secret = owned_secret(name, args.namespace, KAFKA_SECRET, content, child)
        self.peer = Peer(args.locations, args.bootstrap, args.advertised, args.target_ports, secret)
        self.register_outputs({"secretName": secret.name})


def _vendor_json(brokers: Sequence[Address]) -> str:
    """Return the vendor's format: the brokers as one comma-separated string."""
    return json.dumps({"bootstrap": ",".join(map(str, brokers))})
