"""The databases of the tenants on the managed server: the service has them, or a Job creates them."""

import pulumi
import pulumi_kubernetes as k8s
from locations import STORE, TenantNamespace, certificate_authority
from managed import ManagedPostgreSql
from pulumi_ixn import (
    Administrator,
    CidrBlocks,
    Credentials,
    Database,
    DatabaseReference,
    DatabaseReferenceArgs,
    DatabaseTls,
    Endpoint,
    Image,
    Provisioned,
    RemoteKey,
)

_LOGIN = ("username", "password")


def database(
    name: str,
    shared: TenantNamespace,
    server: ManagedPostgreSql,
    secret_name: str,
    job_name: str,
    opts: pulumi.ResourceOptions,
) -> DatabaseReference:
    """Return the database `name` on the managed server, with a login from the secret store.

    That is the server's own, unless a Job provisions the database: then it has a role of its own.
    """
    key = pulumi.Output.concat(server.login, "/", name) if shared.provisioned else server.login
    args = Database(
        endpoint=Endpoint(server.address, server.port),
        name=name,
        locations=(CidrBlocks((server.subnet,)),),
        credentials=Credentials.external(STORE, {each: RemoteKey(key, each) for each in _LOGIN}),
        provisioned=shared.provisioned,
    )
    reference = DatabaseReferenceArgs(shared.namespace, args, secret_name, job_name=job_name)
    return DatabaseReference(name, reference, opts)


def provisioned(
    namespace: pulumi.Input[str], server: ManagedPostgreSql, registry: str, opts: pulumi.ResourceOptions
) -> Provisioned:
    """Return how databases are created from a namespace, with the login of the server's administrator there."""
    administrator = k8s.apiextensions.CustomResource(
        "postgres-administrator",
        api_version="external-secrets.io/v1",
        kind="ExternalSecret",
        metadata={"name": "postgres-administrator", "namespace": namespace},
        spec={
            "refreshInterval": "1h",
            "secretStoreRef": {"name": STORE.name, "kind": STORE.kind},
            "target": {"name": "postgres-administrator"},
            "data": [
                {"secretKey": each, "remoteRef": {"key": server.administrator, "property": each}}
                for each in _LOGIN
            ],
        },
        opts=opts,
    )
    ca = certificate_authority("postgres", namespace, server.certificate, opts)
    return Provisioned(
        Administrator(administrator.urn.apply(lambda _: "postgres-administrator")),
        Image("tools/postgres", "15.14", registry),
        tls=DatabaseTls("verify-full", ca),
    )
