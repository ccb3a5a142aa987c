"""Values as the engine passes them, before validation."""

from collections.abc import Mapping
from typing import Any, TypeAlias

Values: TypeAlias = Mapping[str, Any]
"""A mapping of YAML."""

MutableValues: TypeAlias = dict[str, Any]
"""A mapping of YAML that is being built."""
