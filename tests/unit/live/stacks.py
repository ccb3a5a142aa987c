"""The objects of a stack as its cluster has them, and its settings."""

import copy
import json
from collections.abc import Mapping, Sequence
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
    return objects("StatefulSet", {f"tenants.west.{name}": value for name, value in values.items()})


def objects(kind: str, changes: Mapping[str, Any]) -> list[Any]:
    """Return the objects of a kind after an update of the stack prod with changes, as in `settings`."""
    text = json.dumps({path: None if value is REMOVED else value for path, value in changes.items()})
    return [copy.deepcopy(each) for each in _made(text) if each["kind"] == kind]


@cache
def _made(changes: str) -> Sequence[Any]:
    values = {path: REMOVED if value is None else value for path, value in json.loads(changes).items()}
    config = {f"ixn:{key}": value for key, value in change(stack_config("prod"), values).items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KUBECONFIG", json.dumps({"contexts": [{"name": "ixn-prod"}]}))
        return deploy(program, project="ixn", stack="prod", config=config).manifests
