"""First, second and later runs of the Job on a real server, and what it leaves alone."""

import shutil

import pytest

from tests.postgres.installations import cannot
from tests.postgres.runs import Workload
from tests.postgres.server import ADMIN, Server
from tests.postgres.states import administrators_database, catalogs, login_role, role_of


def test_the_first_run_creates_a_role_that_can_use_its_database(postgres: Server, workload: Workload) -> None:
    ran = workload.provision(postgres)

    assert (ran.status, ran.output.splitlines()) == (
        0,
        [
            f'created the role "{workload.role}"',
            f'created the database "{workload.database}"',
            f'closed the database "{workload.database}" to all other roles',
            f'set the password of the role "{workload.role}"',
            f'the role "{workload.role}" can use the database "{workload.database}"',
        ],
    )
    workload.sql(postgres, "CREATE TABLE interactions (id text); INSERT INTO interactions VALUES ('1')")
    role = role_of(postgres, workload)
    assert role["rolpassword"].startswith("SCRAM-SHA-256$")
    expected = {"login": True, "inherit": True, "super": False, "createdb": False, "createrole": False}
    found = {name: role["rolcanlogin" if name == "login" else f"rol{name}"] for name in expected}
    assert found == expected
    assert not role["rolreplication"]
    assert not role["rolbypassrls"]


@pytest.mark.parametrize("shell", ["dash", "bash --posix", "busybox sh"])
def test_any_posix_shell_runs_the_script(postgres: Server, workload: Workload, shell: str) -> None:
    name, *options = shell.split()
    program = shutil.which(name) or cannot(f"no {name} here: apt-get install {name}")

    ran = workload.provision(postgres, shell=(program, *options))

    assert (ran.status, len(ran.output.splitlines())) == (0, 5), ran.output


def test_the_second_run_changes_nothing(postgres: Server, workload: Workload) -> None:
    workload.provision(postgres)
    before = catalogs(postgres)

    ran = workload.provision(postgres)

    assert catalogs(postgres) == before
    assert (ran.status, ran.output.splitlines()) == (
        0,
        [f'the role "{workload.role}" can use the database "{workload.database}"'],
    )


def test_a_changed_password_is_set_and_nothing_else(postgres: Server, workload: Workload) -> None:
    workload.provision(postgres)
    before = role_of(postgres, workload)
    changed = Workload(workload.database, workload.role, "another password")

    ran = changed.provision(postgres)

    assert ran.status == 0
    after = role_of(postgres, workload)
    assert {name for name in after if after[name] != before[name]} == {"rolpassword"}
    assert changed.sql(postgres, "SELECT 1") == ["1"]
    with pytest.raises(AssertionError, match="password authentication failed"):
        workload.sql(postgres, "SELECT 1")


def test_a_server_that_asks_for_no_password_gets_it_all_the_same(postgres: Server, workload: Workload) -> None:
    """Otherwise the login would end when the server begins to ask."""
    with postgres.trusting(workload.role):
        assert workload.provision(postgres).status == 0
        changed = Workload(workload.database, workload.role, "another password")
        assert changed.provision(postgres).status == 0

    assert changed.sql(postgres, "SELECT 1") == ["1"]


@pytest.mark.parametrize(
    "drift",
    [
        'GRANT CONNECT ON DATABASE :"database" TO PUBLIC',
        'ALTER ROLE :"role" NOINHERIT CREATEDB',
        'ALTER ROLE :"role" NOLOGIN',
        'REVOKE ALL ON DATABASE :"database" FROM :"role"',
    ],
)
def test_what_others_changed_of_its_own_is_mended(postgres: Server, workload: Workload, drift: str) -> None:
    workload.provision(postgres)
    before = catalogs(postgres)
    postgres.sql(drift, role=workload.role, database=workload.database)
    assert catalogs(postgres) != before

    assert workload.provision(postgres).status == 0

    assert catalogs(postgres) == before


@pytest.mark.parametrize(
    "interrupted",
    [
        'DROP DATABASE :"database"',
        'COMMENT ON DATABASE :"database" IS NULL',
        'COMMENT ON DATABASE :"database" IS NULL; GRANT ALL ON DATABASE :"database" TO PUBLIC',
        'ALTER ROLE :"role" PASSWORD NULL',
    ],
)
def test_an_interrupted_run_is_completed(postgres: Server, workload: Workload, interrupted: str) -> None:
    workload.provision(postgres)
    postgres.sql(interrupted, role=workload.role, database=workload.database)

    assert workload.provision(postgres).status == 0

    assert workload.sql(postgres, "SELECT 1") == ["1"]
    before = catalogs(postgres)
    assert workload.provision(postgres).status == 0
    assert catalogs(postgres) == before


