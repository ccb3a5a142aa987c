"""The owners of an object's fields, from `metadata.managedFields`, and what they say about foreign changes.

The API server records the client that set a field last. A field that this package's last apply set and no longer
owns was changed or removed by another client; this needs no comparison of defaults or of normalized values.
"""

# The Kubernetes client has types for some of its parts only.
# pyright: reportUnknownVariableType=false

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias, cast

from kubernetes.utils.quantity import parse_quantity

from pulumi_ixn.live.cluster import Json, Object

Keys: TypeAlias = tuple[str, ...]
"""A path of FieldsV1: `f:<field>`, `k:<keys of a list item>`, `v:<item of a set>`."""

_Fields: TypeAlias = Object
"""A node of FieldsV1; empty at a leaf."""

_Change: TypeAlias = tuple[Keys, Json, Json]
"""A field with its old and new value."""

_SENSITIVE = "4dabf18193072939515e22adb298388d"
"""The key that marks a secret value in the engine's JSON."""

_SHOWN = 60
"""How many characters of a value a report shows."""

_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""In place of a value that is not known before the update."""

_SPECIFIED = ("spec", "data", "binaryData", "stringData")
"""The fields that the owner of an object specifies, beside its labels."""

_CONTROL_PLANE = ("kube-", "cloud-controller-manager")
_POD_ANNOTATIONS = ("f:spec", "f:template", "f:metadata", "f:annotations")
_NO_CHANGE = {
    ("f:spec", "f:replicas"),  # where the stack sets none, an autoscaler's
    (*_POD_ANNOTATIONS, "f:kubectl.kubernetes.io/restartedAt"),
    (*_POD_ANNOTATIONS, "f:reloader.stakater.com/last-reloaded-from"),
}
"""Fields that others may add."""

_RELOADED = re.compile(r'k:{"name":"STAKATER_[A-Z0-9_]+_(SECRET|CONFIGMAP)"}')
"""The key of a variable by which Stakater's Reloader restarts pods."""


SECRET = object()
"""A value that is not shown."""

HIDDEN: Object = {_SENSITIVE: ""}
"""In place of content that was not read."""


@dataclass(frozen=True)
class Entry:
    """The fields that a manager owns, and when it set one last."""

    manager: str
    subresource: str
    time: str
    fields: _Fields

    @property
    def who(self) -> str:
        """The manager, such as `kubectl (scale) at 2026-01-31T12:00:00Z`."""
        return f"{self.manager}{f' ({self.subresource})' if self.subresource else ''} at {self.time}"


@dataclass(frozen=True)
class FieldChange:
    """A field that another client changed, removed (`new` is None) or added (`old` is None)."""

    field: str
    old: object
    new: object
    by: str | None

    @property
    def data(self) -> Mapping[str, object]:
        """The change as plain data; a secret value is a text that says so."""
        return {"field": self.field, "old": _plain(self.old), "new": _plain(self.new), "by": self.by}

    def __str__(self) -> str:
        both = self.old is SECRET and self.new is SECRET
        shown = "changed" if both else f"{_shown(self.old)} -> {_shown(self.new)}"
        return f"{self.field}: {shown}{f' by {self.by}' if self.by else ''}"


def entries(live: Object) -> Sequence[Entry]:
    """Return the owners of an object's fields."""
    return [
        Entry(
            each.get("manager", "?"),
            each.get("subresource", ""),
            each.get("time", "?"),
            each.get("fieldsV1") or {},
        )
        for each in live["metadata"].get("managedFields") or ()
    ]


def foreign_changes(inputs: Object, previous: Object, live: Object, ours: str) -> list[FieldChange]:
    """Return what other clients than the field manager `ours` changed in an object that shall be as `inputs`.

    Fields that are not in the `previous` inputs and that nobody owns are not deployed yet: no change.
    Content of `live` that was not read is HIDDEN.
    """
    found = entries(live)
    own = _merged(each.fields for each in found if each.manager == ours)
    others = [each for each in found if each.manager != ours]
    every = _merged(each.fields for each in found)
    lost = _lost({name: _specified_of(inputs, name) for name in ("metadata", *_SPECIFIED)}, live, own, every)
    added = [
        change
        for each in others
        if not each.subresource and not each.manager.startswith(_CONTROL_PLANE)
        for leaf in _leaves(each.fields)
        if _specified(leaf) and not _may_be_added(leaf)
        for change in _added(leaf, inputs, live)
    ]
    changes = {
        keys: (old, new)
        for keys, old, new in (*added, *lost)
        if _author(keys, others) or _at(previous, keys) is not None
    }
    parents = {keys[:n] for keys in changes for n in range(len(keys))}
    return [
        FieldChange(shown_path(keys), old, new, _author(keys, others))
        for keys, (old, new) in changes.items()
        if keys not in parents  # such as the data of a Secret, beside its keys
    ]


def shown_path(keys: Keys) -> str:
    """Return a path as the API server writes it, such as `.spec.containers[name="check"].image`."""
    return "".join(_shown_key(key) for key in keys)


def _lost(specified: Object, live: Object, own: _Fields, every: _Fields) -> Iterator[_Change]:
    """Yield the specified fields that another client owns now, and that differ."""
    for name, value in specified.items():
        yield from _below(f"f:{name}", value, live.get(name), own, every)


