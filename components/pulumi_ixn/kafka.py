"""An existing Kafka, and the Secret by which the workloads of a namespace find it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from pulumi_ixn.addresses import Address, listed_addresses
from pulumi_ixn.credentials import ExistingSecret, owned_secret
from pulumi_ixn.inputs import as_output, lift
from pulumi_ixn.neighbours import Endpoint, Neighbour, Place, PortRange
from pulumi_ixn.references import Reference, SecretRef
from pulumi_ixn.spec import Party

KAFKA_SECRET, KAFKA_KEY = "kafka-shared-secret", "kafka-secrets"
"""The vendor's names of the Secret and of its key; fixed, so there is one Secret in a namespace."""


@dataclass(frozen=True)
class KafkaReferenceArgs:
    """A Kafka that exists: `bootstrap` lists its brokers, each with its port.

    `secret` is one that somebody else writes, in the vendor's format; None writes it from `bootstrap`.
    `advertised` and `wire` are as in `Neighbour`.
    """

    namespace: pulumi.Input[str]
    bootstrap: pulumi.Input[Sequence[Endpoint]]
    places: tuple[Place, ...]
    secret: ExistingSecret | None = None
    advertised: pulumi.Input[Sequence[Endpoint]] = ()
    wire: pulumi.Input[Sequence[PortRange]] | None = None


class KafkaReference(pulumi.ComponentResource):
    """Kafka (connections 6 and 7), once for all tenants of a namespace.

    ValueError, inside `apply` too, where `bootstrap` is empty or lacks a port.
    """

    reference: Reference

    def __init__(self, name: str, args: KafkaReferenceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        brokers = listed_addresses(args.bootstrap, Party.KAFKA)
        super().__init__("ixn:index:KafkaReference", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        if args.secret is not None:
            secret = SecretRef(args.secret.name, version=args.secret.version)
        else:
            content = {KAFKA_KEY: as_output(lift(brokers, _vendor_json))}
            secret = owned_secret(name, args.namespace, KAFKA_SECRET, content, child)
        self.reference = Reference(Neighbour(args.places, args.bootstrap, args.advertised, args.wire), secret)
        self.register_outputs({"secretName": secret.name})


def _vendor_json(brokers: Sequence[Address]) -> str:
    """Return the vendor's JSON: the brokers, separated by commas, under `bootstrap`."""
    return json.dumps({"bootstrap": ",".join(map(str, brokers))})
