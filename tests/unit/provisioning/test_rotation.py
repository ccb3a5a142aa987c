"""Rotation: two logins take turns, and what pods of the previous one read stays as it is."""

from dataclasses import replace
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_ixn import (
    CloudNativePg,
    Credentials,
    Database,
    DatabaseReference,
    DatabaseReferenceArgs,
    InvalidInputs,
)
from pulumi_ixn.testing import Deployment, Manifest, deploy

from tests.unit.deployed import env_of, made
from tests.unit.provisioning.jobs import PROVISIONED, job, provisioned
from tests.unit.registrations import Registrations, registrations
from tests.unit.samples import NAMESPACE

__all__ = ["registrations"]

FIRST, SECOND = "ixn-db-secret-100", "ixn-db-secret-100-2"
ROTATION = "ixn-pulumi/rotation"


def database(rotation: int, username: Any = "ixn", **changes: Any) -> Database:
    generated = Credentials.generated(username, rotation=rotation)
    return replace(provisioned(**changes), credentials=generated)


def rotated(rotation: int, *, preview: bool = False, protect: bool = False, **changes: Any) -> Deployment[Any]:
    return made(preview, database=database(rotation, **changes), protect=protect)


def secrets(found: Deployment[Any]) -> dict[str, Manifest]:
    return {
        each["metadata"]["name"]: each
        for each in found.manifests
        if each["kind"] == "Secret" and each["metadata"]["name"].startswith(FIRST)
    }


def read_by(template: Manifest) -> set[str]:
    """Return the database's Secrets that a pod reads."""
    sources = [each["secretKeyRef"]["name"] for each in env_of(template).values() if isinstance(each, dict)]
    return {name for name in sources if name.startswith(FIRST)}


def current(found: Deployment[Any]) -> str:
    """Return the Secret that the pods of IXN Server read."""
    (name,) = read_by(found.manifest("StatefulSet", "ixn-server-100")["spec"]["template"])
    return name


def test_without_a_rotation_there_is_one_login(preview: bool) -> None:
    found = rotated(0, preview=preview)

    assert set(secrets(found)) == {FIRST} == {current(found)}
    assert "OWNER" not in env_of(job(found)["spec"]["template"])
    assert ROTATION not in secrets(found)[FIRST]["metadata"]["annotations"]


def test_a_rotation_adds_a_login_that_acts_as_the_first(preview: bool) -> None:
    found = rotated(1, preview=preview)

    template = job(found)["spec"]["template"]
    assert (current(found), read_by(template)) == (SECOND, {SECOND})
    assert env_of(template)["OWNER"] == "ixn"
    assert set(secrets(found)) == {FIRST, SECOND}


def test_each_login_has_a_role_and_a_password_of_its_own() -> None:
    content = {name: each["stringData"] for name, each in secrets(rotated(1)).items()}

    assert {name: each["username"] for name, each in content.items()} == {FIRST: "ixn", SECOND: "ixn-2"}
    assert content[FIRST]["password"] != content[SECOND]["password"]


@given(rotation=st.integers(0, 999_999))
def test_the_login_of_the_previous_rotation_stays_and_the_other_is_used(rotation: int) -> None:
    def of_job(rotation: int) -> tuple[str, dict[str, Manifest]]:
        """Return the Secret that the Job reads, and all Secrets."""
        args = DatabaseReferenceArgs(NAMESPACE, database(rotation), FIRST, job_name="ixn-server-100-db")
        found = deploy(lambda: DatabaseReference("db", args) and None)
        (name,) = read_by(job(found)["spec"]["template"])
        return name, secrets(found)

    (previous, before), (new, after) = of_job(rotation), of_job(rotation + 1)
    assert {previous, new} == {FIRST, SECOND}
    assert after[previous] == before[previous]
    assert after[new]["metadata"]["annotations"][ROTATION] == str(rotation + 1)


def test_a_rotation_replaces_one_password(registrations: Registrations) -> None:
    """The engine replaces a password whose keepers differ."""

    def keepers(rotation: int) -> dict[str, Any]:
        registrations.all.clear()
        rotated(rotation)
        found = [each for each in registrations.all.values() if each.type.endswith(":RandomPassword")]
        return {each.name: each.inputs.get("keepers") for each in found if each.name.endswith("-password")}

    first, second = "east-server-db-password", "east-server-db-2-password"
    assert keepers(0) == {first: None}
    assert keepers(1) == {first: None, second: {"rotation": "1"}}
    assert keepers(2) == {first: {"rotation": "2"}, second: {"rotation": "1"}}
    assert keepers(3) == {first: {"rotation": "2"}, second: {"rotation": "3"}}


