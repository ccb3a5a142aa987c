"""Values as the engine passes them, before validation."""

from collections.abc import Mapping
from typing import TypeAlias

Values: TypeAlias = Mapping[str, object]
"""A mapping of YAML."""

MutableValues: TypeAlias = dict[str, object]
"""A mapping of YAML that is being built."""
