"""Stand-in for the Pulumi Kubernetes plugin: names it makes for objects that have none."""

import secrets
from hashlib import sha256
from typing import Final

from tools.standin.kubernetes.kinds import metadata_of, metadata_text, with_metadata
from tools.standin.plugin.errors import StandinError
from tools.standin.plugin.values import Object

AUTONAMED: Final = "pulumi.com/autonamed"
"""The annotation by which a later run knows that the name was made here."""


def random_hex(seed: bytes) -> str:
    """Eight hex digits, the same for the same seed, so that a saved plan and its run agree."""
    return sha256(seed).hexdigest()[:8] if seed else secrets.token_hex(4)


def is_named(obj: Object) -> bool:
    """Whether the object has a name, be it one not known yet."""
    return bool(metadata_text(obj, "name"))


def is_autonamed(obj: Object) -> bool:
    """Whether the object's name was made here."""
    annotations = metadata_of(obj).get("annotations")
    return isinstance(annotations, dict) and annotations.get(AUTONAMED) == "true"


def _autonamed(obj: Object, name: str) -> Object:
    annotations = metadata_of(obj).get("annotations")
    kept = annotations if isinstance(annotations, dict) else {}
    return with_metadata(obj, name=name, annotations={**kept, AUTONAMED: "true"})


def with_name(obj: Object, old: Object, logical_name: str, seed: bytes) -> Object:
    """Return the object with a name: its own, else the one made before, else a new one."""
    if is_named(obj):
        return obj
    if metadata_of(obj).get("generateName"):
        raise StandinError("the `.metadata.generateName` field is not supported in YAML rendering mode")
    if is_autonamed(old):
        return _autonamed(obj, metadata_text(old, "name"))
    if old:
        return obj
    return _autonamed(obj, f"{logical_name}-{random_hex(seed)}")


def object_id(obj: Object) -> str:
    """Return the id the engine knows the object by: `namespace/name`, or the name alone."""
    namespace, name = metadata_text(obj, "namespace"), metadata_text(obj, "name")
    return f"{namespace}/{name}" if namespace else name
