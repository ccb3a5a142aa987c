"""An existing database, and the credentials for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pulumi

from pulumi_ixn.credentials import Credentials, credentials_secret
from pulumi_ixn.neighbours import Endpoint, Neighbour, Place, PortRange
from pulumi_ixn.references import Property, Reference


@dataclass(frozen=True)
class PostgreSql:
    """A PostgreSQL database: its server's address and its name there."""

    endpoint: Endpoint
    database: pulumi.Input[str]


Engine: TypeAlias = PostgreSql
"""The kinds of database; a union, to which others can be added."""


@dataclass(frozen=True)
class DatabaseArgs:
    """A database that exists: what it is, where it is, and who may log in. `wire` is as in `Neighbour`."""

    namespace: pulumi.Input[str]
    engine: Engine
    places: tuple[Place, ...]
    credentials: Credentials
    wire: pulumi.Input[Sequence[PortRange]] | None = None


class Database(pulumi.ComponentResource):
    """The database of IXN Server (connection 16) or IXN Node (17): existing, with its credentials."""

    reference: Reference

    def __init__(self, name: str, args: DatabaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ixn:index:Database", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        self.reference = Reference(
            neighbour=Neighbour(args.places, (args.engine.endpoint,), wire=args.wire),
            secret=credentials_secret(name, args.namespace, args.credentials, child),
            properties=_properties(args.engine),
        )
        self.register_outputs({"secretName": self.reference.secret.name})


def _properties(engine: Engine) -> Mapping[str, pulumi.Input[Property]]:
    match engine:
        case PostgreSql():
            # The vendor's spelling, in its samples and so in what the container is told.
            return {"engine": "postgre", "name": engine.database}
