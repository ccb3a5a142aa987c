"""The stack files, and changes to what is in them."""

import copy
import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pulumi_ixn import stack
from pulumi_ixn.config import ConfigurationError, load

CHECKOUT = Path(__file__).parents[3]
STACKS = ("dev", "staging", "prod")

REMOVED = object()
"""As a value: remove the key."""


def program() -> None:
    """Do what `__main__.py` does."""
    stack.deploy(stack.stack_settings())


def stack_file(name: str) -> dict[str, Any]:
    """Return the whole file of a stack, as a copy to change."""
    return copy.deepcopy(_parsed(name))


@functools.cache
def _parsed(name: str) -> dict[str, Any]:
    return yaml.safe_load((CHECKOUT / f"Pulumi.{name}.yaml").read_text(encoding="utf-8"))


def stack_config(name: str) -> dict[str, Any]:
    """Return the values of the `ixn:` keys, by key without the prefix."""
    return {key.removeprefix("ixn:"): value for key, value in stack_file(name)["config"].items()}


def key_path(path: str) -> tuple[str | int, ...]:
    """Return the parts of a path whose keys need no quotes: `tenants.dev.aliases.0`."""
    return tuple(int(part) if part.isdigit() else part for part in path.split("."))


def change(config: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return `config` with each path set to its value; create missing mappings."""
    changed = copy.deepcopy(dict(config))
    for path, value in changes.items():
        *parents, last = key_path(path)
        target: Any = changed
        for part in parents:
            if isinstance(target, dict) and part not in target:
                target[part] = {}
            target = target[part]
        if value is REMOVED:
            del target[last]
        else:
            target[last] = copy.deepcopy(value)
    return changed


def issues(changes: dict[str, Any]) -> dict[str, str]:
    """Return the reasons by path for which the dev stack, changed and on a cluster, is invalid."""
    try:
        load(change(stack_config("dev"), {"target": {"context": "here"}, **changes}))
    except ConfigurationError as error:
        return {issue.path: issue.reason for issue in error.issues}
    return {}
