"""The names of the tenant's objects."""

from typing import Any

import pytest
from pulumi_ixn import Tenant
from pulumi_ixn.testing import deploy
from pulumi_ixn.validation import InvalidInputs

from tests.unit.samples import TENANT, ixn

LONGEST_SID = "s" * 41


def names(value: Any) -> list[str]:
    """Yield the names of nested objects."""
    if isinstance(value, dict):
        own = [value["metadata"]["name"]] if "name" in value.get("metadata", {}) else []
        return [*own, *(name for each in value.values() for name in names(each))]
    return [name for each in value for name in names(each)] if isinstance(value, list) else []


def test_the_longest_names_of_a_tenant_are_valid() -> None:
    found = deploy(lambda: ixn(tenant=Tenant(TENANT.id, LONGEST_SID)))

    (stateful_set,) = (each for each in found.manifests if each["kind"] == "StatefulSet")
    assert len(stateful_set["metadata"]["name"]) == 52
    assert max(len(name) for each in found.manifests for name in names(each) if each["kind"] == "Service") <= 63


@pytest.mark.parametrize(
    ("given", "path"),
    [
        (("9350e2fc", "100"), "id"),
        ((TENANT.id, LONGEST_SID + "s"), "sid"),
        ((TENANT.id, "East_1"), "sid"),
        ((TENANT.id, ""), "sid"),
        ((TENANT.id, "a-"), "sid"),
        ((TENANT.id, "a\n"), "sid"),
    ],
)
def test_an_invalid_name_is_rejected(given: tuple[str, str], path: str) -> None:
    with pytest.raises(InvalidInputs) as caught:
        deploy(lambda: ixn(tenant=Tenant(*given)))

    assert [issue.path for issue in caught.value.issues] == [f"tenant.{path}"]
