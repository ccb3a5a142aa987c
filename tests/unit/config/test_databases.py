"""No two workloads share a provisioned database, or its role."""

from typing import Any

import pytest
from pulumi_ixn.config import load
from pulumi_ixn.live.secrets import existing_secrets

from tests.unit.config.stacks import change, issues, stack_config
from tests.unit.provisioning.jobs import SETTINGS

OTHER = {"id": "7d0c1d38-2c1b-4bd5-a3ea-4b44f5ef9d6a", "sid": "200"}
DB, NODE_DB = "peers.ixnDB", "peers.ixnNodeDB"
ROLE = {"generated": {"username": "ixn"}}
TWO: dict[str, Any] = {"tenants.other": OTHER, f"{DB}.provisioned": SETTINGS}


def test_a_name_that_two_tenants_inherit_is_one_issue() -> None:
    found = issues(TWO)

    assert set(found) == {"ixn:peers.ixnDB.name", "ixn:peers.ixnDB.secret.existing.name"}
    assert "is the database of several tenants" in found["ixn:peers.ixnDB.name"]


def test_tenants_with_names_of_their_own_are_valid() -> None:
    own = {"name": "ixn-200", "secret": {"existing": {"name": "ixn-db-secret-200"}}}

    assert issues({**TWO, "tenants.other.peers": {"ixnDB": own}}) == {}


def test_existing_databases_may_be_shared() -> None:
    assert issues({"tenants.other": OTHER}) == {}


def test_one_provisioned_database_is_enough() -> None:
    found = issues({f"{NODE_DB}.provisioned": SETTINGS, f"{NODE_DB}.name": "ixn"})

    assert set(found) == {"ixn:peers.ixnNodeDB.name"}
    assert "is also the database of ixn:peers.ixnDB" in found["ixn:peers.ixnNodeDB.name"]


@pytest.mark.parametrize("endpoint", ["postgres.infra.svc:5433", "other.infra.svc:5432"])
def test_another_server_may_have_the_same_names(endpoint: str) -> None:
    changes = {f"{DB}.provisioned": SETTINGS, f"{NODE_DB}.name": "ixn", f"{NODE_DB}.endpoint": endpoint}

    assert issues(changes) == {}


@pytest.mark.parametrize("endpoint", ["Postgres.Infra.svc:5432", "postgres.infra.svc.:5432"])
def test_one_server_has_one_name_however_it_is_written(endpoint: str) -> None:
    changes = {f"{DB}.provisioned": SETTINGS, f"{NODE_DB}.name": "ixn", f"{NODE_DB}.endpoint": endpoint}

    assert set(issues(changes)) == {"ixn:peers.ixnNodeDB.name"}


@pytest.mark.parametrize("source", ["generated", "managed"])
def test_one_role_of_two_workloads_is_an_issue(source: str) -> None:
    changes: dict[str, Any] = {f"{each}.secret": {source: {"username": "ixn"}} for each in (DB, NODE_DB)}
    found = issues({**changes, f"{DB}.provisioned": SETTINGS})

    assert f"ixn:peers.ixnNodeDB.secret.{source}.username" in found


def test_one_secret_of_two_workloads_is_an_issue_unless_it_has_two_roles() -> None:
    shared: dict[str, Any] = {f"{each}.secret": {"existing": {"name": "logins"}} for each in (DB, NODE_DB)}
    keys = {f"{NODE_DB}.secret": {"existing": {"name": "logins", "usernameKey": "node", "passwordKey": "word"}}}

    assert set(issues({**shared, f"{DB}.provisioned": SETTINGS})) == {"ixn:peers.ixnNodeDB.secret.existing.name"}
    assert issues({**shared, **keys, f"{DB}.provisioned": SETTINGS}) == {}


def test_all_mistakes_are_reported_at_once() -> None:
    found = issues({
        f"{DB}.name": "ä" * 32,
        f"{DB}.secret": {"generated": {"username": "postgres"}},
        f"{DB}.provisioned": {
            "administrator": {"nam": "admin"},
            "image": {"repository": "tools/postgres:15"},
            "tls": {"mode": "verify-full"},
            "repairs": True,
        },
    })  # fmt: skip

    prefix = "ixn:peers.ixnDB.provisioned"
    assert set(found) == {
        prefix, f"{prefix}.administrator", f"{prefix}.image.repository", f"{prefix}.image.tag", f"{prefix}.tls.ca",
    }  # fmt: skip
    names = issues({
        f"{DB}.name": "ä" * 32,
        f"{DB}.secret": {"generated": {"username": "postgres"}},
        f"{DB}.provisioned": SETTINGS,
    })  # fmt: skip
    assert set(names) == {"ixn:peers.ixnDB.name", "ixn:peers.ixnDB.secret.generated.username"}


def test_preflight_expects_the_secrets_of_the_administrator_and_of_the_ca() -> None:
    tls = {"mode": "verify-full", "ca": {"name": "postgres-ca"}}
    settings = load(change(stack_config("dev"), {f"{DB}.provisioned": {**SETTINGS, "tls": tls}}))

    found = {each.name: (each.keys, each.setting) for each in existing_secrets(settings)}
    path = "ixn:tenants.dev.peers.ixnDB.provisioned"
    assert found["postgres-admin"] == (("username", "password"), f"{path}.administrator")
    assert found["postgres-ca"] == (("ca.crt",), f"{path}.tls.ca")