def test_another_length_or_alphabet_is_for_the_new_password_alone(registrations: Registrations) -> None:
    rotated(1)

    previous = registrations.one("random:index/randomPassword:RandomPassword", "east-server-db-password")
    new = registrations.one("random:index/randomPassword:RandomPassword", "east-server-db-2-password")
    assert {"length", "special", "overrideSpecial", "minLower", "numeric"} <= set(previous.ignore_changes)
    assert new.ignore_changes == ()


def test_protected_tenants_can_be_rotated(registrations: Registrations) -> None:
    """The engine replaces nothing that is protected. The Secrets are updated, and stay protected."""
    rotated(1, protect=True)

    protected = {each.name for each in registrations.all.values() if each.protect}
    assert {"east-server-db", "east-server-db-2"} <= protected
    assert not {"east-server-db-password", "east-server-db-2-password"} & protected


def test_names_may_be_outputs() -> None:
    def program() -> None:
        late = database(1, pulumi.Output.from_input("ixn"))
        DatabaseReference("db", DatabaseReferenceArgs(NAMESPACE, late, FIRST, job_name="ixn-server-100-db"))

    found = deploy(program)

    assert secrets(found)[SECOND]["stringData"]["username"] == "ixn-2"
    assert env_of(job(found)["spec"]["template"])["OWNER"] == "ixn"


def test_the_login_of_an_existing_secret_acts_as_the_owner(preview: bool) -> None:
    """So that another Secret, with another login, can take its place."""
    existing = replace(provisioned(owner="ixn"), credentials=Credentials.existing("second"))
    found = made(preview, database=existing)

    env = env_of(job(found)["spec"]["template"])
    assert (env["OWNER"], env["ROLE_USERNAME"]["secretKeyRef"]["name"]) == ("ixn", "second")


@pytest.mark.parametrize("owner", ["postgres", "pg_monitor", "x" * 64, ""])
def test_an_owner_that_postgresql_reserves_or_cuts_is_invalid(owner: str) -> None:
    with pytest.raises(InvalidInputs, match=r"database\.provisioned\.owner"):
        rotated(0, owner=owner)


@pytest.mark.parametrize(
    ("invalid", "path"),
    [
        (replace(database(1), provisioned=None), r"credentials\.rotation"),
        (
            Database.in_cluster(CloudNativePg("pg", "data"), "ixn", Credentials.generated("ixn", rotation=1)),
            r"credentials\.rotation",
        ),
        (database(-1), r"credentials\.rotation"),
        (database(True), r"credentials\.rotation"),
        (database(1, "x" * 62), r"credentials\.username"),
        (database(1, owner="ixn-2"), r"provisioned\.owner"),
        (
            replace(provisioned(), credentials=replace(Credentials.managed("ixn", "secret"), rotation=1)),
            r"credentials\.rotation",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_rotated_is_invalid(invalid: Database, path: str) -> None:
    with pytest.raises(InvalidInputs, match=path):
        made(database=invalid)


def test_a_login_of_the_longest_name_can_be_rotated() -> None:
    assert current(made(database=database(1, "x" * 61))) == SECOND


@pytest.mark.parametrize("rotation", [1, 2])
def test_no_other_workload_may_have_either_login(rotation: int) -> None:
    node = provisioned("ixn-node", "ixn-2")

    with pytest.raises(InvalidInputs, match=r"node_database\.credentials\.username"):
        made(database=database(rotation), node_database=node)
    assert made(database=database(0), node_database=node)


def test_two_components_may_not_have_one_login() -> None:
    def program() -> None:
        for name, each in (("one", database(1)), ("two", provisioned("other", "ixn-2"))):
            DatabaseReference(name, DatabaseReferenceArgs(NAMESPACE, each))

    with pytest.raises(InvalidInputs, match="role 'ixn-2' on"):
        deploy(program)


def test_two_components_may_not_have_one_owner() -> None:
    def program() -> None:
        for name in ("one", "two"):
            each = replace(provisioned(name, name), provisioned=replace(PROVISIONED, owner="ixn"))
            DatabaseReference(name, DatabaseReferenceArgs(NAMESPACE, each))

    with pytest.raises(InvalidInputs, match="role 'ixn' on"):
        deploy(program)
