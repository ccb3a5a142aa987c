"""The three traps of the vendor's script, on a real server, before and after the Job with `repair`."""

import pytest

from tests.postgres.runs import Workload
from tests.postgres.server import SUPERUSER, Server
from tests.postgres.states import catalogs, login_role, role_of, vendor_script


def test_permission_denied_for_schema_public(postgres: Server, workload: Workload) -> None:
    vendor_script(postgres, workload)
    if postgres.version < 16:  # from then on, NOINHERIT does not keep an owner from what is its own
        with pytest.raises(AssertionError, match="permission denied for schema public"):
            workload.sql(postgres, "CREATE TABLE interactions (id text)")

    assert workload.provision(postgres, repair=True).status == 0

    workload.sql(postgres, "CREATE TABLE interactions (id text); INSERT INTO interactions VALUES ('1')")


def test_a_noinherit_role_that_owns_nothing_in_effect(postgres: Server, workload: Workload) -> None:
    vendor_script(postgres, workload)
    as_owner = "SELECT pg_has_role('pg_database_owner', 'MEMBER'), pg_has_role('pg_database_owner', 'USAGE')"
    assert workload.sql(postgres, as_owner) == ["t|t" if postgres.version >= 16 else "t|f"]

    ran = workload.provision(postgres, repair=True)

    assert ran.status == 0
    assert "INHERIT" in ran.output
    assert workload.sql(postgres, as_owner) == ["t|t"]
    assert role_of(postgres, workload)["rolinherit"] is True


def test_connect_open_to_every_login_of_the_server(postgres: Server, workload: Workload, other: Workload) -> None:
    vendor_script(postgres, workload)
    login_role(postgres, other.role, other.password)
    assert other.sql(postgres, "SELECT 1", database=workload.database) == ["1"]

    assert workload.provision(postgres, repair=True).status == 0

    with pytest.raises(AssertionError, match="permission denied for database"):
        other.sql(postgres, "SELECT 1", database=workload.database)


def test_nothing_is_repaired_without_the_setting(postgres: Server, workload: Workload) -> None:
    vendor_script(postgres, workload)
    before = catalogs(postgres)

    ran = workload.provision(postgres)

    assert ran.status == 1
    for each in (f'the role "{workload.role}" exists', f'the database "{workload.database}" exists', "repair"):
        assert each in ran.output
    assert catalogs(postgres) == before


def test_what_was_repaired_stays_and_needs_the_setting_no_more(postgres: Server, workload: Workload) -> None:
    vendor_script(postgres, workload)
    postgres.sql(
        'CREATE SCHEMA kept AUTHORIZATION :"role"; CREATE TABLE kept.interactions (id text);'
        "COMMENT ON DATABASE :\"database\" IS 'asked for by team voice'",
        on=workload.database,
        role=workload.role,
        database=workload.database,
    )
    assert workload.provision(postgres, repair=True).status == 0
    repaired = catalogs(postgres)

    assert workload.provision(postgres).status == 0

    assert catalogs(postgres) == repaired
    assert workload.sql(postgres, "SELECT to_regclass('kept.interactions')") == ["kept.interactions"]
    (comment, mark) = postgres.sql(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = :'name'",
        name=workload.database,
    )
    assert comment == "asked for by team voice"
    assert mark == workload.mark()


UPGRADED = """
ALTER SCHEMA public OWNER TO :"owner";
REVOKE ALL ON SCHEMA public FROM PUBLIC, pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""
"""The schema of a database that was upgraded from PostgreSQL 14 and closed since."""


def test_the_schema_of_an_upgraded_database_is_granted(postgres: Server, workload: Workload) -> None:
    vendor_script(postgres, workload)
    postgres.sql(UPGRADED, on=workload.database, owner=SUPERUSER)
    postgres.sql("CREATE ROLE super SUPERUSER LOGIN PASSWORD 'super'")

    ran = workload.provision(postgres, administrator=("super", "super"), repair=True)

    assert ran.status == 0
    workload.sql(postgres, "CREATE TABLE interactions (id text)")


def test_an_administrator_who_may_not_grant_the_schema_is_told_so(postgres: Server, workload: Workload) -> None:
    vendor_script(postgres, workload)
    postgres.sql(UPGRADED, on=workload.database, owner=SUPERUSER)

    ran = workload.provision(postgres, repair=True)

    assert ran.status == 1
    assert 'the administrator "admin" may not grant' in ran.output
