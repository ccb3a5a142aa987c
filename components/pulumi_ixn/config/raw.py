"""Types for config values before validation."""

from collections.abc import Mapping
from typing import Any, TypeAlias

Values: TypeAlias = Mapping[str, Any]
"""A YAML mapping."""

MutableValues: TypeAlias = dict[str, Any]
"""A YAML mapping under construction."""
