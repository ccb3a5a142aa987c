"""Rules of mappings whose keys are those of a TypedDict of pulumi_kubernetes."""

import re
import sys
import typing
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from types import NoneType
from typing import Any, TypeAlias, cast, is_typeddict

import pulumi

from pulumi_ixn.validation import Each, Entries, FieldRule, Keys, Known, Plain, RecordRule
from pulumi_ixn.values import boolean, int_or_text, number, text, whole_number

Name: TypeAlias = tuple[str, str]
"""A Kubernetes type and a field of it in snake case, as in ("Toleration", "toleration_seconds")."""

_SCALARS: Mapping[frozenset[type], FieldRule] = {
    frozenset({str}): text,
    frozenset({int}): whole_number,
    frozenset({bool}): boolean,
    frozenset({float}): number,
    frozenset({int, str}): int_or_text,
}
_INPUT = {"Output": pulumi.Output, "T": object}
"""What `pulumi.Input` names as a string: `Output[T]`."""


@dataclass(frozen=True, eq=False)
class Rules:
    """What the types do not say, by type and field.

    `formats` replace the rule of a field's type. `plain` must not be Outputs, nor their items. `refused` may
    not be set, for the reason given. `checks` are by type: they compare the fields of one mapping.
    """

    formats: Mapping[Name, FieldRule]
    plain: frozenset[Name]
    refused: Mapping[Name, str]
    checks: Mapping[str, RecordRule] = field(default_factory=dict[str, RecordRule])


@dataclass(frozen=True)
class Fragments:
    """Rules of fragments whose keys are in camel case, as in Kubernetes, or in snake case."""

    rules: Rules
    camel: bool

    def of(self, kind: Any, refused: Mapping[str, str] | None = None, *, part: bool = False) -> Keys:
        """Return the rule of an object of `kind`; of a `part` of one, no key is required."""
        known = partial(self._known, kind, tuple((refused or {}).items()), part=part)
        check = self.rules.checks.get(name_of(kind))
        return Keys(known, check, kubernetes_path) if self.camel else Keys(known, check)

    @cache  # noqa: B019 (there are two, for the whole run)
    def _known(self, kind: Any, refused: tuple[tuple[str, str], ...], *, part: bool) -> Mapping[str, Known]:
        required: frozenset[str] = frozenset() if part else kind.__required_keys__
        reasons = dict(refused)
        found: dict[str, Known] = {}
        for name, annotation in typing.get_type_hints(kind, localns=_INPUT).items():
            where = (name_of(kind), name)
            found[kubernetes_name(kind, name) if self.camel else name] = Known(
                name,
                self._rule(annotation, where),
                name in required,
                reasons.get(name) or self.rules.refused.get(where),
            )
        return found

    def _rule(self, annotation: Any, where: Name) -> FieldRule | None:
        rule = self.rules.formats.get(where) or self._of_type(annotation, where)
        return Plain(rule) if where in self.rules.plain and rule is not None else rule

    def _of_type(self, annotation: Any, where: Name) -> FieldRule | None:
        kinds = [each for each in _branches(annotation) if each is not NoneType and not _is_later(each)]
        if (scalar := _SCALARS.get(frozenset(kinds))) is not None:
            return scalar
        kind = kinds[0]
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        if origin is Sequence:
            item = self._of_type(arguments[0], where)
            return Each(Plain(item) if where in self.rules.plain and item is not None else item)
        if origin is Mapping:
            return Entries(text, self._of_type(arguments[1], where))
        return self.of(kind) if is_typeddict(kind) else None


@cache
def kubernetes_name(kind: Any, name: str) -> str:
    """Return the name that a field has in Kubernetes, such as `hostIPC` of `host_ipc`."""
    args = getattr(sys.modules[kind.__module__], kind.__name__.removesuffix("Dict"))
    getter = cast("property", vars(args)[name])
    return getattr(cast("object", getter.fget), "_pulumi_name")  # noqa: B009 (`pulumi.getter` sets it)


def kubernetes_path(path: str) -> str:
    """Return a path in Kubernetes' camel case, such as `volumeMounts[0].name` of `volume_mounts[0].name`."""
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), path)


def name_of(kind: Any) -> str:
    """Return the Kubernetes name of a TypedDict of pulumi_kubernetes, such as `PodSpec`."""
    return kind.__name__.removesuffix("ArgsDict").removesuffix("Patch")


def _branches(annotation: Any) -> tuple[Any, ...]:
    return typing.get_args(annotation) if typing.get_origin(annotation) is typing.Union else (annotation,)


def _is_later(kind: Any) -> bool:
    return typing.get_origin(kind) in (pulumi.Output, Awaitable) or kind is pulumi.Output
