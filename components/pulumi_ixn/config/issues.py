"""Configuration errors and their messages."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import TypeAlias

from pulumi_ixn.paths import at
from pulumi_ixn.validation import InvalidInputs, Issue, shortened

KeyPath: TypeAlias = tuple[str | int, ...]

SECRETS = "secrets"
"""The top-level key of all secret values."""

_NOTHING = object()

_SECRET_WORDS = ("pass", "pwd", "secret", "token", "credential")
_AUTH_WORDS = re.compile(r"(?i)auth(?!oriz)|sasl|jaas|private|apikey")
"""Parts of keys whose values are likely to be secret."""

_ASSIGNMENT = re.compile(rf"(?i)({'|'.join(_SECRET_WORDS)})\w*\s*[=:]")
"""An assignment within a string, such as a connection string: 'Password=...'."""

_SECRET_NAME_KEYS = ("existing", "external", "pullSecrets")
"""Keys whose values are names of Secrets and of values in a store, which are not secret."""


@dataclass(frozen=True)
class ConfigIssue:
    """One violation: the path of the value, the message, and the value."""

    key_path: KeyPath
    message: str
    value: object = _NOTHING

    @property
    def path(self) -> str:
        """The path, in the syntax of `pulumi config set --path`."""
        return config_path(self.key_path)

    @property
    def reason(self) -> str:
        """The value, in YAML notation, and the message."""
        return self.message if self.value is _NOTHING else f"{_shown(self.value)} {self.message}"

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class ConfigurationError(InvalidInputs):
    """The configuration is invalid; `issues` are all violations, in the order of their paths."""

    def __init__(self, issues: Sequence[ConfigIssue]) -> None:
        found = sorted(dict.fromkeys(issues), key=lambda issue: issue.path)
        title = f"the configuration has {len(found)} error{'s' if len(found) > 1 else ''}:"
        super().__init__((Issue(each.path, each.reason) for each in found), title)


def config_path(key_path: KeyPath) -> str:
    """Return the path in the syntax of `pulumi config set --path`: `ixn:tenants.east.sid`, `ixn:a["b.c"][0]`."""
    path = f"ixn:{key_path[0]}" if key_path else "ixn"
    for part in key_path[1:]:
        path = f"{path}[{part}]" if isinstance(part, int) else at(path, part)
    # Escape unprintable characters and line breaks: a message is one line.
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in path)


def redacted(issue: ConfigIssue, secret_keys: AbstractSet[str]) -> ConfigIssue:
    """Return `issue` without its value if the value is a mapping or a list, or may be secret."""
    value = issue.value
    plain = value is None or isinstance(value, str | int | float)
    if not plain or _may_be_secret(issue.key_path, secret_keys):
        return replace(issue, value=_NOTHING)
    if isinstance(value, str) and _ASSIGNMENT.search(value):
        return replace(issue, value=_NOTHING)
    # Remove credentials from an address such as 'user:password@host'.
    return replace(issue, value=re.sub(r"(?s).*@", "...@", value)) if isinstance(value, str) else issue


def looks_sensitive(key: str) -> bool:
    """Return whether the value of `key` is likely to be secret."""
    return any(word in key.lower() for word in _SECRET_WORDS)


def _may_be_secret(key_path: KeyPath, secret_keys: AbstractSet[str]) -> bool:
    if key_path and key_path[0] in {SECRETS, *secret_keys}:
        return True
    parents, last = key_path[:-1], key_path[-1:]
    if any(part in _SECRET_NAME_KEYS for part in parents):
        return any(looks_sensitive(str(part)) for part in last)
    # Tenant keys are arbitrary: they do not make the values below them secret.
    parts = key_path[2:] if key_path[:1] == ("tenants",) and parents[1:] else key_path
    return any(looks_sensitive(str(part)) or _AUTH_WORDS.search(str(part)) for part in parts)


def _shown(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    return shortened(repr(value) if isinstance(value, str) else str(value))
