"""Paths of properties in messages, and keys that look like a misspelled one."""

import difflib
import re
from collections.abc import Iterable

_PLAIN_KEY = re.compile(r"[A-Za-z_][\w-]*")


def at(path: str, key: object) -> str:
    """Return the path of the property or entry `key` of the value at `path`."""
    text = str(key)
    if not _PLAIN_KEY.fullmatch(text):
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return f'{path}["{escaped}"]'
    return f"{path}.{text}" if path else text


def parts_of(path: str) -> tuple[str | int, ...]:
    """Return the keys and indices of a path that `at` and `[index]` have composed."""
    found = re.finditer(r'\["(?P<quoted>(?:[^"\\]|\\.)*)"\]|\[(?P<index>\d+)\]|\.?(?P<key>[^.\[]+)', path)
    return tuple(
        int(each["index"]) if each["index"] else each["key"] or re.sub(r"\\(.)", r"\1", each["quoted"] or "")
        for each in found
    )


def nearest(key: str, known: Iterable[str], cutoff: float = 0.5) -> str | None:
    """Return the known key that is closest to `key`, whatever its case; None if none is similar.

    `cutoff` is the required similarity: 1 is equality.
    """
    by_lower_case = {name.lower(): name for name in known}
    found = difflib.get_close_matches(key.lower(), by_lower_case, n=1, cutoff=cutoff)
    return by_lower_case[found[0]] if found else None
