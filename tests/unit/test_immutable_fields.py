"""The fields of IXN Server's StatefulSet for which the Kubernetes provider replaces it.

A replacement deletes the StatefulSet and its pods first. These values must not change: whoever changes one
adds the recipe to docs/upgrading.md, and to the CHANGELOG.
"""

import functools
from typing import Any

import pytest
from pulumi_ixn.testing import Deployment, deploy

from tests.unit.config.stacks import program, stack_file

FORCES_REPLACEMENT: dict[str, Any] = {
    "podManagementPolicy": "Parallel",
    "revisionHistoryLimit": 10,
    "selector": {
        "matchLabels": {"app.kubernetes.io/name": "ixn-server", "app.kubernetes.io/instance": "100"},
    },
    "serviceName": "ixn-server-100-headless",
    "volumeClaimTemplates": [
        {
            "metadata": {"name": "logs"},
            "spec": {
                "accessModes": ["ReadWriteOnce"],
                "resources": {"requests": {"storage": "1Gi"}},
                "storageClassName": "fast",
            },
        }
    ],
}
"""By name in the spec, with the values of the dev stack once its logs are on a claim."""


@pytest.fixture
def stateful_set(preview: bool) -> Any:
    return dev_stack_with_claims(preview).manifest("StatefulSet", "ixn-server-100")


@functools.cache
def dev_stack_with_claims(preview: bool) -> Deployment[None]:
    config = stack_file("dev")["config"]
    config["ixn:ixnService"]["ixnServer"]["logStorage"]["storageClassName"] = "fast"
    return deploy(program, stack="dev", config=config, preview=preview)


def test_replacement_fields_are_explicit_and_unchanged_since_the_last_release(
    stateful_set: Any,
) -> None:
    assert {field: stateful_set["spec"].get(field) for field in FORCES_REPLACEMENT} == FORCES_REPLACEMENT


def test_claims_of_a_stateful_set_are_retained(stateful_set: Any) -> None:
    assert stateful_set["spec"]["persistentVolumeClaimRetentionPolicy"] == {
        "whenDeleted": "Retain",
        "whenScaled": "Retain",
    }
