"""Two components of a program that would write one object are rejected."""

from collections.abc import Callable

import pulumi
import pytest
from pulumi_ixn import (
    Credentials,
    InvalidInputs,
    Tenant,
)
from pulumi_ixn.testing import deploy

from tests.unit.samples import NO_SERVICES, TENANT, ixn, kafka, redis


def both(*makes: Callable[[], object]) -> None:
    for make in makes:
        make()


def test_two_components_may_not_write_the_same_secret() -> None:
    managed = Credentials.managed(password="hunter2")

    with pytest.raises(InvalidInputs, match=r"'redis-ors-secret'.*'ixn'.*'one'"):
        deploy(
            lambda: both(
                lambda: redis("one", credentials=managed),
                lambda: redis("two", credentials=managed),
            )
        )


def test_components_in_two_namespaces_may_use_one_secret_name() -> None:
    managed = Credentials.managed()
    deploy(
        lambda: both(
            lambda: kafka("one", credentials=managed),
            lambda: kafka("two", namespace="b", credentials=managed),
        )
    )


@pytest.mark.parametrize("late_namespace", [False, True])
@pytest.mark.parametrize(
    "other", [Tenant("7d0c1d38-2c1b-4bd5-a3ea-4b44f5ef9d6a", "100"), Tenant(TENANT.id, "200")]
)
def test_two_tenants_in_one_namespace_may_not_share_a_sid_or_an_id(other: Tenant, late_namespace: bool) -> None:
    namespace = pulumi.Output.from_input("ixn") if late_namespace else "ixn"

    with pytest.raises(InvalidInputs, match="'east-"):
        deploy(
            lambda: both(
                lambda: ixn("east", namespace=namespace, **NO_SERVICES),
                lambda: ixn("west", namespace=namespace, tenant=other, **NO_SERVICES),
            )
        )
