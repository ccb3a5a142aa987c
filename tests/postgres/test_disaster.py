"""The loss of a region: its server is gone, and the database is restored on that of another one.

The Jobs of two stacks provision the two servers, and the commands of docs/disaster-recovery.md copy the database,
before the second Job, as the guide has it, or after it.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.postgres import guide
from tests.postgres.runs import Workload
from tests.postgres.server import Server, server
from tests.postgres.states import catalogs, login_role
from tests.postgres.tenant_data import READER, content, fill, grant, owners

EAST = Workload("acme-ixn", "acme", "the password of east", stack="east")
SAME = Workload("acme-ixn", "acme", "the password of west", stack="west")
RENAMED = Workload("acme ixn 2", 'Größe "2" of acme\'s', "the password of west", stack="west")
NEIGHBOR = Workload("globex-ixn", "globex-ixn", name="ixn-server-200-db", stack="west")
Way: TypeAlias = Callable[..., Server]
"""How the database gets to the second server: `restored` or `taken_over`."""

READERS_PASSWORD = "the password of the reader"


class Lost:
    """What is left of the first region: a dump by the administrator, one by the role, and what they must hold."""

    def __init__(self, dump: Path) -> None:
        self.dump, self.dump_of_role = dump, dump.with_suffix(".role")
        with server() as first:
            assert EAST.provision(first).status == 0
            login_role(first, READER, READERS_PASSWORD)
            fill(first, EAST)
            grant(first, EAST)
            self.content = content(first, EAST)
            self.ticket = EAST.sql(first, "SELECT last_value FROM tickets")
            assert guide.dump(first, EAST, dump) == guide.DONE
            assert guide.dump(first, EAST, self.dump_of_role, (EAST.role, EAST.password)) == guide.DONE
        assert not first.directory.exists()


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> Lost:
    return Lost(tmp_path_factory.mktemp("dump") / "acme-ixn.dump")


@pytest.fixture(scope="module")
def elsewhere(lost: Lost) -> Iterator[Server]:
    """The server of the second region, started after the first one is gone."""
    with server() as started:
        yield started


@pytest.fixture
def second(elsewhere: Server) -> Iterator[Server]:
    """That server, with nothing of the test left behind."""
    yield elsewhere
    for each in (SAME, RENAMED, NEIGHBOR):
        elsewhere.sql('DROP DATABASE IF EXISTS :"database" WITH (FORCE)', database=each.database)
    for role in {SAME.role, RENAMED.role, NEIGHBOR.role, READER}:
        elsewhere.sql('DROP ROLE IF EXISTS :"role"', role=role)


def restored(second: Server, lost: Lost, workload: Workload, *, grants: bool = True) -> Server:
    """Provision the database, and restore it."""
    ran = workload.provision(second)
    assert ran.status == 0, ran.output
    assert guide.restore(second, workload, lost.dump, grants=grants) == guide.DONE
    return second


def taken_over(second: Server, lost: Lost, workload: Workload, *, grants: bool = True) -> Server:
    """Restore the database, and let the Job take it over."""
    assert guide.create(second, workload) == [guide.DONE] * 2
    assert guide.restore(second, workload, lost.dump, grants=grants) == guide.DONE
    ran = workload.provision(second, repair=True)
    assert ran.status == 0, ran.output
    assert f'took over the database "{workload.database}"' in ran.output
    return second


WAYS = pytest.mark.parametrize("way", [restored, taken_over])


def check(second: Server, lost: Lost, workload: Workload) -> None:
    """Check the data, the owner, what the role may do, and that the next run of the Job has nothing to do."""
    assert content(second, workload) == lost.content
    assert owners(second, workload) == [workload.role]
    before = catalogs(second)
    ran = workload.provision(second)
    assert ran.output.splitlines() == [f'the role "{workload.role}" can use the database "{workload.database}"']
    assert catalogs(second) == before
    _use(second, lost, workload)


def _use(second: Server, lost: Lost, workload: Workload) -> None:
    """Go on where the first region stopped: read, write, and change what there is."""
    (line,) = workload.sql(
        second,
        """
        INSERT INTO interactions ("Betreff", properties) VALUES ('Überraschung', '{}') RETURNING id, ticket;
        UPDATE interactions SET body = NULL WHERE id = 1;
        ALTER TABLE "Größe"."Anhänge" ADD COLUMN name text;
        DROP VIEW open_interactions;
        CREATE TABLE later (id bigint);
        """,
    )
    assert line.split("|") == ["501", str(int(lost.ticket[0]) + 7)]
    assert workload.sql(second, "SELECT state FROM interactions WHERE id = 1") == ["läuft"]


def test_the_first_region_s_login_is_of_no_use_in_the_second(second: Server, lost: Lost) -> None:
    restored(second, lost, SAME, grants=False)

    with pytest.raises(AssertionError, match="password authentication failed"):
        EAST.sql(second, "SELECT 1")


@WAYS
def test_a_role_of_the_same_name_owns_everything_and_goes_on(second: Server, lost: Lost, way: Way) -> None:
    login_role(second, READER, READERS_PASSWORD)

    check(way(second, lost, SAME), lost, SAME)


@WAYS
def test_a_role_of_another_name_owns_everything_too(second: Server, lost: Lost, way: Way) -> None:
    check(way(second, lost, RENAMED, grants=False), lost, RENAMED)


def test_a_dump_by_the_role_itself_is_the_same(second: Server, lost: Lost) -> None:
    SAME.provision(second)

    assert guide.restore(second, SAME, lost.dump_of_role, grants=False) == guide.DONE
    check(second, lost, SAME)


@WAYS
def test_the_mark_is_that_of_the_second_stack(second: Server, lost: Lost, way: Way) -> None:
    way(second, lost, SAME, grants=False)

    (comment,) = second.sql(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'acme-ixn'"
    )
    assert comment == SAME.mark()
    assert comment != EAST.mark()


@WAYS
@pytest.mark.parametrize("workload", [SAME, RENAMED], ids=["same", "renamed"])
def test_no_other_role_may_connect(second: Server, lost: Lost, workload: Workload, way: Way) -> None:
    assert NEIGHBOR.provision(second).status == 0
    way(second, lost, workload, grants=False)

    with pytest.raises(AssertionError, match="permission denied for database"):
        NEIGHBOR.sql(second, "SELECT 1", database=workload.database)
    with pytest.raises(AssertionError, match="permission denied for database"):
        workload.sql(second, "SELECT 1", database=NEIGHBOR.database)


def test_before_the_job_nobody_can_log_in_as_the_role(second: Server, lost: Lost) -> None:
    guide.create(second, SAME)

    with pytest.raises(AssertionError, match="password authentication failed"):
        EAST.sql(second, "SELECT 1")


def test_grants_on_tables_are_restored_and_connect_is_granted_anew(second: Server, lost: Lost) -> None:
    login_role(second, READER, READERS_PASSWORD)
    restored(second, lost, SAME)

    with pytest.raises(AssertionError, match="permission denied for database"):
        second.sql_as(READER, READERS_PASSWORD, SAME.database, "SELECT 1")
    SAME.sql(second, f'GRANT CONNECT ON DATABASE "{SAME.database}" TO {READER}')
    read = second.sql_as(READER, READERS_PASSWORD, SAME.database, "SELECT count(*) FROM interactions")
    assert read == ["500"]
    # The next run of the Job leaves it.
    assert SAME.provision(second).status == 0
    assert second.sql_as(READER, READERS_PASSWORD, SAME.database, "SELECT 1") == ["1"]


@pytest.mark.parametrize("workload", [SAME, RENAMED], ids=["without the reader", "renamed"])
def test_a_restore_that_fails_leaves_nothing_behind(second: Server, lost: Lost, workload: Workload) -> None:
    """Grants refer to roles by name: to one that does not exist here, or to the first region's own."""
    assert workload.provision(second).status == 0

    answer = guide.restore(second, workload, lost.dump)

    assert answer.status != 0
    assert "does not exist" in answer.errors
    assert workload.sql(second, "SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'Größe')") == ["0"]
    assert guide.restore(second, workload, lost.dump, grants=False) == guide.DONE
    assert content(second, workload) == lost.content
