"""No password is in an argument list, in the output or in the log of a server that logs everything."""

from tests.postgres.runs import Workload
from tests.postgres.server import ADMIN, ADMIN_PASSWORD, Server
from tests.postgres.states import vendor_script

PASSWORD = 'hunter2\'and "more" $x'


def test_passwords_are_in_no_argument_list_output_or_log(postgres: Server, workload: Workload) -> None:
    one = Workload(workload.database, workload.role, PASSWORD)
    runs = [
        one.provision(postgres),
        one.provision(postgres),
        Workload(workload.database, workload.role, f"{PASSWORD}!").provision(postgres),
        one.provision(postgres, administrator=(ADMIN, f"{PASSWORD}?")),
    ]

    assert [each.status for each in runs] == [0, 0, 0, 1]
    for each in runs:
        assert each.arguments.count("psql") >= 1
        assert "hunter2" not in each.arguments + each.output
        assert ADMIN_PASSWORD not in each.arguments + each.output
    # The log has the statements themselves, and what set the password.
    assert f"ALTER USER {workload.role} PASSWORD" in postgres.log
    assert "SCRAM-SHA-256$" in postgres.log
    assert "hunter2" not in postgres.log
    assert ADMIN_PASSWORD not in postgres.log


def test_a_failing_statement_logs_no_password(postgres: Server, workload: Workload) -> None:
    """The server logs a statement that fails even if it logs no others."""
    vendor_script(postgres, workload)
    postgres.sql("CREATE ROLE :\"name\" LOGIN PASSWORD 'weak'; GRANT :\"role\" TO :\"name\"",
                 name=f"weak {workload.role}", role=workload.role)  # fmt: skip
    postgres.sql("COMMENT ON ROLE :\"role\" IS :'mark'; COMMENT ON DATABASE :\"database\" IS :'mark'",
                 role=workload.role, database=workload.database,
                 mark=workload.mark())  # fmt: skip
    postgres.sql('ALTER ROLE :"role" INHERIT', role=workload.role)
    one = Workload(workload.database, workload.role, PASSWORD)

    ran = one.provision(postgres, administrator=(f"weak {workload.role}", "weak"))

    assert ran.status == 1
    assert f'cannot set the password of the role "{workload.role}"' in ran.output
    assert "hunter2" not in ran.output + ran.arguments + postgres.log
