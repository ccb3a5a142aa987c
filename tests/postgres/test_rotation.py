"""Two logins that take turns on one database, on a real server."""

import pytest

from tests.postgres.runs import Workload
from tests.postgres.server import ADMIN, Server
from tests.postgres.states import catalogs, login_role, role_of


def second(workload: Workload, password: str = "another password") -> Workload:
    """Return the workload with its other login."""
    return Workload(workload.database, f"{workload.role}-2", password, workload.name)


@pytest.fixture
def rotated(postgres: Server, workload: Workload) -> tuple[Workload, Workload]:
    """Rotate once, after the first login has made a table; return both logins."""
    assert workload.provision(postgres).status == 0
    workload.sql(postgres, "CREATE TABLE interactions (id text); INSERT INTO interactions VALUES ('1')")
    other = second(workload)
    ran = other.provision(postgres, owner=workload.role)
    assert ran.status == 0, ran.output
    return workload, other


def test_both_logins_work_after_a_rotation(postgres: Server, rotated: tuple[Workload, Workload]) -> None:
    for each in rotated:
        assert each.sql(postgres, "SELECT id FROM interactions") == ["1"]


def test_each_login_can_change_what_the_other_made(postgres: Server, rotated: tuple[Workload, Workload]) -> None:
    first, other = rotated
    other.sql(postgres, "ALTER TABLE interactions ADD queue text; CREATE TABLE queues (id text)")
    first.sql(postgres, "ALTER TABLE queues ADD name text; DROP TABLE interactions")

    owners = postgres.sql("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'", first.database)
    assert owners == [first.role]


def test_the_next_rotation_replaces_the_password_of_the_first_login_alone(
    postgres: Server, rotated: tuple[Workload, Workload]
) -> None:
    first, other = rotated
    untouched = role_of(postgres, other)
    third = Workload(first.database, first.role, "the third password")

    assert third.provision(postgres, owner=first.role).status == 0

    assert third.sql(postgres, "SELECT id FROM interactions") == ["1"]
    assert role_of(postgres, other) == untouched
    assert other.sql(postgres, "SELECT id FROM interactions") == ["1"]
    with pytest.raises(AssertionError, match="password authentication failed"):
        first.sql(postgres, "SELECT 1")


def test_a_second_run_changes_nothing(postgres: Server, rotated: tuple[Workload, Workload]) -> None:
    first, other = rotated
    before = catalogs(postgres)

    ran = other.provision(postgres, owner=first.role)

    assert (ran.status, catalogs(postgres)) == (0, before)


@pytest.mark.parametrize(
    "drift",
    [
        'ALTER ROLE :"login" RESET role',
        f'REVOKE :"role" FROM :"login" GRANTED BY {ADMIN}',
        'ALTER ROLE :"login" NOINHERIT CREATEDB',
        'ALTER ROLE :"login" NOLOGIN',
    ],
)
def test_what_others_changed_of_the_login_is_mended(
    postgres: Server, rotated: tuple[Workload, Workload], drift: str
) -> None:
    first, other = rotated
    before = catalogs(postgres)
    postgres.sql(drift, role=first.role, login=other.role)
    assert catalogs(postgres) != before

    assert other.provision(postgres, owner=first.role).status == 0

    assert catalogs(postgres) == before
    assert other.sql(postgres, "SELECT current_user") == [first.role]


def test_a_renamed_role_takes_both_logins_along(postgres: Server, rotated: tuple[Workload, Workload]) -> None:
    first, other = rotated
    renamed = Workload(first.database, f"{first.role}-renamed", "the third password")
    postgres.sql('ALTER ROLE :"old" RENAME TO :"new"', old=first.role, new=renamed.role)

    assert renamed.provision(postgres).status == 0

    assert other.sql(postgres, "SELECT current_user") == [renamed.role]


def test_a_role_of_the_workload_s_former_database_gets_no_rights(postgres: Server, workload: Workload) -> None:
    workload.provision(postgres)
    other = Workload(f"{workload.database}_new", f"{workload.role}_new")

    assert other.provision(postgres).status == 0

    with pytest.raises(AssertionError, match="permission denied for database"):
        workload.sql(postgres, "SELECT 1", database=other.database)


def test_a_membership_without_rights_is_mended(postgres: Server, rotated: tuple[Workload, Workload]) -> None:
    first, other = rotated
    if int(postgres.sql("SHOW server_version_num")[0]) < 160000:
        pytest.skip("memberships have no options")
    limited = f'GRANT :"role" TO :"login" WITH INHERIT FALSE, SET FALSE GRANTED BY {ADMIN}'
    postgres.sql(limited, role=first.role, login=other.role)

    assert other.provision(postgres, owner=first.role).status == 0

    assert other.sql(postgres, "SELECT current_user") == [first.role]


def test_an_administrator_who_may_not_add_a_login_is_told_so(postgres: Server, workload: Workload) -> None:
    if int(postgres.sql("SHOW server_version_num")[0]) < 160000:
        pytest.skip("CREATEROLE is enough")
    workload.provision(postgres)
    administrator = (f"admin of {workload.role}", "a password")
    login_role(postgres, *administrator, "CREATEROLE CREATEDB")
    postgres.sql('GRANT :"role" TO :"admin"', role=workload.role, admin=administrator[0])
    before = catalogs(postgres)

    ran = second(workload).provision(postgres, owner=workload.role, administrator=administrator)

    assert ran.status == 1
    assert f"GRANT {workload.role} TO" in ran.output
    assert "WITH ADMIN OPTION" in ran.output
    assert catalogs(postgres) == before


def test_an_owner_that_nobody_has_logged_in_as_cannot_log_in(postgres: Server, workload: Workload) -> None:
    login = second(workload)

    assert login.provision(postgres, owner=workload.role).status == 0

    assert not role_of(postgres, workload)["rolcanlogin"]
    login.sql(postgres, "CREATE TABLE interactions (id text)")


def test_the_logins_of_one_workload_are_refused_by_the_database_of_another(
    postgres: Server, rotated: tuple[Workload, Workload], other: Workload
) -> None:
    assert other.provision(postgres).status == 0

    for each in rotated:
        with pytest.raises(AssertionError, match="permission denied for database"):
            each.sql(postgres, "SELECT 1", database=other.database)


def test_a_login_that_exists_is_not_taken(postgres: Server, workload: Workload) -> None:
    workload.provision(postgres)
    login = second(workload)
    login_role(postgres, login.role, "somebody's")
    before = catalogs(postgres)

    ran = login.provision(postgres, owner=workload.role)

    assert ran.status == 1
    assert f'the role "{login.role}" exists, and was not made by this package' in ran.output
    assert catalogs(postgres) == before


def test_a_login_of_another_workload_is_not_taken(postgres: Server, workload: Workload, other: Workload) -> None:
    for each in (workload, other):
        each.provision(postgres)
    before = catalogs(postgres)
    login = Workload(workload.database, other.role, name=workload.name)

    ran = login.provision(postgres, owner=workload.role)

    assert ran.status == 1
    assert f'the role "{other.role}" belongs to another: {other.mark()}' in ran.output
    assert catalogs(postgres) == before


@pytest.mark.parametrize("name", ["we\"ird 'role' $x", "Grüße-中"])
def test_names_are_quoted(postgres: Server, workload: Workload, name: str) -> None:
    owner = Workload(workload.database, f"{workload.role} {name}")
    login = second(owner)

    for each in (owner, login):
        ran = each.provision(postgres, owner=owner.role)
        assert ran.status == 0, ran.output

    assert login.sql(postgres, "SELECT current_user") == [owner.role]
