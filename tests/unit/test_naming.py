"""What the tenant's objects are called."""

from typing import Any

import pytest
from pulumi_ixn import Tenant
from pulumi_ixn.testing import deploy

from tests.unit.samples import TENANT, ixn

LONGEST_ID, LONGEST_SID = "i" * 52, "s" * 41


def names(value: Any) -> list[str]:
    """Find the names of objects, however deep."""
    if isinstance(value, dict):
        own = [value["metadata"]["name"]] if "name" in value.get("metadata", {}) else []
        return [*own, *(name for each in value.values() for name in names(each))]
    return [name for each in value for name in names(each)] if isinstance(value, list) else []


def test_the_longest_names_of_a_tenant_are_names_to_kubernetes() -> None:
    found = deploy(lambda: ixn(tenant=Tenant(LONGEST_ID, LONGEST_SID)))

    (stateful_set,) = (each for each in found.manifests if each["kind"] == "StatefulSet")
    assert len(stateful_set["metadata"]["name"]) == 52
    assert max(len(name) for each in found.manifests for name in names(each) if each["kind"] == "Service") == 63


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            (LONGEST_ID + "i", "100"),
            "the id of a tenant is lower-case letters, digits and '-', at most 52, not 'i",
        ),
        (
            (TENANT.id, LONGEST_SID + "s"),
            "the sid of a tenant is lower-case letters, digits and '-', at most 41",
        ),
        ((TENANT.id, "East_1"), "at most 41, not 'East_1'"),
        ((TENANT.id, ""), "at most 41, not ''"),
        ((TENANT.id, "a-"), "at most 41, not 'a-'"),
        ((TENANT.id, "a\n"), "at most 41, not 'a"),
    ],
)
def test_what_makes_no_name_is_refused(given: tuple[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Tenant(*given)
