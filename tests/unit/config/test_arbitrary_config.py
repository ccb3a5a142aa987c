"""Any stack config gives settings or a ConfigurationError, never another error."""

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pulumi_ixn.config import ConfigurationError, load
from pulumi_ixn.config.stack import StackFile
from pulumi_ixn.validation import Issue

from tests.unit.config.stacks import STACKS, stack_config

CONFIGS = {stack: stack_config(stack) for stack in STACKS}


def known_keys() -> list[str]:
    schema = StackFile.model_json_schema()
    keys = {key for model in (schema, *schema["$defs"].values()) for key in model.get("properties", {})}
    return sorted(keys | {"dev", "east", "ports", "confServer", "db", "secrets", "<present>", "[key]"})


def locations_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths of all values in `value`."""
    inner: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [
        *([path] if path else []),
        *(found for key, each in inner for found in locations_in(each, (*path, key))),
    ]


LOCATIONS = [(stack, path) for stack, config in CONFIGS.items() for path in locations_in(config)]
KEYS = st.one_of(st.sampled_from(known_keys()), st.text(max_size=8), st.integers(), st.none(), st.booleans())
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-1, 65537),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["localhost", "127.0.0.1:1", "10.0.0.0/33", "1e99", "::1%lo", "[::1]:80", "1Gi", "\ud800"]),
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=6,
)


@given(st.sampled_from(LOCATIONS), ANYTHING, st.booleans())
def test_replacing_any_value_gives_settings_or_a_configuration_error(
    location: tuple[str, tuple[Any, ...]], value: object, encrypted: bool
) -> None:
    stack, path = location
    config = copy.deepcopy(CONFIGS[stack])
    target: Any = config
    for part in path[:-1]:
        target = target[part]
    target[path[-1]] = value

    loads_or_tells(config, {str(path[0])} if encrypted else set())


@given(st.dictionaries(KEYS, ANYTHING, max_size=6))
def test_any_configuration_gives_settings_or_a_configuration_error(config: dict[Any, Any]) -> None:
    loads_or_tells(config, set())


@given(st.dictionaries(st.sampled_from(["ixnService", "ixnVQNode", "peers", "sid", "aliases"]), ANYTHING))
def test_any_tenant_override_gives_settings_or_a_configuration_error(own: dict[str, Any]) -> None:
    config = copy.deepcopy(CONFIGS["dev"])
    config["tenants"]["dev"] |= own

    loads_or_tells(config, set())


def loads_or_tells(config: dict[Any, Any], secret_keys: set[str]) -> None:
    issues, message = reported(config, secret_keys)

    assert all(issue.path.startswith("ixn") and issue.message for issue in issues)
    assert not issues or f"{len(issues)} error" in message


def reported(config: dict[Any, Any], secret_keys: set[str]) -> tuple[tuple[Issue, ...], str]:
    try:
        assert load(config, secret_keys).tenants
    except ConfigurationError as error:
        return error.issues, str(error)
    return (), ""
