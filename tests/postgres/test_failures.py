"""What stops the Job on a real server, and how long it tries."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.postgres.runs import Workload
from tests.postgres.server import ADMIN, Server
from tests.postgres.states import catalogs, login_role


@pytest.mark.parametrize(
    ("attributes", "reasons"),
    [
        ("CREATEDB", ["may not create roles: it needs CREATEROLE"]),
        ("CREATEROLE", ["may not create databases: it needs CREATEDB"]),
        ("", ["may not create roles", "may not create databases"]),
    ],
)
def test_an_administrator_with_too_few_rights_is_told_which(
    postgres: Server, workload: Workload, attributes: str, reasons: list[str]
) -> None:
    name = f"weak {workload.role}"
    login_role(postgres, name, "weak", attributes)
    before = catalogs(postgres)

    ran = workload.provision(postgres, administrator=(name, "weak"))

    assert ran.status == 1
    assert all(f'the administrator "{name}" {reason}' in ran.output for reason in reasons[:1])
    assert all(reason in ran.output for reason in reasons)
    assert catalogs(postgres) == before


def test_a_wrong_password_of_the_administrator_is_tried_once(postgres: Server, workload: Workload) -> None:
    before = postgres.log.count("password authentication failed")

    ran = workload.provision(postgres, administrator=(ADMIN, "wrong"), deadline=60)

    assert ran.status == 1
    assert "password authentication failed" in ran.output
    assert ran.seconds < 30
    # Each attempt may be without TLS again, as libpq does with the mode `prefer`.
    assert postgres.log.count("password authentication failed") - before <= 4


def test_a_server_that_is_down_for_a_while_is_waited_for(postgres: Server, workload: Workload) -> None:
    with postgres.stopped():
        timer = threading.Timer(4, postgres.start)
        timer.start()
        ran = workload.provision(postgres, deadline=60)
        timer.join()

    assert ran.status == 0
    assert ran.output.startswith(f"waiting for 127.0.0.1:{postgres.port}: it does not answer")
    assert ran.seconds > 3


def test_a_server_that_stays_down_is_an_error_at_the_deadline(postgres: Server, workload: Workload) -> None:
    with postgres.stopped():
        ran = workload.provision(postgres, deadline=3)

    assert ran.status == 1
    *_, last = ran.output.split("error: cannot connect")
    assert f"to 127.0.0.1:{postgres.port} for 3 seconds: it does not answer" in last
    assert "Connection refused" in last
    assert 2 <= ran.seconds < 20


def test_max_connections_is_waited_for(postgres: Server, workload: Workload) -> None:
    with postgres.without_free_connections():
        ran = workload.provision(postgres, deadline=3)
    later = workload.provision(postgres)

    assert ran.status == 1
    assert "it has no free connection (max_connections" in ran.output
    assert 2 <= ran.seconds < 20
    assert later.status == 0


def test_a_server_that_restarts_during_a_run_is_waited_for(postgres: Server, workload: Workload) -> None:
    """The lock that one run at a time has is held here, so that the server stops while the Job waits for it."""
    held = "SELECT pg_advisory_lock(hashtextextended('ixn-pulumi ' || :'name', 0)), pg_sleep(20)"

    def hold() -> None:
        with pytest.raises(AssertionError):
            postgres.sql(held, name=workload.database)

    def restart() -> None:
        postgres.stop()
        postgres.start()

    holder, restarter = threading.Thread(target=hold), threading.Timer(4, restart)
    holder.start()
    restarter.start()
    ran = workload.provision(postgres, deadline=60)
    holder.join()
    restarter.join()

    assert ran.status == 0, ran.output
    assert "waiting for" in ran.output
    assert workload.sql(postgres, "SELECT 1") == ["1"]


def test_two_runs_at_once_both_succeed(postgres: Server, workload: Workload) -> None:
    """As while a new Job replaces one that still runs. Often enough for two to meet at each step."""
    for number in range(8):
        each = Workload(f"{workload.database}_{number}", f"{workload.role}_{number}")
        each.manifests()  # not in two threads
        with ThreadPoolExecutor(2) as threads:
            runs = [threads.submit(each.provision, postgres) for _ in range(2)]
        assert [run.result().output for run in runs if run.result().status] == []
