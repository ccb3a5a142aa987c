"""An existing Redis with the ORS stream, and the Secret by which the IXN Nodes of a namespace find it."""

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

REDIS_SECRET, REDIS_KEY = "redis-ors-secret", "voice-redis-ors-stream"
"""The vendor's names of the Secret and of its key; fixed, so there is one Secret in a namespace."""


@dataclass(frozen=True)
class RedisReferenceArgs:
    """A Redis that exists: `endpoints` lists its nodes, each with its port; the Secret names the first.

    `credentials` is a Secret that somebody else writes, in the vendor's format, or the password to write
    one with. `cluster`, `tls` and `reject_unauthorized` (refuse a certificate that cannot be verified) are
    told to the container. `advertised` and `wire` are as in `Neighbour`.
    """

    namespace: pulumi.Input[str]
    endpoints: pulumi.Input[Sequence[Endpoint]]
    places: tuple[Place, ...]
    credentials: "ExistingSecret | RedisPassword"
    cluster: bool = True
    tls: bool = False
    reject_unauthorized: bool = False
    advertised: pulumi.Input[Sequence[Endpoint]] = ()
    wire: pulumi.Input[Sequence[PortRange]] | None = None


@dataclass(frozen=True)
class RedisPassword:
    """The password of Redis, written into the vendor's Secret."""

    password: pulumi.Input[str]


class RedisReference(pulumi.ComponentResource):
    """The ORS Redis stream (connection 15), once for all tenants of a namespace.

    ValueError, inside `apply` too, where `endpoints` is empty or lacks a port.
    """

    reference: Reference

    def __init__(self, name: str, args: RedisReferenceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        first = as_output(lift(listed_addresses(args.endpoints, Party.ORS_REDIS_STREAM), lambda nodes: nodes[0]))
        super().__init__("ixn:index:RedisReference", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        match args.credentials:
            case ExistingSecret(secret_name, version=version):
                secret = SecretRef(secret_name, version=version)
            case RedisPassword(password):
                known = pulumi.Output.all(pulumi.Output.secret(password), first)
                content = known.apply(lambda found: _vendor_json(args, *found))
                secret = owned_secret(name, args.namespace, REDIS_SECRET, {REDIS_KEY: content}, child)
        self.reference = Reference(
            neighbour=Neighbour(args.places, args.endpoints, args.advertised, args.wire),
            secret=secret,
            properties={
                # Text, as in the vendor's samples.
                "cluster": str(args.cluster).lower(),
                "tls": args.tls,
                "rejectUnauthorized": args.reject_unauthorized,
            },
        )
        self.register_outputs({"secretName": secret.name})


def _vendor_json(args: RedisReferenceArgs, password: str, node: Address) -> str:
    return json.dumps(
        {
            "password": password,
            "port": node.port,
            "rejectUnauthorized": args.reject_unauthorized,
            "servername": node.host,
        }
    )
