"""An existing Redis with the ORS stream, and the Secret with its address for the IXN Nodes of a namespace."""

import json

import pulumi

from pulumi_ixn.addresses import Address, require_addresses
from pulumi_ixn.components.external_secrets import external_file
from pulumi_ixn.components.secrets import existing_secret, managed_secret, password_of
from pulumi_ixn.inputs import apply, as_output
from pulumi_ixn.peers import Peer, SecretRef
from pulumi_ixn.rules import validate
from pulumi_ixn.services import REDIS_KEY, REDIS_SECRET, Redis, RedisReferenceArgs


class RedisReference(pulumi.ComponentResource):
    """An existing Redis with the ORS stream (connection 15), shared by all tenants of a namespace."""

    peer: Peer

    def __init__(self, name: str, args: RedisReferenceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = validate(args)
        redis = args.redis
        first = as_output(apply(require_addresses(redis.endpoints, "redis.endpoints"), lambda nodes: nodes[0]))
        super().__init__("ixn:index:RedisReference", name, None, opts)

        secret_name = redis.credentials.secret_name or REDIS_SECRET
        if redis.credentials.kind == "existing":
            secret = existing_secret(redis.credentials, secret_name)
        elif redis.credentials.kind == "external":
            file = (secret_name, REDIS_KEY)
            secret = external_file(
                self,
                name,
                args.namespace,
                redis.credentials,
                file,
                lambda given: first.apply(lambda node: _vendor_json(redis, given["password"], node)),
                protect=args.protect,
            )
        else:
            known = pulumi.Output.all(password_of(self, name, redis.credentials, protect=args.protect), first)
            content = known.apply(lambda found: _vendor_json(redis, *found))
            data = {REDIS_KEY: content}
            secret = managed_secret(self, name, args.namespace, secret_name, data, protect=args.protect)
        self.peer = redis_peer(redis, secret)
        self.register_outputs({"secretName": secret.name})


def redis_peer(redis: Redis, secret: SecretRef | None = None) -> Peer:
    """Return Redis as a peer."""
    return Peer(
        redis.locations,
        redis.endpoints,
        redis.advertised,
        redis.target_ports,
        secret,
        properties={
            # A string, as in the vendor's samples.
            "cluster": str(redis.cluster).lower(),
            "tls": redis.tls,
            "rejectUnauthorized": redis.reject_unauthorized,
        },
    )


def _vendor_json(redis: Redis, password: str, node: Address) -> str:
    return json.dumps(
        {
            "password": password,
            "port": node.port,
            "rejectUnauthorized": redis.reject_unauthorized,
            "servername": node.host,
        }
    )
