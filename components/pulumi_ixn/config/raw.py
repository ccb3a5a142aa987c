"""Types for config values before validation."""

from collections.abc import Mapping
from typing import TypeAlias

Values: TypeAlias = Mapping[str, object]
"""A YAML mapping."""

MutableValues: TypeAlias = dict[str, object]
"""A YAML mapping under construction."""
