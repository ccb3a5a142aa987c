"""Names and passwords with any character, on a real server."""

import pytest

from tests.postgres.runs import Workload
from tests.postgres.server import ADMIN, Server
from tests.postgres.states import catalogs

NAMES = [
    "it's",
    'a "quoted" one',
    "with  blanks",
    "$HOME $(DATABASE) ${x} `id` $$",
    "back\\slash \\n \\'",
    "Größe 数据 é",
    "-- ; DROP DATABASE postgres; :x :'y' %s",
    "UPPER.lower=1 host=elsewhere",
    "postgresql://else:where@192.0.2.1/x",
    "-f",
    "é" * 31,
]


@pytest.mark.parametrize("text", NAMES)
def test_any_character_may_be_in_names_and_passwords(postgres: Server, text: str) -> None:
    workload = Workload(text, f"{text}!", text)

    first = workload.provision(postgres)
    before = catalogs(postgres)
    second = workload.provision(postgres)

    assert (first.status, first.output[-60:]) == (0, first.output[-60:])
    assert second.status == 0, second.output
    assert catalogs(postgres) == before
    assert workload.sql(postgres, "SELECT current_user || '|' || current_database()") == [f"{text}!|{text}"]
    assert postgres.sql("SELECT count(*) FROM pg_database WHERE datname = 'postgres'") == ["1"]


@pytest.mark.parametrize("password", ["' \" $x \\ é", ":'x' %s ` ;", "x" * 300])
def test_any_character_may_be_in_the_login_of_the_administrator(
    postgres: Server, workload: Workload, password: str
) -> None:
    name = f"{ADMIN} {password[:9]}"
    postgres.sql(
        "CREATE ROLE :\"name\" LOGIN CREATEDB CREATEROLE PASSWORD :'password'", name=name, password=password
    )

    assert workload.provision(postgres, administrator=(name, password)).status == 0


@pytest.mark.parametrize(
    ("role", "password", "reason"),
    [
        ("r" * 64, "word", "longer than the 63 bytes"),
        ("role\n", "word", "has a line break"),
        ("role", "word\n", "has a line break"),
        ("", "word", "is empty"),
        ("role", "", "is empty"),
    ],
)
def test_a_secret_that_cannot_be_a_login_is_an_error(
    postgres: Server, workload: Workload, role: str, password: str, reason: str
) -> None:
    before = catalogs(postgres)

    ran = Workload(workload.database, role, password).provision(postgres)

    assert ran.status == 1
    assert reason in ran.output
    assert catalogs(postgres) == before
