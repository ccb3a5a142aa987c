"""The guard of the Secrets that this package created."""

from collections.abc import Mapping
from typing import Any

import pytest
from pulumi_ixn.live.managed_secrets import external_secret_problems, secret_problems
from pulumi_ixn.live.objects import KINDS, ObjectRef

from tests.unit.config.stacks import REMOVED, stack_config
from tests.unit.live.stacks import NAMESPACE, STACK, objects, settings

KAFKA = {"peers.kafka.secret": {"managed": {}}}
EXTERNAL: dict[str, Any] = {"store": {"name": "vault"}, "keys": {"json": {"key": "kafka"}}}
DATABASE = "tenants.training.peers.ixnDB.secret"


@pytest.fixture
def live() -> list[Any]:
    """The Secrets of Kafka and of the databases of the tenant training, all protected."""
    return objects("Secret", KAFKA)


def problems(live: list[Any], changes: Mapping[str, Any]) -> dict[str, str]:
    return {each.where: each.message for each in secret_problems(live, settings(changes), STACK)}


def test_secrets_that_are_still_written_are_no_problem(live: list[Any]) -> None:
    assert len(live) == 3
    assert problems(live, KAFKA) == {}
    assert problems(live, {**KAFKA, f"{DATABASE}.generated.username": "other"}) == {}


@pytest.mark.parametrize("existing", [{}, {"name": "kafka-shared-secret"}])
def test_an_own_secret_cannot_become_an_existing_one_of_the_same_name(
    live: list[Any], existing: dict[str, str]
) -> None:
    changes = {"peers.kafka.secret": {"existing": existing}}

    for found in (live, objects("Secret", {**KAFKA, "protect": False})):
        (where, message), *more = problems(found, changes).items()
        assert (where, more) == ("ixn:peers.kafka.secret.existing.name", [])
        assert "'kafka-shared-secret'" in message


@pytest.mark.parametrize(
    ("changes", "where", "unprotect"),
    [
        ({"peers.kafka.secret": {"existing": {"name": "other"}}}, "ixn:peers.kafka.secret", "ixn:protect"),
        ({"peers.kafka": {"absent": True}}, "ixn:peers.kafka.secret", "ixn:protect"),
        (
            {**KAFKA, DATABASE: {"existing": {"name": "other"}}},
            "ixn:tenants.training.peers.ixnDB.secret",
            "ixn:tenants.training.protect",
        ),
    ],
)
def test_a_protected_secret_is_given_up_only_after_it_is_unprotected(
    live: list[Any], changes: dict[str, Any], where: str, unprotect: str
) -> None:
    found = problems(live, changes)

    assert found.keys() == {where}
    assert unprotect in found[where]
    assert NAMESPACE in found[where]
    assert problems(objects("Secret", {**KAFKA, "protect": False}), changes) == {}


def test_secrets_of_removed_and_moved_tenants_and_of_others_are_not_concerned(live: list[Any]) -> None:
    training = stack_config("prod")["tenants"]["training"]
    assert problems(live, {**KAFKA, "tenants.training": REMOVED}) == {}
    assert problems(live, {**KAFKA, "tenants.training": {**training, "sid": "400"}}) == {}
    for each in live:
        each["metadata"]["annotations"] = None
    assert problems(live, {"peers.kafka.secret": {"existing": {}}}) == {}


def test_an_own_secret_cannot_become_an_external_one_of_the_same_name(live: list[Any]) -> None:
    (where, message), *more = problems(live, {"peers.kafka.secret": {"external": EXTERNAL}}).items()

    assert (where, more) == ("ixn:peers.kafka.secret.external.name", [])
    assert "Set another name" in message
    unprotected = objects("Secret", {**KAFKA, "protect": False})
    other = {"peers.kafka.secret": {"external": {**EXTERNAL, "name": "kafka-from-vault"}}}
    assert problems(unprotected, other) == {}


@pytest.mark.parametrize(
    ("secret", "where"),
    [
        ({"existing": {}}, "ixn:peers.kafka.secret.existing.name"),
        ({"managed": {}}, "ixn:peers.kafka.secret"),
        ({"existing": {"name": "other"}}, None),
        ({"external": EXTERNAL}, None),
    ],
)
def test_the_secret_of_an_external_secret_is_not_deleted_while_pods_read_on(
    secret: dict[str, Any], where: str | None
) -> None:
    recorded = {ObjectRef(KINDS["ExternalSecret"], NAMESPACE, "kafka-shared-secret")}
    found = external_secret_problems(recorded, settings({"peers.kafka.secret": secret}))

    assert [each.where for each in found] == ([where] if where else [])
    assert not list(external_secret_problems((), settings({"peers.kafka.secret": secret})))
