"""An existing Redis with the ORS stream, and the Secret with its address for the IXN Nodes of a namespace."""

from collections.abc import Sequence

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn.addresses import Address, require_addresses
from pulumi_ixn.certificates import CA_FILE, CERTIFICATE_FILE, KEY_FILE
from pulumi_ixn.components.certificates import certificate_files, file_paths, issued_certificate
from pulumi_ixn.components.secrets import file_secret
from pulumi_ixn.components.service_json import FieldValue, service_json
from pulumi_ixn.contract.service_json import REDIS_CERTIFICATES
from pulumi_ixn.inputs import apply
from pulumi_ixn.peers import Peer, SecretRef
from pulumi_ixn.rules import validate
from pulumi_ixn.services import (
    REDIS_CLIENT_CERTIFICATE,
    REDIS_KEY,
    REDIS_SECRET,
    Redis,
    RedisReferenceArgs,
    Sentinel,
)

_FILES = {"caFile": CA_FILE, "certFile": CERTIFICATE_FILE, "keyFile": KEY_FILE}


class RedisReference(pulumi.ComponentResource):
    """An existing Redis with the ORS stream (connection 15), shared by all tenants of a namespace."""

    peer: Peer
    certificate: k8s.apiextensions.CustomResource | None
    """The Certificate of cert-manager; None unless the client certificate is issued."""

    def __init__(self, name: str, args: RedisReferenceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = validate(args)
        redis = args.redis
        nodes = require_addresses(redis.endpoints, "redis.endpoints")
        super().__init__("ixn:index:RedisReference", name, None, opts)

        secret = file_secret(
            self,
            name,
            args.namespace,
            redis.credentials,
            (REDIS_SECRET, REDIS_KEY),
            lambda password: _vendor_json(redis, password, nodes),
            protect=args.protect,
        )
        issued = redis.certificates, REDIS_CLIENT_CERTIFICATE
        self.certificate = issued_certificate(self, name, args.namespace, *issued)
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
        certificates=certificate_files(redis.certificates, REDIS_CLIENT_CERTIFICATE),
    )


def _vendor_json(
    redis: Redis, password: pulumi.Input[str], nodes: pulumi.Input[Sequence[Address]]
) -> pulumi.Output[str]:
    """Return the first node in the vendor's format, and what clients need in addition."""
    fields = {
        "password": password,
        "port": apply(nodes, lambda known: known[0].port),
        "rejectUnauthorized": redis.reject_unauthorized,
        "servername": redis.server_name or apply(nodes, lambda known: known[0].host),
        "username": redis.credentials.username,
        **(_sentinel(redis.sentinel, nodes) if redis.sentinel else {}),
        **file_paths(redis.certificates, REDIS_CERTIFICATES, _FILES),
    }
    return service_json(fields, redis.json_fields)


def _sentinel(
    sentinel: Sentinel, nodes: pulumi.Input[Sequence[Address]]
) -> dict[str, pulumi.Input[FieldValue] | None]:
    password = sentinel.password
    return {
        "sentinels": apply(nodes, lambda known: [{"host": each.host, "port": each.port} for each in known]),
        "name": sentinel.master,
        "sentinelUsername": sentinel.username,
        "sentinelPassword": None if password is None else pulumi.Output.secret(password),
    }
