"""What the rights of an administrator are enough for, which PostgreSQL 16 has changed."""

import re

import pytest

from tests.postgres.runs import Workload
from tests.postgres.server import ADMIN, Server
from tests.postgres.states import catalogs, login_role, role_of, vendor_script

ANOTHER, PASSWORD = "the administrator's successor", "another"


@pytest.fixture(scope="module")
def successor(postgres: Server) -> tuple[str, str]:
    """The login of an administrator that has made nothing yet."""
    login_role(postgres, ANOTHER, PASSWORD, "CREATEDB CREATEROLE")
    return ANOTHER, PASSWORD


def has_admin_option(server: Server, workload: Workload, administrator: str = ADMIN) -> bool:
    (found,) = server.sql(
        "SELECT pg_has_role(:'admin', :'role', 'MEMBER WITH ADMIN OPTION')",
        admin=administrator,
        role=workload.role,
    )
    return found == "t"


def test_an_administrator_that_inherits_nothing_is_enough(postgres: Server, workload: Workload) -> None:
    name = f"aloof {workload.role}"
    login_role(postgres, name, PASSWORD, "NOINHERIT CREATEDB CREATEROLE")

    first = workload.provision(postgres, administrator=(name, PASSWORD))
    before = catalogs(postgres)
    second = workload.provision(postgres, administrator=(name, PASSWORD))

    assert (first.status, second.status) == (0, 0), first.output + second.output
    assert catalogs(postgres) == before


def test_the_administrator_can_change_its_roles_after_an_upgrade(postgres: Server, workload: Workload) -> None:
    """From PostgreSQL 16 on, CREATEROLE alone is not enough; an upgrade keeps memberships."""
    assert workload.provision(postgres).status == 0

    assert has_admin_option(postgres, workload)


def test_a_role_of_a_superuser_needs_what_the_error_says(postgres: Server, workload: Workload) -> None:
    vendor_script(postgres, workload, granted=False)
    before = catalogs(postgres)

    ran = workload.provision(postgres, repair=True)

    if postgres.version >= 16:
        assert ran.status == 1
        assert catalogs(postgres) == before
        (grant,) = re.findall("GRANT .+ OPTION", ran.output)
        postgres.sql(grant)
        ran = workload.provision(postgres, repair=True)
    assert ran.status == 0, ran.output
    assert role_of(postgres, workload)["rolinherit"] is True


def test_another_administrator_needs_what_the_error_says(
    postgres: Server, workload: Workload, successor: tuple[str, str]
) -> None:
    workload.provision(postgres)
    changed = Workload(workload.database, workload.role, "another password")

    ran = changed.provision(postgres, administrator=successor)

    if postgres.version >= 16:
        assert ran.status == 1
        (grant,) = re.findall("GRANT .+ OPTION", ran.output)
        postgres.sql(grant)
        ran = changed.provision(postgres, administrator=successor)
    assert ran.status == 0, ran.output
    assert changed.sql(postgres, "SELECT 1") == ["1"]


def test_a_member_that_has_nothing_to_change_needs_no_more(
    postgres: Server, workload: Workload, successor: tuple[str, str]
) -> None:
    """As after an upgrade from 15 of a database that an earlier version of this package has made."""
    workload.provision(postgres)
    postgres.sql('GRANT :"role" TO :"admin"', role=workload.role, admin=ANOTHER)

    ran = workload.provision(postgres, administrator=successor)

    assert ran.status == 0, ran.output
    # Before 16, it may take what it will need.
    assert has_admin_option(postgres, workload, ANOTHER) == (postgres.version < 16)


def test_a_password_that_the_administrator_may_not_set_is_an_error(
    postgres: Server, workload: Workload, successor: tuple[str, str]
) -> None:
    if postgres.version < 16:
        pytest.skip("CREATEROLE is enough")
    workload.provision(postgres)
    postgres.sql('GRANT :"role" TO :"admin"', role=workload.role, admin=ANOTHER)

    ran = Workload(workload.database, workload.role, "x").provision(postgres, administrator=successor)

    assert ran.status == 1
    assert f'cannot set the password of the role "{workload.role}"' in ran.output
    assert "ADMIN option" in ran.output