def _differing(value: Json, live: Json, own: _Fields | None, every: _Fields) -> Iterator[_Change]:
    if own is not None and not own:  # a leaf, or a list or map that has one owner as a whole
        return
    if _is_secret(value) or (_is_secret(live) and not isinstance(value, dict)):
        if own is None:
            yield (), SECRET, SECRET
    elif isinstance(value, dict) and isinstance(live, dict):
        for name, each in cast("_Fields", value).items():
            found = live if _is_secret(live) else cast("_Fields", live).get(name)
            yield from _below(f"f:{name}", each, found, own, every)
    elif isinstance(value, list) and isinstance(live, list) and own is not None:
        for each in cast("list[Json]", value):
            key = _item_key(each, own) or _item_key(each, every) or f"v:{json.dumps(each)}"
            yield from _below(key, each, _item(cast("list[Json]", live), key), own, every)
    elif not _same(value, live):
        yield (), value, live


def _below(key: str, value: Json, live: Json, own: _Fields | None, every: _Fields) -> Iterator[_Change]:
    if value is not None:
        for keys, old, new in _differing(value, live, own.get(key) if own else None, every.get(key) or {}):
            yield (key, *keys), old, new


def _specified_of(inputs: Object, name: str) -> Json:
    """Return what the owner of an object specifies in a field: of the metadata, the labels."""
    value = inputs.get(name)
    return {"labels": value.get("labels")} if name == "metadata" and value else value


def _specified(keys: Keys) -> bool:
    return keys[0].removeprefix("f:") in _SPECIFIED or keys[:2] == ("f:metadata", "f:labels")


def _may_be_added(keys: Keys) -> bool:
    restarts = any(each == "f:env" and _RELOADED.fullmatch(item) for each, item in pairwise(keys))
    return keys in _NO_CHANGE or restarts


def _item_key(item: Json, node: _Fields) -> str | None:
    """Return the key of a list item among the keys of a node; fields that the item leaves out are defaults."""
    for key in node:
        kind, _, text = key.partition(":")
        if kind == "k" and isinstance(item, dict):
            known = cast("dict[str, Json]", item)
            named = cast("dict[str, Json]", json.loads(text))
            if all(known.get(name, value) == value for name, value in named.items()):
                return key
        if kind == "v" and json.loads(text) == item:
            return key
    return None


def _item(items: list[Json], key: str) -> Json:
    return next((each for each in items if _item_key(each, {key: {}})), None)


def _at(value: Json, keys: Keys) -> Json:
    """Return the value at a path; None if there is none, SECRET if it is hidden."""
    for key in keys:
        if _is_secret(value):
            return SECRET
        if isinstance(value, dict):
            value = cast("_Fields", value).get(key.removeprefix("f:"))
        else:
            value = _item(cast("list[Json]", value), key) if isinstance(value, list) else None
    return value


def _added(keys: Keys, inputs: Object, live: Object) -> Iterator[_Change]:
    """Yield the change if another client's field is not in the inputs, from the first part that they lack."""
    for n in range(1, len(keys) + 1):
        value = _at(inputs, keys[:n])
        if value is SECRET:  # whether it is in there is not known: whoever owns it changed it
            yield keys, SECRET, SECRET
        if value is None:
            yield keys[:n], None, _at(live, keys[:n])
        if value is None or value is SECRET:
            return


def _leaves(fields: _Fields) -> Iterator[Keys]:
    for key, below in fields.items():
        if key == ".":
            continue
        if set(below) <= {"."}:
            yield (key,)
        for keys in _leaves(below):
            yield (key, *keys)


def _merged(trees: Iterable[_Fields]) -> _Fields:
    merged: dict[str, Json] = {}
    for tree in trees:
        for key, below in tree.items():
            merged[key] = _merged([merged.get(key, {}), below])
    return merged


def _author(keys: Keys, others: Sequence[Entry]) -> str | None:
    """Return who owns a field now; who removed one is not recorded."""
    owners = [each for each in others if _owns(each.fields, keys)]
    return max(owners, key=lambda each: each.time).who if owners else None


def _owns(fields: _Fields, keys: Keys) -> bool:
    for key in keys:
        if key not in fields:
            return False
        fields = fields[key]
        if not fields:
            return True
    return True


def _is_secret(value: Json) -> bool:
    return value == _UNKNOWN or (isinstance(value, dict) and _SENSITIVE in value)


def _same(value: Json, live: Json) -> bool:
    """Return whether the live value is the wanted one; what is left out of a map is a default."""
    if isinstance(value, dict) and isinstance(live, dict):
        known = cast("_Fields", live)
        return all(_same(each, known.get(name)) for name, each in cast("_Fields", value).items())
    if isinstance(value, list) and isinstance(live, list):
        items, found = cast("list[Json]", value), cast("list[Json]", live)
        return len(items) == len(found) and all(map(_same, items, found))
    return value == live or _quantity(value) == _quantity(live) is not None


def _quantity(value: Json) -> object:
    try:
        return parse_quantity(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _shown_key(key: str) -> str:
    kind, _, text = key.partition(":")
    if kind == "k":
        return "[" + ",".join(f"{name}={json.dumps(value)}" for name, value in json.loads(text).items()) + "]"
    return f"[={text}]" if kind == "v" else f".{text}"


def _shown(value: object) -> str:
    text = "none" if value is None else json.dumps(_plain(value))
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def _plain(value: object) -> object:
    return "[secret]" if value is SECRET or _SENSITIVE in json.dumps(value, default=repr) else value
