"""What the engine requires of a state that is imported."""

from collections.abc import Mapping
from typing import Any


def check_integrity(deployment: Mapping[str, Any]) -> None:
    """Fail unless no URN is there twice and each resource follows its parent, provider and dependencies."""
    seen: set[str] = set()
    current: set[str] = set()
    providers: set[str] = set()
    for each in deployment["resources"]:
        urn = each["urn"]
        required = [each.get("parent"), each.get("deletedWith"), *each.get("dependencies", ())]
        required += [ref for refs in each.get("propertyDependencies", {}).values() for ref in refs or ()]
        assert seen.issuperset(filter(None, required)), f"{urn} precedes one of {required}"
        assert not each.get("provider") or each["provider"] in providers, f"{urn} has an unknown provider"
        if not each.get("delete"):
            assert urn not in current, f"{urn} is there twice"
            current.add(urn)
        seen.add(urn)
        if each["type"].startswith("pulumi:providers:"):
            providers.add(f"{urn}::{each['id']}")
