"""The rules of the names of databases and roles, above all of those that this package creates."""

from collections.abc import Mapping, Sequence

from pulumi_ixn.inputs import is_plain
from pulumi_ixn.peer_rules import Issues
from pulumi_ixn.provisioning.rules import MAX_IDENTIFIER, identifier
from pulumi_ixn.services import Database

_DATABASES = ("postgres", "template0", "template1")
_ROLES = ("postgres", "public", "none")


def database_issues(database: Database) -> Issues:
    """Yield the violations of the names of a provisioned database; none if it is not provisioned."""
    provisioned = database.provisioned
    if provisioned is None:
        return
    for path, name, reserved in (
        ("name", database.name, (*_DATABASES, provisioned.administrator.database)),
        ("credentials.username", database.credentials.username, _ROLES),
    ):
        if isinstance(name, str) and (reason := _unusable(name, reserved)):
            yield path, f"{name!r} {reason}"
    if database.endpoint.port is None:
        yield "endpoint.port", "is missing"


def _unusable(name: str, reserved: Sequence[object]) -> str | None:
    if len(name.encode()) > MAX_IDENTIFIER:
        return f"is not {identifier.expected}"
    if name in reserved or name.startswith("pg_"):
        return "is one of PostgreSQL's own, or the administrator's"
    return None


def shared_issues(databases: Mapping[str, Database]) -> Issues:
    """Yield an issue for each database, by argument, whose name or role on one server is also another's.

    Of two that are not provisioned, the names are not this package's business.
    """
    known = list(databases.items())
    for index, (path, database) in enumerate(known):
        for other_path, other in known[:index]:
            if database.provisioned is None and other.provisioned is None:
                continue
            if _server(database) is None or _server(database) != _server(other):
                continue
            if _same(database.name, other.name):
                yield f"{path}.name", f"is also the database of {other_path}: each workload has its own"
            if _same(database.credentials.username, other.credentials.username):
                yield (
                    f"{path}.credentials.username",
                    f"is also the role of {other_path}: each workload has its own",
                )


def _server(database: Database) -> tuple[str, object] | None:
    host, port = database.endpoint.host, database.endpoint.port
    return (host.lower().rstrip("."), port) if isinstance(host, str) and is_plain(port) else None


def _same(one: object, other: object) -> bool:
    return isinstance(one, str) and isinstance(other, str) and one == other