def test_a_role_of_one_tenant_is_refused_by_the_database_of_another(
    postgres: Server, workload: Workload, other: Workload
) -> None:
    for each in (workload, other):
        assert each.provision(postgres).status == 0

    for each, database in ((workload, other.database), (other, workload.database)):
        with pytest.raises(AssertionError, match="permission denied for database"):
            each.sql(postgres, "SELECT 1", database=database)


def test_a_role_that_exists_is_not_taken(postgres: Server, workload: Workload) -> None:
    login_role(postgres, workload.role, "another's")
    before = catalogs(postgres)

    ran = workload.provision(postgres)

    assert ran.status == 1
    assert f'the role "{workload.role}" exists, and was not made by this package' in ran.output
    assert "database" not in ran.output
    assert catalogs(postgres) == before


def test_a_database_that_exists_is_not_taken(postgres: Server, workload: Workload) -> None:
    administrators_database(postgres, workload)
    before = catalogs(postgres)

    ran = workload.provision(postgres)

    assert ran.status == 1
    assert f'the database "{workload.database}" exists, and was not made by this package' in ran.output
    assert catalogs(postgres) == before


def test_what_belongs_to_another_workload_is_not_taken_even_to_repair(
    postgres: Server, workload: Workload
) -> None:
    workload.provision(postgres)
    before = catalogs(postgres)
    other = Workload(workload.database, workload.role, name="ixn-server-200-db")

    ran = other.provision(postgres, repair=True)

    assert ran.status == 1
    for what in (f'the role "{workload.role}"', f'the database "{workload.database}"'):
        assert f"{what} belongs to another: {workload.mark()}" in ran.output
    assert catalogs(postgres) == before


def test_the_database_of_another_role_is_not_taken_even_to_repair(
    postgres: Server, workload: Workload, other: Workload
) -> None:
    login_role(postgres, other.role, other.password)
    postgres.sql('CREATE DATABASE :"database" OWNER :"owner"', database=workload.database, owner=other.role)
    before = catalogs(postgres)

    ran = workload.provision(postgres, repair=True)

    assert ran.status == 1
    assert f'owned by the role "{other.role}", not by "{workload.role}"' in ran.output
    assert catalogs(postgres) == before


def test_a_database_of_the_administrator_is_given_to_the_role_to_repair(
    postgres: Server, workload: Workload
) -> None:
    administrators_database(postgres, workload)

    assert workload.provision(postgres, repair=True).status == 0

    workload.sql(postgres, "CREATE TABLE interactions (id text)")


@pytest.mark.parametrize("attribute", ["SUPERUSER", "CREATEROLE", "CREATEDB", "REPLICATION"])
def test_a_role_with_power_is_never_taken(postgres: Server, workload: Workload, attribute: str) -> None:
    login_role(postgres, workload.role, "another's", attribute)
    before = catalogs(postgres)

    ran = workload.provision(postgres, repair=True)

    assert ran.status == 1
    assert "is no mere login" in ran.output
    assert catalogs(postgres) == before


@pytest.mark.parametrize("role", [ADMIN, "postgres", "pg_monitor"])
def test_the_administrator_is_never_the_role(postgres: Server, workload: Workload, role: str) -> None:
    ran = Workload(workload.database, role).provision(postgres, repair=True)

    assert ran.status == 1
    assert f'"{role}" cannot be the role of a workload' in ran.output


def test_a_renamed_role_is_an_error_that_names_the_owner(postgres: Server, workload: Workload) -> None:
    workload.provision(postgres)
    renamed = Workload(workload.database, f"{workload.role}_2")

    ran = renamed.provision(postgres)

    assert ran.status == 1
    assert f'owned by the role "{workload.role}", not by "{renamed.role}"' in ran.output
    postgres.sql('ALTER ROLE :"old" RENAME TO :"new"', old=workload.role, new=renamed.role)
    assert renamed.provision(postgres).status == 0
