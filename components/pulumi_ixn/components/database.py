"""A database, existing or provisioned, and its credentials."""

from dataclasses import replace

import pulumi
import pulumi_kubernetes as k8s

from pulumi_ixn.components.cloud_native_pg import cloud_native_database
from pulumi_ixn.components.logins import login_secret
from pulumi_ixn.components.provisioning import provisioning
from pulumi_ixn.components.secrets import password_of
from pulumi_ixn.peers import Peer, SecretRef
from pulumi_ixn.rules import validate
from pulumi_ixn.services import Database, DatabaseReferenceArgs


class DatabaseReference(pulumi.ComponentResource):
    """The database of IXN Server (connection 16) or IXN Node (17), with its credentials.

    It exists, unless a Job or CloudNativePG's operator creates it: the workloads that connect to `peer` wait for
    that.
    """

    peer: Peer
    # A string annotation, so that the SDK does not import `batch` unless a database is provisioned.
    job: "k8s.batch.v1.Job | None"

    def __init__(self, name: str, args: DatabaseReferenceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = validate(args)
        # The type token of 0.1.0: a different one would replace the generated password.
        super().__init__("ixn:index:Database", name, None, opts)

        credentials, cluster = args.database.credentials, args.database.cloud_native_pg
        if cluster is not None and credentials.kind == "generated":
            # Two Secrets have the password: the workload's and the operator's.
            password = password_of(self, name, credentials, protect=args.protect)
            credentials = replace(credentials, kind="managed", password=password)
        secret = login_secret(self, name, args, credentials)
        self.peer = database_peer(args.database, secret)
        if cluster is not None:
            needed = cloud_native_database(self, name, args, cluster, credentials)
            self.peer = replace(self.peer, depends_on=needed)
        self.job = None
        if args.database.provisioned is not None:
            self.job = provisioning(self, name, args, args.database.provisioned, self.peer)
            self.peer = replace(self.peer, depends_on=(self.job,))
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
