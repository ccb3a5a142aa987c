"""Validation of arguments: every violation at once, with the path of its property."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

import pulumi

from pulumi_ixn.inputs import as_output, is_plain
from pulumi_ixn.paths import at, nearest

T = TypeVar("T")

if TYPE_CHECKING:
    from _typeshed import DataclassInstance as Record

NO_VALUE = object()
"""In an issue: there is no value, or it is not shown."""

_MAX_LENGTH = 60
"""The most characters of a value that a message shows."""


@dataclass(frozen=True)
class Issue:
    """One violation: the property path, the message, and the value unless it is secret."""

    path: str
    message: str
    value: object = NO_VALUE

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}" if self.path else self.reason

    @property
    def reason(self) -> str:
        """The value and the message."""
        return self.message if self.value is NO_VALUE else f"{_shown(self.value)} {self.message}"


class InvalidInputs(pulumi.RunError, pulumi.InputPropertiesError):
    """Invalid arguments or stack config. `issues` are all violations. The engine prints it without a traceback.

    It is not a ValueError: the SDK wraps a ValueError raised in an Output, and the engine prints its traceback.
    """

    def __init__(self, issues: Iterable[Issue], title: str = "invalid arguments:") -> None:
        # By their texts: values need not be hashable.
        self.issues: tuple[Issue, ...] = tuple({str(each): each for each in issues}.values())
        text = "\n".join([title, *(f"  {issue}" for issue in self.issues)])
        super().__init__(text, [{"property_path": each.path, "reason": each.reason} for each in self.issues])


@dataclass(frozen=True)
class Each:
    """The rule of a list: the rule of its items, and the message if it must not be empty."""

    item: "FieldRule | None" = None
    non_empty: str | None = None


@dataclass(frozen=True)
class Entries:
    """The rule of a mapping: the rules of its keys and values, and the message if it must not be empty."""

    key: "FieldRule"
    value: "FieldRule | None" = None
    non_empty: str | None = None


@dataclass(frozen=True)
class Plain:
    """The rule of a value that must not be an Output, since it determines names or which resources exist."""

    rule: "FieldRule"


@dataclass(frozen=True)
class Known:
    """A known key: its name in the parsed mapping, the rule of its value, and why it may not be set, if so."""

    name: str
    rule: "FieldRule | None" = None
    required: bool = False
    refused: str | None = None


@dataclass(frozen=True)
class Keys:
    """The rule of a mapping with known keys, which are those of `known()`. A value of None is left out.

    If all values are valid, `check` yields a path in the parsed mapping (empty for the mapping as a whole) and a
    message for each violation; `shown` turns such a path into one of the given keys.
    """

    known: Callable[[], Mapping[str, Known]]
    check: "RecordRule | None" = None
    shown: Callable[[str], str] = str


FieldRule: TypeAlias = Callable[[object], object] | Each | Entries | Keys | Plain
"""A function that parses a value or raises ValueError, or the rule of a list, a mapping or a plain value."""

Rules: TypeAlias = Mapping[type, Mapping[str, FieldRule]]
"""The rules of the fields of each record."""

RecordRule: TypeAlias = Callable[[Any], Iterable[tuple[str, str]]]
"""A function that yields a field name, or "" for the record as a whole, and a message for each violation."""


@dataclass(frozen=True)
class Validator:
    """Validate records by the rules of their fields, and by those of the record as a whole.

    The rule of a record runs only if all of its fields are valid.
    """

    rules: Rules
    records: Mapping[type, RecordRule]

    def __call__(self, record: T, path: str = "") -> T:
        """Return `record` with parsed values. Raises InvalidInputs; for Outputs, once they resolve."""
        issues: list[Issue] = []
        parsed = self.collect(record, path, issues)
        raise_for(issues)
        return parsed

    def collect(self, record: T, path: str, issues: list[Issue]) -> T:
        """Return `record` with parsed values, and append its violations to `issues`."""
        return cast("T", self.field(record, path, None, issues))

    def field(self, value: object, path: str, rule: FieldRule | None, issues: list[Issue]) -> object:
        """Return `value` parsed by `rule`, or by the rules of its type, and append its violations to `issues`."""
        if isinstance(rule, Plain):
            if not is_plain(value):
                issues.append(Issue(path, "must be a plain value, not an Output"))
                return value
            rule = rule.rule
        if not is_plain(value):
            return self._output(value, path, rule)
        match rule:
            case Each():
                return self._list(value, path, rule, issues)
            case Entries():
                return self._mapping(value, path, rule, issues)
            case Keys():
                return self._known_keys(value, path, rule, issues)
            case None:
                return self._by_type(value, path, issues)
            case Plain():
                return self.field(value, path, rule, issues)
            case _:
                return _parsed(rule, value, path, issues)

    def _by_type(self, value: object, path: str, issues: list[Issue]) -> object:
        if is_dataclass(value) and not isinstance(value, type):
            return self._record(value, path, issues)
        if isinstance(value, list | tuple):
            return self._list(cast("Sequence[object]", value), path, Each(), issues)
        return value

    def _output(self, value: object, path: str, rule: FieldRule | None) -> pulumi.Output[object]:
        output = as_output(value)

        def parse(known: object) -> pulumi.Input[object]:
            issues: list[Issue] = []
            parsed = self.field(known, path, rule, issues)
            # Omit a secret value from the message: the engine logs it in plain text.
            return as_output(output.is_secret()).apply(partial(_fail, issues)) if issues else parsed

        return output.apply(parse)

    def _list(self, value: object, path: str, rule: Each, issues: list[Issue]) -> object:
        if not isinstance(value, Sequence) or isinstance(value, str):
            issues.append(Issue(path, "is not a list", value))
            return value
        items = cast("Sequence[object]", value)
        if rule.non_empty and not items:
            issues.append(Issue(path, rule.non_empty))
        parsed = [self.field(item, f"{path}[{index}]", rule.item, issues) for index, item in enumerate(items)]
        if all(new is old for new, old in zip(parsed, items, strict=True)):
            return items
        return tuple(parsed) if isinstance(items, tuple) else parsed

    def _mapping(self, value: object, path: str, rule: Entries, issues: list[Issue]) -> object:
        if not isinstance(value, Mapping):
            issues.append(Issue(path, "is not a mapping", value))
            return value
        entries = cast("Mapping[object, object]", value)
        if rule.non_empty and not entries:
            issues.append(Issue(path, rule.non_empty))
        for key in entries:
            self.field(key, at(path, key), rule.key, issues)
        return {key: self.field(each, at(path, key), rule.value, issues) for key, each in entries.items()}

    def _known_keys(self, value: object, path: str, rule: Keys, issues: list[Issue]) -> object:
        if not isinstance(value, Mapping):
            issues.append(Issue(path, "is not a mapping", value))
            return value
        known, before = rule.known(), len(issues)
        given = {k: each for k, each in cast("Mapping[object, object]", value).items() if each is not None}
        unknown = {key: nearest(str(key), known) for key in given if key not in known}
        for key, name in unknown.items():
            hint = f"did you mean {name!r}?" if name else f"known keys: {_listed(known)}"
            issues.append(Issue(path, f"unknown key {key!r}; {hint}"))
        parsed: dict[str, object] = {}
        for key, each in known.items():
            if key in given and each.refused:
                issues.append(Issue(at(path, key), each.refused))
            elif key in given:
                parsed[each.name] = self.field(given[key], at(path, key), each.rule, issues)
            elif each.required and key not in unknown.values():
                issues.append(Issue(at(path, key), "is missing"))
        if len(issues) == before and rule.check:
            issues += (
                Issue(".".join(filter(None, (path, rule.shown(name)))), message)
                for name, message in rule.check(parsed)
            )
        return parsed

    def _record(self, record: object, path: str, issues: list[Issue]) -> object:
        rules = self._rules(type(record))
        if rules is None:
            return record
        before, changes = len(issues), dict[str, object]()
        for field in fields(cast("type", record)):
            value = cast("object", getattr(record, field.name))
            rule = None if value is None and _is_optional(field.type) else rules.get(field.name)
            parsed = self.field(value, at(path, field.name), rule, issues)
            if parsed is not value:
                changes[field.name] = parsed
        valid = replace(cast("Record", record), **changes) if changes else record
        if len(issues) == before and (check := self._check(type(record))):
            issues += (Issue(".".join(filter(None, (path, name))), message) for name, message in check(valid))
        return valid

    def _rules(self, kind: type) -> Mapping[str, FieldRule] | None:
        found = [self.rules[each] for each in reversed(kind.__mro__) if each in self.rules]
        return {name: rule for rules in found for name, rule in rules.items()} if found else None

    def _check(self, kind: type) -> RecordRule | None:
        return next((self.records[each] for each in kind.__mro__ if each in self.records), None)


def checked(
    value: pulumi.Input[T], path: str, rule: Callable[[object], T], issues: list[Issue]
) -> pulumi.Input[T]:
    """Return the parsed value and append its violation to `issues`; for an Output, raise it once it resolves."""
    return cast("pulumi.Input[T]", Validator({}, {}).field(value, path, rule, issues))


def invalid(path: str, message: str) -> InvalidInputs:
    """Return an error with one violation."""
    return InvalidInputs([Issue(path, message)])


def raise_for(issues: Sequence[Issue]) -> None:
    """Raise InvalidInputs if there are issues."""
    if issues:
        raise InvalidInputs(issues)


def _listed(known: Mapping[str, Known]) -> str:
    return ", ".join(sorted(key for key, each in known.items() if not each.refused))


def _is_optional(annotation: object) -> bool:
    return "None" in str(annotation)


def _parsed(rule: Callable[[object], object], value: object, path: str, issues: list[Issue]) -> object:
    try:
        return rule(value)
    except ValueError as error:
        shown = NO_VALUE if path.endswith("password") else value
        issues.append(Issue(path, str(error), shown))
        return value


def _fail(issues: Sequence[Issue], secret: bool) -> object:  # noqa: FBT001 (Output.apply passes it)
    raise InvalidInputs([Issue(each.path, each.message) for each in issues] if secret else issues)


def _shown(value: object) -> str:
    if value is None:
        return "None"
    return shortened(repr(value))


def shortened(text: str) -> str:
    """Return the text of a value as messages show it: at most 60 characters."""
    return text if len(text) <= _MAX_LENGTH else f"{text[: _MAX_LENGTH - 3]}..."
