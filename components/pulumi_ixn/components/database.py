"""An existing database, and the credentials for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pulumi

from pulumi_ixn.components.credentials import Credentials, credentials_secret
from pulumi_ixn.peers import Endpoint, Location, Peer, PortRange, PropertyValue


@dataclass(frozen=True)
class PostgreSql:
    """A PostgreSQL database: its server's address and its name there."""

    endpoint: Endpoint
    database: pulumi.Input[str]


DatabaseEngine: TypeAlias = PostgreSql
"""The kinds of database; a union, to which others can be added."""


@dataclass(frozen=True)
class DatabaseReferenceArgs:
    """An existing database, its locations and credentials. `target_ports` is as in `Peer`."""

    namespace: pulumi.Input[str]
    engine: DatabaseEngine
    locations: tuple[Location, ...]
    credentials: Credentials
    target_ports: pulumi.Input[Sequence[PortRange]] | None = None


class DatabaseReference(pulumi.ComponentResource):
    """The database of IXN Server (connection 16) or IXN Node (17): existing, with its credentials."""

    peer: Peer

    def __init__(self, name: str, args: DatabaseReferenceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        # The type token of 0.1.0: another one would replace the generated password.
        super().__init__("ixn:index:Database", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        secret = credentials_secret(name, args.namespace, args.credentials, child)
        self.peer = Peer(
            args.locations,
            (args.engine.endpoint,),
            target_ports=args.target_ports,
            secret=secret,
            properties=_properties(args.engine),
        )
        self.register_outputs({"secretName": secret.name})


def _properties(engine: DatabaseEngine) -> Mapping[str, pulumi.Input[PropertyValue]]:
    match engine:
        case PostgreSql():
            # The spelling of the vendor's samples.
            return {"engine": "postgre", "name": engine.database}
