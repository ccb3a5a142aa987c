"""The login rules of a Cluster of CloudNativePG, in a real server's pg_hba.conf, between those of the operator."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pulumi_ixn import DatabaseLogin

from tests.postgres.server import Server
from tests.unit.provisioning.clusters import MINIMAL, made, spec

PASSWORD = "the password of everybody"
SAME = ("same", "same")
OTHER = ("ixn-100", 'Größe of "acme"')
CROSSED = ("crossed", "owner")
LOGINS = (SAME, OTHER, CROSSED, ('all "of" it', "all"))
STRANGERS = ("crossed", "stranger")
"""A role that has the name of another one's database, and one without any."""

_BEFORE, _AFTER = "local all all trust", "host all all all scram-sha-256"
"""The operator's own rules for sessions on the instance, and the last one, which lets everybody in."""


@pytest.fixture(scope="module")
def closed(postgres: Server) -> Iterator[Server]:
    args = replace(MINIMAL, logins=tuple(DatabaseLogin(*each) for each in LOGINS))
    rules: list[str] = spec(made(args), "Cluster", "pg")["postgresql"]["pg_hba"]
    for role in {*(role for _, role in LOGINS), *STRANGERS}:
        postgres.sql("CREATE ROLE :\"role\" LOGIN PASSWORD :'password'", role=role, password=PASSWORD)
    for database, role in LOGINS:
        postgres.sql('CREATE DATABASE :"database" OWNER :"role"', database=database, role=role)
    with postgres.access("\n".join((_BEFORE, *rules, _AFTER, ""))):
        yield postgres
    for database, _ in LOGINS:
        postgres.sql('DROP DATABASE :"database"', database=database)
    for role in {*(role for _, role in LOGINS), *STRANGERS}:
        postgres.sql('DROP ROLE :"role"', role=role)


def admitted(server: Server) -> set[tuple[str, str]]:
    """Return the databases and roles of which the server lets one into the other."""
    databases = [*(database for database, _ in LOGINS), "postgres"]
    roles = {*(role for _, role in LOGINS), *STRANGERS}
    return {(database, role) for database in databases for role in roles if _enters(server, database, role)}


def _enters(server: Server, database: str, role: str) -> bool:
    try:
        server.sql_as(role, PASSWORD, database, "SELECT 1")
    except AssertionError as error:
        assert "pg_hba.conf rejects connection" in str(error)  # noqa: PT017 (as opposed to a wrong password)
        return False
    return True


def test_each_role_enters_its_own_database_and_no_other(closed: Server) -> None:
    assert admitted(closed) == set(LOGINS)


def test_without_the_rules_every_role_enters_every_database(closed: Server) -> None:
    with closed.access(f"{_BEFORE}\n{_AFTER}\n"):
        assert len(admitted(closed)) == (len(LOGINS) + 1) * len({*(role for _, role in LOGINS), *STRANGERS})
