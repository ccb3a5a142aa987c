"""Convert pydantic's errors to issues: config path, value, expectation, nearest known key."""

from collections.abc import Callable
from types import UnionType
from typing import Annotated, Union, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from pulumi_ixn.config.issues import SECRETS, ConfigIssue, KeyPath, looks_sensitive
from pulumi_ixn.config.kubernetes_objects import NO_INPUT
from pulumi_ixn.config.peers import BRANCHES
from pulumi_ixn.config.stack import StackFile
from pulumi_ixn.paths import nearest

_KEY_MARKER = "[key]"
"""pydantic's marker for an error in the key of a mapping, not in its value."""

_UNKNOWN_KEYS = ("extra_forbidden", "invalid_key")
_NOT_A_MAPPING = ("model_type", "model_attributes_type", "dict_type")


def key_path_of(error: ErrorDetails) -> KeyPath:
    """Return the path of the error, without pydantic's markers for union branches and mapping keys."""
    *parents, last = error["loc"] or ("",)
    parts = [part for part in parents if part not in BRANCHES]
    # An unknown key may itself look like a marker.
    is_marker = error["type"] not in _UNKNOWN_KEYS and last in (*BRANCHES, _KEY_MARKER)
    return tuple(parts) if is_marker or not error["loc"] else (*parts, last)


def issues_from(error: ValidationError, path_of: Callable[[ErrorDetails], KeyPath | None]) -> list[ConfigIssue]:
    """Return the issues that pydantic found, at the paths that `path_of` returns; skip those with path None.

    A misspelled key is reported once: as unknown, but not also as missing.
    """
    errors = error.errors(include_url=False, include_context=False)
    located = [(each, path) for each in errors if (path := path_of(each)) is not None]
    misspelled = {
        (*key_path_of(each)[:-1], nearest_key(str(path[-1]), path[:-1]))
        for each, path in located
        if each["type"] in _UNKNOWN_KEYS
    }
    return [
        explain(each, path)
        for each, path in located
        if each["type"] != "missing" or key_path_of(each) not in misspelled
    ]


def explain(error: ErrorDetails, path: KeyPath) -> ConfigIssue:
    """Return the issue of `error` at `path`."""
    kind, value = error["type"], cast("object", error["input"])
    if kind == "missing":
        return ConfigIssue(path, f"is missing: {_description(path)}")
    if kind in _UNKNOWN_KEYS:
        return ConfigIssue(path[:-1], f"unknown key {path[-1]!r}{_hint(str(path[-1]), path[:-1])}")
    if kind in _NOT_A_MAPPING:
        keys = known_keys(path)
        return ConfigIssue(path, f"is not a mapping of {', '.join(keys)}" if keys else "is not a mapping", value)
    if kind == NO_INPUT:
        return ConfigIssue(path, error["msg"])
    return ConfigIssue(path, _message(kind, error["msg"]), value)


def known_keys(path: KeyPath) -> list[str]:
    """Return the known keys of the mapping at `path`, sorted."""
    return sorted({key for model in _models_at(StackFile, path) for key in fields_of(model)})


def nearest_key(key: str, parent: KeyPath, cutoff: float = 0.5) -> str | None:
    """Return the known key of the mapping at `parent` that is closest to `key`; None if none is similar.

    `cutoff` is the required similarity: 1 is equality.
    """
    return nearest(key, known_keys(parent), cutoff)


def fields_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a model by their keys in the stack config."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _message(kind: str, message: str) -> str:
    match kind:
        case "invalid":
            return message
        case "too_short":
            return "must have at least one entry"
        case "list_type":
            return "is not a list"
        case "string_type":
            return "is not a string"
        case _:
            return f"is invalid: {message}"


def _hint(key: str, parent: KeyPath) -> str:
    # 'pullSecret' is a typo; 'password', although close to 'passwordKey', is not.
    is_typo = nearest_key(key, parent, cutoff=0.9) is not None
    if looks_sensitive(key) and not is_typo and parent[:1] != (SECRETS,):
        return "; secret values belong in ixn:secrets"
    known = known_keys(parent)
    if key in known:
        return ": cannot be combined with 'absent'"
    near = nearest_key(key, parent)
    return f"; did you mean '{near}'?" if near else f"; known keys: {', '.join(known)}"


def _description(path: KeyPath) -> str:
    for model in _models_at(StackFile, path[:-1]):
        field = fields_of(model).get(str(path[-1]))
        if field is not None and field.description:
            return field.description
    return "a value is needed"


def _models_at(annotation: object, key_path: KeyPath) -> list[type[BaseModel]]:
    """Return the possible models of the value at `key_path` within a value of type `annotation`."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _models_at(arguments[0], key_path)
    if origin in (Union, UnionType):
        return [found for branch in arguments for found in _models_at(branch, key_path)]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not key_path:
            return [annotation]
        field = fields_of(annotation).get(str(key_path[0]))
        return _models_at(field.annotation, key_path[1:]) if field else []
    if origin in (list, dict) and key_path:
        return _models_at(arguments[-1], key_path[1:])
    return []
