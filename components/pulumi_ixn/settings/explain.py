"""pydantic's errors, told as mistakes: the config path, the value, what is expected, the nearest known key."""

import difflib
from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pulumi_ixn.settings.mistakes import Location, Mistake, config_path

_NOT_SHOWN = ("password", "secret", "token", "credential")


def location_of(error: ErrorDetails) -> Location:
    """Return where the error is; pydantic's marks of a union's branch and of a mapping's key are left out."""
    return tuple(part for part in error["loc"] if not (isinstance(part, str) and part.startswith(("<", "["))))


def errors_of(error: ValidationError) -> list[ErrorDetails]:
    """Return pydantic's errors, with the values that were refused."""
    return error.errors(include_url=False, include_context=False)


def explain(error: ErrorDetails, model: type[BaseModel], path: Location) -> Mistake:
    """Return the mistake that `error` is, found in a value of `model`, and told at `path`."""
    location = location_of(error)
    key, value, message = location[-1] if location else "", error["input"], error["msg"]
    shown = () if _hidden(path) or isinstance(value, dict | list) else (value,)
    match error["type"]:
        case "missing":
            return Mistake(config_path(path), f"is missing: {_description(model, location)}")
        case "extra_forbidden":
            return Mistake(config_path(path), f"is not a known key{_hint(str(key), model, location[:-1])}", *shown)
        case "refused":
            return Mistake(config_path(path), message, *shown)
        case "too_short":
            return Mistake(config_path(path), "is empty: it needs at least one entry")
        case "model_type" | "model_attributes_type" | "dict_type":
            return Mistake(config_path(path), "is not a mapping", *shown)
        case "list_type":
            return Mistake(config_path(path), "is not a list", *shown)
        case "literal_error":
            return Mistake(config_path(path), "is not true", *shown)
        case "string_type":
            return Mistake(config_path(path), "is not text", *shown)
        case _:
            return Mistake(config_path(path), f"is refused: {message}", *shown)


def _hidden(path: Location) -> bool:
    return bool(path) and (path[0] == "secrets" or any(word in str(path[-1]).lower() for word in _NOT_SHOWN))


def _hint(key: str, model: type[BaseModel], parent: Location) -> str:
    if any(word in key.lower() for word in _NOT_SHOWN):
        return "; secret values stand in ixn:secrets, and nowhere else"
    known = sorted({name for found in _models_at(model, parent) for name in _keys(found)})
    nearest = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    return f"; did you mean '{nearest[0]}'?" if nearest else f"; known here: {', '.join(known)}"


def _description(model: type[BaseModel], location: Location) -> str:
    for found in _models_at(model, location[:-1]):
        for name, field in found.model_fields.items():
            if location[-1] == (field.alias or name) and field.description:
                return field.description
    return "a value is needed"


def _keys(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield field.alias or name


def _models_at(annotation: object, location: Location) -> list[type[BaseModel]]:
    """Return the models that a value at `location` may be of, seen from a value of `annotation`."""
    if get_origin(annotation) in (Annotated, Union, UnionType):
        branches = get_args(annotation)
        return [found for branch in branches for found in _models_at(branch, location)]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not location:
            return [annotation]
        fields = annotation.model_fields.items()
        at = [field.annotation for name, field in fields if (field.alias or name) == location[0]]
        return [found for each in at for found in _models_at(each, location[1:])]
    if get_origin(annotation) in (list, dict) and location:
        return _models_at(get_args(annotation)[-1], location[1:])
    return []
