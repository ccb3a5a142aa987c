"""The server that other tests use, and its image."""

from collections.abc import Generator

import pytest

from tests.cluster.postgres import ADMIN, ADMIN_SECRET, Postgres, running_postgres
from tests.cluster.postgres_image import needs_postgres
from tests.cluster.secret_values import secret_values
from tools.cluster.node import Cluster
from tools.errors import UserError

pytestmark = needs_postgres

TENANTS = "tenants"


@pytest.fixture(scope="module")
def postgres(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Generator[Postgres]:
    with running_postgres(cluster, tmp_path_factory.mktemp("postgres"), TENANTS) as server:
        yield server
    cluster.client.run("delete", "namespace", TENANTS, "--wait=false")


def password_of_secret(postgres: Postgres) -> str:
    return secret_values(postgres.client, ADMIN_SECRET, TENANTS)["password"]


def test_the_administrator_creates_roles_and_databases_and_no_more(postgres: Postgres) -> None:
    password = password_of_secret(postgres)

    postgres.sql_as(ADMIN, password, "CREATE ROLE one LOGIN; GRANT one TO CURRENT_USER")
    postgres.sql_as(ADMIN, password, "CREATE DATABASE one OWNER one")

    assert postgres.sql("SELECT datname FROM pg_database WHERE datdba = 'one'::regrole") == ["one"]
    with pytest.raises(UserError, match="superuser"):
        postgres.sql_as(ADMIN, password, "CREATE ROLE two SUPERUSER")
    assert f"connection authorized: user={ADMIN} database=postgres" in postgres.log()


def test_a_changed_password_of_the_administrator_is_that_of_its_secret(postgres: Postgres) -> None:
    before = password_of_secret(postgres)

    postgres.set_administrator("another password", TENANTS)

    assert password_of_secret(postgres) == "another password"
    assert postgres.sql_as(ADMIN, "another password", "SELECT 1") == ["1"]
    with pytest.raises(UserError, match="password authentication failed"):
        postgres.sql_as(ADMIN, before, "SELECT 1")
