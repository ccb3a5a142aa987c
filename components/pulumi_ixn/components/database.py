"""An existing database and its credentials."""

import pulumi

from pulumi_ixn.components.secrets import login_secret
from pulumi_ixn.peers import Peer, SecretRef
from pulumi_ixn.rules import validate
from pulumi_ixn.services import Database, DatabaseReferenceArgs


class DatabaseReference(pulumi.ComponentResource):
    """An existing database of IXN Server (connection 16) or IXN Node (17), with its credentials."""

    peer: Peer

    def __init__(self, name: str, args: DatabaseReferenceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = validate(args)
        # The type token of 0.1.0: a different one would replace the generated password.
        super().__init__("ixn:index:Database", name, None, opts)

        default = args.secret_name or name
        secret = login_secret(self, name, args.namespace, args.database.credentials, default, protect=args.protect)
        self.peer = database_peer(args.database, secret)
        self.register_outputs({"secretName": secret.name})


def database_peer(database: Database, secret: SecretRef | None = None) -> Peer:
    """Return the database as a peer."""
    return Peer(
        database.locations,
        (database.endpoint,),
        target_ports=database.target_ports,
        secret=secret,
        # The spelling of the vendor's samples.
        properties={"engine": "postgre", "name": database.name},
    )
