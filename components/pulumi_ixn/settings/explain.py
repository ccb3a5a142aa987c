"""pydantic's errors, told as mistakes: the config path, the value, what is expected, the nearest known key."""

import difflib
from collections.abc import Callable
from types import UnionType
from typing import Annotated, Union, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from pulumi_ixn.settings.mistakes import SECRETS, Location, Mistake, sounds_secret
from pulumi_ixn.settings.neighbours import BRANCHES
from pulumi_ixn.settings.stack import StackFile

_OF_A_KEY = "[key]"
"""pydantic's mark behind the key of a mapping: the key is wrong, not its value."""

_UNKNOWN_KEYS = ("extra_forbidden", "invalid_key")
_NO_MAPPING = ("model_type", "model_attributes_type", "dict_type")


def location_of(error: ErrorDetails) -> Location:
    """Return where the error is, without pydantic's marks of a union's branch and of a mapping's key."""
    *parents, last = error["loc"] or ("",)
    parts = [part for part in parents if part not in BRANCHES]
    # A key that is not known may itself look like a mark.
    is_mark = error["type"] not in _UNKNOWN_KEYS and last in (*BRANCHES, _OF_A_KEY)
    return tuple(parts) if is_mark or not error["loc"] else (*parts, last)


def mistakes_of(error: ValidationError, path_of: Callable[[ErrorDetails], Location | None]) -> list[Mistake]:
    """Return the mistakes that pydantic found, each told at its path; those whose path is None are left out.

    A key that is missing, and stands there misspelt, is one mistake.
    """
    errors = error.errors(include_url=False, include_context=False)
    told = [(each, path) for each in errors if (path := path_of(each)) is not None]
    misspelt = {
        (*location_of(each)[:-1], nearest_key(str(path[-1]), path[:-1]))
        for each, path in told
        if each["type"] in _UNKNOWN_KEYS
    }
    return [
        explain(each, path)
        for each, path in told
        if each["type"] != "missing" or location_of(each) not in misspelt
    ]


def explain(error: ErrorDetails, path: Location) -> Mistake:
    """Return the mistake that `error` is, told at `path`."""
    kind, value = error["type"], cast("object", error["input"])
    if kind == "missing":
        return Mistake(path, f"is missing: {_description(path)}")
    if kind in _UNKNOWN_KEYS:
        return Mistake(path, f"is not a known key{_hint(str(path[-1]), path[:-1])}", value)
    if kind in _NO_MAPPING:
        keys = known_keys(path)
        return Mistake(path, f"is not a mapping of {', '.join(keys)}" if keys else "is not a mapping", value)
    return Mistake(path, _words(kind, error["msg"]), value)


def known_keys(path: Location) -> list[str]:
    """Return the keys that may stand in the mapping at `path`, sorted."""
    return sorted({key for model in _models_at(StackFile, path) for key in fields_of(model)})


def nearest_key(key: str, parent: Location, cutoff: float = 0.5) -> str | None:
    """Return the key that may have been meant by `key` in the mapping at `parent`; None where none is near.

    `cutoff` is how alike the two have to be: 1 is the same.
    """
    by_lower_case = {name.lower(): name for name in known_keys(parent)}
    nearest = difflib.get_close_matches(key.lower(), by_lower_case, n=1, cutoff=cutoff)
    return by_lower_case[nearest[0]] if nearest else None


def fields_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a model by their keys in the stack config."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _words(kind: str, message: str) -> str:
    match kind:
        case "refused":
            return message
        case "too_short":
            return "is empty: it needs at least one entry"
        case "list_type":
            return "is not a list"
        case "string_type":
            return "is not text"
        case _:
            return f"is refused: {message}"


def _hint(key: str, parent: Location) -> str:
    # 'pullSecret' is a slip of the pen; 'password', near 'passwordKey', is not.
    slip = nearest_key(key, parent, cutoff=0.9) is not None
    if sounds_secret(key) and not slip and parent[:1] != (SECRETS,):
        return "; secret values stand in ixn:secrets, and nowhere else"
    known = known_keys(parent)
    if key in known:
        return " beside 'absent'"
    nearest = nearest_key(key, parent)
    return f"; did you mean '{nearest}'?" if nearest else f"; known here: {', '.join(known)}"


def _description(path: Location) -> str:
    for model in _models_at(StackFile, path[:-1]):
        field = fields_of(model).get(str(path[-1]))
        if field is not None and field.description:
            return field.description
    return "a value is needed"


def _models_at(annotation: object, location: Location) -> list[type[BaseModel]]:
    """Return the models that a value at `location` may be of, seen from a value of `annotation`."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _models_at(arguments[0], location)
    if origin in (Union, UnionType):
        return [found for branch in arguments for found in _models_at(branch, location)]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not location:
            return [annotation]
        field = fields_of(annotation).get(str(location[0]))
        return _models_at(field.annotation, location[1:]) if field else []
    if origin in (list, dict) and location:
        return _models_at(arguments[-1], location[1:])
    return []
