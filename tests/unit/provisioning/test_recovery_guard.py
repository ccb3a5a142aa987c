"""What a Cluster is restored from counts when it is created: the guard on every update."""

from typing import Any

import pulumi
import pytest
from pulumi_ixn.components.recovery_guard import refuse_another_recovery

FROM_WEST: dict[str, Any] = {
    "bootstrap": {"recovery": {"source": "source"}},
    "externalClusters": [{"name": "source", "plugin": {"parameters": {"serverName": "west"}}}],
}
FROM_EAST: dict[str, Any] = {
    **FROM_WEST,
    "externalClusters": [{"name": "source", "plugin": {"parameters": {"serverName": "east"}}}],
}
IN_TIME: dict[str, Any] = {
    **FROM_WEST,
    "bootstrap": {"recovery": {"source": "source", "recoveryTarget": {"targetTime": "2026-11-30T12:00:00Z"}}},
}
NEW: dict[str, Any] = {"instances": 3}


def update(old: dict[str, Any], new: dict[str, Any]) -> None:
    kind = "kubernetes:postgresql.cnpg.io/v1:Cluster"
    inputs = {"old_inputs": {"spec": old}, "new_inputs": {"spec": new}}
    refuse_another_recovery(pulumi.ResourceHookArgs("urn", "ixn/pg", "postgres-cluster", kind, **inputs))


@pytest.mark.parametrize(
    ("old", "new"), [(NEW, FROM_WEST), (FROM_WEST, FROM_EAST), (FROM_WEST, IN_TIME), (IN_TIME, FROM_WEST)]
)
def test_another_recovery_of_a_cluster_that_exists_is_refused(old: dict[str, Any], new: dict[str, Any]) -> None:
    with pytest.raises(pulumi.RunError, match="nothing would be restored"):
        update(old, new)


@pytest.mark.parametrize(("old", "new"), [(NEW, NEW), (FROM_WEST, FROM_WEST), (FROM_WEST, NEW)])
def test_the_same_or_none_passes(old: dict[str, Any], new: dict[str, Any]) -> None:
    update({**old, "instances": 1}, {**new, "instances": 3})
