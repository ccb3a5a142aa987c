"""Search for a secret value in everything that a deployment leaves behind."""

import os
import zlib
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote


def everything(*directories: Path) -> dict[str, bytes]:
    """Return the content of every file below `directories`, by its path; links are not followed."""
    found: dict[str, bytes] = {}
    for directory in directories:
        for parent, _, names in os.walk(directory):
            for file in (Path(parent, name) for name in names):
                if not file.is_symlink():
                    found[str(file.relative_to(directory.parent))] = _unpacked(file.read_bytes())
    return found


def _unpacked(content: bytes) -> bytes:
    """Return what a compressed file holds, such as the log that the engine keeps; others as they are."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    # The end is missing where the engine was killed.
    return zlib.decompressobj(wbits=31).decompress(content)


def locations_of(secret: str, locations: Mapping[str, bytes]) -> set[str]:
    """Return the names of the `locations` that hold `secret`, in clear or in base64."""
    forms = _forms(secret)
    return {name for name, content in locations.items() if any(form in content for form in forms)}


def _forms(secret: str) -> set[bytes]:
    """Return how a secret may be written; base64 also as a part of something longer."""
    content = secret.encode()
    assert len(content) >= 8, "so short a text is found by chance"
    return {
        content,
        content.hex().encode(),
        quote(secret).encode(),
        *(_base64_within(content, n) for n in range(3)),
    }


def _base64_within(content: bytes, before: int) -> bytes:
    """Return the base64 digits that `content` is sure to have where `before` bytes (mod 3) go before it."""
    encoded = b64encode(bytes(before) + content)
    whole = (before + len(content)) // 3 * 4
    return encoded[-(-before * 4 // 3) : whole]
