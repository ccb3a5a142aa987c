"""Stand-in for the Pulumi Kubernetes plugin: what changed between two objects, and if that replaces them."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from tools.standin.kubernetes.immutable import Path, immutable_fields, touches
from tools.standin.kubernetes.kinds import is_namespaced, metadata_text, type_of_object, with_metadata
from tools.standin.kubernetes.naming import is_autonamed, is_named
from tools.standin.kubernetes.normal_form import normal_form
from tools.standin.plugin.values import Object, Plain

Kind: TypeAlias = Literal["add", "delete", "update"]


@dataclass(frozen=True)
class Change:
    """One changed property."""

    path: Path
    kind: Kind
    replaces: bool


@dataclass(frozen=True)
class Differences:
    """All that changed, and how a replacement has to go about it."""

    changes: tuple[Change, ...]
    delete_before_replace: bool

    @property
    def replaces(self) -> tuple[str, ...]:
        """The properties that make it a replacement."""
        return tuple(path_text(change.path) for change in self.changes if change.replaces)


def path_text(path: Path) -> str:
    """Return the path as the engine writes it: `metadata.annotations["a.b"].c[0]`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif any(sign in step for sign in '."[]'):
            escaped = step.replace('"', '\\"')
            text += f'["{escaped}"]'
        else:
            text += f".{step}" if text else step
    return text


def raw_changes(old: Plain, new: Plain, path: Path = ()) -> Iterator[tuple[Path, Kind, Plain]]:
    """Each property that changed, at the deepest level where both sides are there, with its new value."""
    match old, new:
        case dict(), dict():
            for key in sorted(old.keys() | new.keys()):
                yield from raw_changes(old.get(key), new.get(key), (*path, key))
        case list(), list():
            for index in range(max(len(old), len(new))):
                before, after = (side[index] if index < len(side) else None for side in (old, new))
                yield from raw_changes(before, after, (*path, index))
        case None, None:
            return
        case None, _:
            yield path, "add", new
        case _, None:
            yield path, "delete", None
        case _:
            if type(old) is not type(new) or old != new:
                yield path, "update", new


def _pruned(live: Plain, shape: Plain) -> Plain:
    """Return the live value, as far as the inputs that made it had something to say."""
    match live, shape:
        case dict(), dict():
            return {key: _pruned(value, shape[key]) for key, value in live.items() if key in shape}
        case list(), list() if live and shape and type(live[0]) is type(shape[0]):
            return [_pruned(value, wanted) for value, wanted in zip(live, shape, strict=False)]
        case _:
            return live


def _comparable(live: Object, old_inputs: Object, new: Object) -> tuple[Object, Object]:
    """Return the old and the new object with the namespace, and the old name, written the same way."""
    pruned = _pruned(live, normal_form(old_inputs))
    old = pruned if isinstance(pruned, dict) else {}
    if is_namespaced(type_of_object(new)):
        old, new = (
            with_metadata(side, namespace=metadata_text(side, "namespace") or "default") for side in (old, new)
        )
    else:
        old, new = (with_metadata(side, namespace=None) for side in (old, new))
    return (with_metadata(old, name=metadata_text(live, "name")) if is_named(new) else old), new


def _changes(old: Object, new: Object, fields: Iterable[str]) -> Iterator[Change]:
    for path, kind, value in raw_changes(old, new):
        loses_identity = (path, kind) == (("metadata",), "delete")
        yield Change(path, kind, loses_identity or any(touches(path, value, field) for field in fields))


def differences(
    live: Object, old_inputs: Object, new_inputs: Object, *, mutable_kinds: Collection[str] = ()
) -> Differences:
    """Say what changes from the old object to the new; `mutable_kinds` have data that may change in place."""
    old, new = _comparable(live, old_inputs, normal_form(new_inputs))
    gvk = type_of_object(new)
    fixed = gvk.kind not in mutable_kinds or new.get("immutable") is True
    changes = tuple(_changes(old, new, immutable_fields(gvk, data_is_fixed=fixed)))
    same_object = (
        is_named(new)
        and not is_autonamed(new)
        and metadata_text(new, "name") == metadata_text(live, "name")
        # The real plugin compares the new object's namespace with the default filled in and the old one's without.
        # So where none is given it creates first and deletes afterwards, and the file is gone at the end.
        and metadata_text(new, "namespace") == metadata_text(live, "namespace")
    )
    return Differences(changes, same_object and any(change.replaces for change in changes))
