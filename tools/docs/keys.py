"""The keys of the settings' models, with the columns of the reference page."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pulumi_ixn.config.explain import fields_of
from pulumi_ixn.config.kubernetes_objects import KubernetesObject
from pulumi_ixn.config.peer_models import OneOf
from pulumi_ixn.config.validators import Expect
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

_PLAIN: dict[Any, str] = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "true or false",
    SecretStr: "text, encrypted",
}


@dataclass(frozen=True)
class Key:
    """One key: its path, and a cell of the page for each of the rest."""

    path: str
    type: str
    unit: str
    default: str
    meaning: str


def keys_of(path: str, field: FieldInfo, *, one_of: bool = False) -> Iterator[Key]:
    """Yield the key at `path` and those below it; `one_of`: another key may be in its place."""
    found = _Value.of(field.annotation, field.metadata)
    yield Key(path, found.words, found.unit, "*one of*" if one_of else _default(field), field.description or "")
    below = path + found.below.replace("<name>", "<tenant>" if path.endswith("tenants") else "<name>")
    nested = (
        key
        for model in found.models
        for name, each in fields_of(model).items()
        for key in keys_of(f"{below}.{name}", each, one_of=_is_one_of(model, name, found.models))
    )
    yield from dict.fromkeys(nested)


def _is_one_of(model: type[BaseModel], name: str, kinds: Sequence[type[BaseModel]]) -> bool:
    """Return whether a model is a choice between keys, or requires a key that another kind of it does not have."""
    elsewhere = all(name in fields_of(each) for each in kinds)
    return issubclass(model, OneOf) or (fields_of(model)[name].is_required() and not elsewhere)


@dataclass(frozen=True)
class _Value:
    """The type of a field in words, its unit, and the models nested in it."""

    words: str
    unit: str = ""
    models: tuple[type[BaseModel], ...] = ()
    below: str = ""

    @staticmethod
    def of(annotation: Any, metadata: list[Any] | None = None) -> "_Value":
        said = next((each for each in metadata or () if isinstance(each, Expect | KubernetesObject)), None)
        if said is not None:
            inner = _Value("") if isinstance(said, KubernetesObject) else _Value.of(annotation)
            return replace(inner, words=said.expected, unit=getattr(said, "unit", "") or inner.unit)
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            return _Value.of(arguments[0], list(arguments[1:]))
        if origin in (Union, UnionType):
            # `X | None`, `Absent | X`, or `Absent | X | Y`
            known = [_Value.of(each) for each in arguments if each is not type(None)]
            kinds = known[1:] or known
            return replace(kinds[-1], models=tuple(model for each in kinds for model in each.models))
        if origin is list:
            inner = _Value.of(arguments[0])
            return _Value(f"list: {inner.words}", inner.unit, inner.models, f"[]{inner.below}")
        if origin is dict:
            inner = _Value.of(arguments[1])
            return _Value(f"mapping to: {inner.words}", inner.unit, inner.models, f".<name>{inner.below}")
        if origin is Literal:
            return _Value(str(arguments[0]).lower())
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return _Value("mapping", models=(annotation,))
        return _Value(_PLAIN[annotation])


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "*required*"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, BaseModel):
        value = value.model_dump(by_alias=True, exclude_unset=True)
    if isinstance(value, dict):
        return f"`{json.dumps(value)}`" if value else ""
    if value == []:
        return ""
    if value is None:
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"
