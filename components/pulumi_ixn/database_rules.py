"""The rules of the names of databases and roles, above all of those that this package creates."""

from collections.abc import Iterator, Mapping, Sequence

import pulumi

from pulumi_ixn.inputs import is_plain
from pulumi_ixn.peer_rules import Issues
from pulumi_ixn.provisioning.cloud_native_pg import CloudNativePg
from pulumi_ixn.provisioning.rules import MAX_IDENTIFIER, identifier
from pulumi_ixn.services import Database

_DATABASES = ("postgres", "template0", "template1")
_ROLES = ("postgres", "public", "none")
_PREFIXES = ("pg_",)
_OPERATOR_ROLES, _OPERATOR_PREFIXES = ("streaming_replica",), ("cnpg_",)


def database_issues(database: Database) -> Issues:
    """Yield the violations of the names of a database that this package creates; none if it exists."""
    provisioned, cluster = database.provisioned, database.cloud_native_pg
    if provisioned is not None:
        if cluster is not None:
            yield "provisioned", "cannot be combined with cloud_native_pg: its operator creates the database"
        if database.endpoint.port is None:
            yield "endpoint.port", "is missing"
        yield from _name_issues("name", database.name, (*_DATABASES, provisioned.administrator.database))
        yield from _name_issues("credentials.username", database.credentials.username, _ROLES)
    elif cluster is not None:
        yield from _name_issues("name", database.name, _DATABASES)
        yield from _pattern_issues("name", database.name)
        yield from _cluster_issues(database, cluster)


def _cluster_issues(database: Database, cluster: CloudNativePg) -> Issues:
    others = database.credentials.kind in ("existing", "external")
    for name in ("role", "role_secret"):
        given = getattr(cluster, name) is not None
        if others and not given:
            reason = "is missing: this package does not know the login, and the operator cannot read its Secret"
            yield f"cloud_native_pg.{name}", reason
        if given and not others:
            yield f"cloud_native_pg.{name}", "is not used: it is that of the credentials"
    path = "cloud_native_pg.role" if others else "credentials.username"
    reserved, prefixes = (*_ROLES, *_OPERATOR_ROLES), (*_PREFIXES, *_OPERATOR_PREFIXES)
    yield from _name_issues(path, role_of(database), reserved, prefixes)
    yield from _pattern_issues(path, role_of(database))


def role_of(database: Database) -> pulumi.Input[str] | None:
    """Return the name of the database's role; None if only an existing Secret has it."""
    cluster = database.cloud_native_pg
    return database.credentials.username if cluster is None or cluster.role is None else cluster.role


def _name_issues(
    path: str, name: object, reserved: Sequence[object], prefixes: Sequence[str] = _PREFIXES
) -> Issues:
    if not isinstance(name, str):
        return
    if len(name.encode()) > MAX_IDENTIFIER:
        yield path, f"{name!r} is not {identifier.expected}"
    elif name in reserved or name.startswith(tuple(prefixes)):
        yield path, f"{name!r} is reserved: PostgreSQL, its operator or the administrator has it"


def _pattern_issues(path: str, name: object) -> Issues:
    if isinstance(name, str) and name.startswith("/"):
        yield path, f"{name!r} begins with '/': pg_hba.conf would take it for a regular expression"


def shared_issues(databases: Mapping[str, Database]) -> Issues:
    """Yield an issue for each database, by argument, whose name or role on one server is also another's.

    Of two that this package does not create, the names are not its business.
    """
    known = list(databases.items())
    for index, (path, database) in enumerate(known):
        for other_path, other in known[:index]:
            if _is_created(database) or _is_created(other):
                yield from (
                    (f"{path}.{name}", f"is also the {what} of {other_path}: each workload has its own")
                    for name, what in _same_names(database, other)
                )


def _same_names(database: Database, other: Database) -> Iterator[tuple[str, str]]:
    if _server(database) is None or _server(database) != _server(other):
        return
    if _same(database.name, other.name):
        yield "name", "database"
    if _same(role_of(database), role_of(other)):
        cluster = database.cloud_native_pg
        own = cluster is not None and cluster.role is not None
        yield ("cloud_native_pg.role" if own else "credentials.username"), "role"


def _is_created(database: Database) -> bool:
    return database.provisioned is not None or database.cloud_native_pg is not None


def _server(database: Database) -> tuple[str, object] | None:
    host, port = database.endpoint.host, database.endpoint.port
    return (host.lower().rstrip("."), port) if isinstance(host, str) and is_plain(port) else None


def _same(one: object, other: object) -> bool:
    return isinstance(one, str) and isinstance(other, str) and one == other
