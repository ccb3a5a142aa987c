"""What is wrong with a configuration, and how it is told."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import TypeAlias

Location: TypeAlias = tuple[str | int, ...]

SECRETS = "secrets"
"""The top-level key of all secret values."""

_PLAIN_KEY = re.compile(r"[A-Za-z_][\w-]*")
_LONGEST_VALUE = 60
_NOTHING = object()

_SECRET_WORDS = ("pass", "pwd", "secret", "token", "credential")
_OF_LOGINS = re.compile(r"(?i)auth(?!oriz)|sasl|jaas|private|apikey")
"""What else is likely to stand above a secret."""

_ASSIGNMENT = re.compile(rf"(?i)({'|'.join(_SECRET_WORDS)})\w*\s*[=:]")
"""Within a text, such as a connection string: 'Password=...'."""

_NAMES_OF_SECRETS = ("existing", "pullSecrets")
"""Below these keys stand the names of Secrets, which are none themselves."""


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong: where, what would be right, and what stands there."""

    location: Location
    wanted: str
    value: object = _NOTHING

    @property
    def path(self) -> str:
        """Where it is, as `pulumi config set --path` takes it."""
        return config_path(self.location)

    def __str__(self) -> str:
        found = "" if self.value is _NOTHING else f"{_shown(self.value)} "
        return f"{self.path}: {found}{self.wanted}"


class ConfigurationError(Exception):
    """The configuration has mistakes; `mistakes` are all of them, in the order of their paths."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        found = sorted(dict.fromkeys(mistakes), key=lambda mistake: mistake.path)
        self.mistakes: tuple[Mistake, ...] = tuple(found)
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
        elif _PLAIN_KEY.fullmatch(part):
            path += f".{part}"
        else:
            escaped = part.replace("\\", "\\\\").replace('"', '\\"')
            path += f'["{escaped}"]'
    # What would not be seen, or break the line, is escaped: a message is one line.
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in path)


def without_secrets(mistake: Mistake, secret_keys: Set[str]) -> Mistake:
    """Return `mistake` without its value where that is no plain one, or might be a secret."""
    value = mistake.value
    plain = value is None or isinstance(value, str | int | float)
    if not plain or _may_be_secret(mistake.location, secret_keys):
        return replace(mistake, value=_NOTHING)
    if isinstance(value, str) and _ASSIGNMENT.search(value):
        return replace(mistake, value=_NOTHING)
    # Of an address with a login, such as 'user:password@host', only what follows it.
    return replace(mistake, value=re.sub(r"(?s).*@", "...@", value)) if isinstance(value, str) else mistake


def sounds_secret(key: str) -> bool:
    """Say whether what stands under `key` is likely to be a secret."""
    return any(word in key.lower() for word in _SECRET_WORDS)


def _may_be_secret(location: Location, secret_keys: Set[str]) -> bool:
    if location and location[0] in {SECRETS, *secret_keys}:
        return True
    parents, last = location[:-1], location[-1:]
    if any(part in _NAMES_OF_SECRETS for part in parents):
        return any(sounds_secret(str(part)) for part in last)
    # A tenant may be called as it likes: what stands below it is none the more secret.
    parts = location[2:] if location[:1] == ("tenants",) and parents[1:] else location
    return any(sounds_secret(str(part)) or _OF_LOGINS.search(str(part)) for part in parts)


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 3]}..."
