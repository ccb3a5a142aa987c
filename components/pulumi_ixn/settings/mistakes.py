"""What is wrong with a configuration, and how it is told."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

Location: TypeAlias = tuple[str | int, ...]

_PLAIN_KEY = re.compile(r"[A-Za-z_][\w-]*")
_LONGEST_VALUE = 60
_NOTHING = object()


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong: where (a config path), what stands there, and what would be right."""

    path: str
    wanted: str
    value: object = _NOTHING

    def __str__(self) -> str:
        found = "" if self.value is _NOTHING else f"{_shown(self.value)} "
        return f"{self.path}: {found}{self.wanted}"


class ConfigurationError(Exception):
    """The configuration has mistakes; `mistakes` are all of them, in the order of their paths."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(sorted(dict.fromkeys(mistakes), key=lambda mistake: mistake.path))
        super().__init__(str(self))

    def __str__(self) -> str:
        count = len(self.mistakes)
        title = f"the configuration has {count} mistake{'s' if count > 1 else ''}:"
        return "\n".join([title, *(f"  {mistake}" for mistake in self.mistakes)])


def config_path(location: Location) -> str:
    """Return the path as `pulumi config set --path` takes it: `ixn:tenants.east.sid`, `ixn:a["b.c"][0]`."""
    path = f"ixn:{location[0]}" if location else "ixn"
    for part in location[1:]:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{part}" if _PLAIN_KEY.fullmatch(part) else f'["{part}"]'
    return path


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    if value is None:
        text = "nothing"
    elif isinstance(value, bool):
        text = str(value).lower()
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 3]}..."
