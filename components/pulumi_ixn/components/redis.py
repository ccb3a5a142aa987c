"""An existing Redis with the ORS stream, and the Secret from which IXN Nodes read its address."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from pulumi_ixn.addresses import Address, require_addresses
from pulumi_ixn.components.credentials import ExistingSecret, owned_secret
from pulumi_ixn.inputs import apply, as_output
from pulumi_ixn.peers import Endpoint, Location, Peer, PortRange, SecretRef
from pulumi_ixn.spec import Party

REDIS_SECRET, REDIS_KEY = "redis-ors-secret", "voice-redis-ors-stream"
"""The vendor's fixed names of the Secret and of its key: there is one in a namespace."""


@dataclass(frozen=True)
class RedisReferenceArgs:
    """An existing Redis: `endpoints` lists its nodes, each with its port; the Secret holds the first.

    `credentials` is an existing Secret in the vendor's format, or the password from which it is created. The
    container is configured with `cluster`, `tls` and `reject_unauthorized` (reject certificates that cannot be
    verified). `advertised` and `target_ports` are as in `Peer`.
    """

    namespace: pulumi.Input[str]
    endpoints: pulumi.Input[Sequence[Endpoint]]
    locations: tuple[Location, ...]
    credentials: "ExistingSecret | RedisPassword"
    cluster: bool = True
    tls: bool = False
    reject_unauthorized: bool = False
    advertised: pulumi.Input[Sequence[Endpoint]] = ()
    target_ports: pulumi.Input[Sequence[PortRange]] | None = None


@dataclass(frozen=True)
class RedisPassword:
    """The password of Redis, written into the vendor's Secret."""

    password: pulumi.Input[str]


class RedisReference(pulumi.ComponentResource):
    """The ORS Redis stream (connection 15), once for all tenants of a namespace.

    Raises ValueError if `endpoints` is empty or lacks a port, also once an Output resolves.
    """

    peer: Peer

    def __init__(self, name: str, args: RedisReferenceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        first = as_output(apply(require_addresses(args.endpoints, Party.ORS_REDIS_STREAM), lambda nodes: nodes[0]))
        super().__init__("ixn:index:RedisReference", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        match args.credentials:
            case ExistingSecret(secret_name, version=version):
                secret = SecretRef(secret_name, version=version)
            case RedisPassword(password):
                known = pulumi.Output.all(pulumi.Output.secret(password), first)
                content = known.apply(lambda found: _vendor_json(args, *found))
                secret = owned_secret(name, args.namespace, REDIS_SECRET, {REDIS_KEY: content}, child)
        self.peer = Peer(
            args.locations,
            args.endpoints,
            args.advertised,
            args.target_ports,
            secret,
            properties={
                # A string, as in the vendor's samples.
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
