"""The objects of a stack as its cluster has them, and its settings."""

import copy
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from pulumi_ixn.config import Settings, load
from pulumi_ixn.testing import deploy

from tests.unit.config.stacks import REMOVED, change, program, stack_config

STACK = "None/ixn/prod"
"""The stack's full name; mocks have no organization."""

NAMESPACE = "ixn-prod"


def settings(changes: Mapping[str, Any] | None = None) -> Settings:
    """Return the settings of the stack prod with changes, by path without the prefix `ixn:`."""
    return load(change(stack_config("prod"), changes or {}))


def stateful_sets(**values: Any) -> list[Any]:
    """Return the StatefulSets of the stack prod as after an update; `values` are those of the tenant west."""
    return copy.deepcopy(_made(tuple(values.items())))


def without_claims() -> list[Any]:
    """Return the StatefulSets of the stack prod if its logs were on emptyDirs."""
    return copy.deepcopy(_made((), claims=False))


@cache
def _made(values: tuple[tuple[str, Any], ...], *, claims: bool = True) -> list[Any]:
    changes = {f"tenants.west.{name}": value for name, value in values}
    changes |= {} if claims else {"ixnService.ixnServer.logStorage.storageClassName": REMOVED}
    config = {f"ixn:{key}": value for key, value in change(stack_config("prod"), changes).items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KUBECONFIG", json.dumps({"contexts": [{"name": "ixn-prod"}]}))
        made = deploy(program, project="ixn", stack="prod", config=config)
    return [each for each in made.manifests if each["kind"] == "StatefulSet"]
