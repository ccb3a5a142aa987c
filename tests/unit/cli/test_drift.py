"""The report of `ixn drift`."""

from pulumi_ixn.cli.drift import lines
from pulumi_ixn.live.drift import Drift
from pulumi_ixn.live.fields import FieldChange

CHANGED = Drift(
    "east", "Deployment", "ixn", "ixn-node-100", [FieldChange(".spec.replicas", 2, 4, "kubectl (scale) at noon")]
)
DELETED = Drift("east", "NetworkPolicy", "ixn", "ixn-node-100", [])
SHARED = Drift(None, "Secret", "ixn", "kafka-shared-secret", [])


def test_each_tenant_has_a_line_also_without_drift() -> None:
    assert [line for line in lines(["east", "west"], []) if not line.startswith(" ")] == [
        "east: no drift",
        "west: no drift",
    ]


def test_objects_are_below_their_tenant_and_shared_ones_at_the_end() -> None:
    assert lines(["east", "west"], [SHARED, CHANGED, DELETED]) == [
        "east: 1 changed, 1 missing",
        "  Deployment ixn/ixn-node-100: .spec.replicas: 2 -> 4 by kubectl (scale) at noon",
        "  NetworkPolicy ixn/ixn-node-100: deleted",
        "west: no drift",
        "(shared): 1 missing",
        "  Secret ixn/kafka-shared-secret: deleted",
    ]
