"""The library's rules of a record, applied to a model of the stack config."""

from collections.abc import Iterable, Iterator, Mapping

from pydantic.alias_generators import to_camel

from pulumi_ixn.config.kubernetes_objects import validation_error
from pulumi_ixn.paths import at, parts_of
from pulumi_ixn.rules import RECORDS
from pulumi_ixn.validation import Issue

_ANY_KEYS = ("renamed", "extra")
"""Mappings whose keys are the user's."""


def check_paths(record: object, renamed: Mapping[str, str]) -> None:
    """Raise an error with every violation of the library's rules for `record`, as `raise_at`."""
    raise_at(RECORDS[type(record)](record), renamed)


def raise_at(violations: Iterable[tuple[str, str]], renamed: Mapping[str, str]) -> None:
    """Raise an error with every violation, a path in the library and a message, at its path in the settings.

    `renamed` has the settings' path by a field's, where it is not the same in camel case.
    """
    issues = [Issue(_path(path, renamed), message) for path, message in violations]
    if issues:
        raise validation_error(issues)


def _path(path: str, renamed: Mapping[str, str]) -> str:
    for name, new in renamed.items():
        if path == name or path.startswith((f"{name}.", f"{name}[")):
            path = new + path.removeprefix(name)
            break
    shown = ""
    for part in _camel(parts_of(path)):
        shown = f"{shown}[{part}]" if isinstance(part, int) else at(shown, part)
    return shown


def _camel(parts: tuple[str | int, ...]) -> Iterator[str | int]:
    is_key = False
    for part in parts:
        yield part if is_key or isinstance(part, int) else to_camel(part)
        is_key = part in _ANY_KEYS
