"""Parsers of the schedules of backups, and of the points in time to which one restores."""

import re
from collections.abc import Mapping
from datetime import datetime

from pulumi_ixn.parsing import Invalid, Parser, string

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")

_FIELDS: Mapping[str, tuple[int, int, tuple[str, ...]]] = {
    "second": (0, 59, ()),
    "minute": (0, 59, ()),
    "hour": (0, 23, ()),
    "day of month": (1, 31, ()),
    "month": (1, 12, _MONTHS),
    "day of week": (0, 6, _DAYS),
}
"""The fields of the operator's cron, in their order: the first and last value, and the names of the values."""

_FIVE = 5
_PART = re.compile(r"(?P<first>\*|\?|\w+)(?:-(?P<last>\w+))?(?:/(?P<step>[1-9][0-9]*))?")
_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"


def _schedule(value: object) -> str:
    fields = string(value).split()
    if len(fields) == _FIVE:
        raise Invalid(
            "has five fields: CloudNativePG's cron has six, and would take the minutes for seconds, the hours for "
            f"minutes; did you mean '0 {' '.join(fields)}'?"
        )
    if len(fields) != len(_FIELDS):
        raise ValueError(value)
    for name, text in zip(_FIELDS, fields, strict=True):
        if not all(_is_valid(part, *_FIELDS[name]) for part in text.split(",")):
            raise Invalid(f"is not a schedule: {text!r} is no {name}")
    return " ".join(fields)


def _is_valid(part: str, lowest: int, highest: int, names: tuple[str, ...]) -> bool:
    found = _PART.fullmatch(part)
    if found is None:
        return False
    if found["first"] in ("*", "?"):
        return found["last"] is None
    first, last = (_number(found[each] or found["first"], lowest, names) for each in ("first", "last"))
    return first is not None and last is not None and lowest <= first <= last <= highest


def _number(text: str, lowest: int, names: tuple[str, ...]) -> int | None:
    if text.lower() in names:
        return names.index(text.lower()) + lowest
    return int(text) if text.isascii() and text.isdigit() else None


def _target_time(value: object) -> str:
    text = string(value)
    if not re.fullmatch(_TIME, text):
        raise ValueError(value)
    datetime.fromisoformat(text)
    return text


schedule: Parser[str] = Parser(
    "a schedule of six fields: second, minute, hour, day of month, month, day of week", _schedule
)
target_time: Parser[str] = Parser(
    "a point in time with its zone, such as '2026-11-30T12:00:00Z' or '2026-11-30T13:00:00+01:00'", _target_time
)
