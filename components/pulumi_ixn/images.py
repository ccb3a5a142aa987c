"""Parsers of images: `registry/repository:tag@digest`."""

import re
from typing import NamedTuple

from pulumi_ixn import values
from pulumi_ixn.parsing import Invalid, Parser, matching, string


class ImageName(NamedTuple):
    """The parts of an image; all but the repository may be empty."""

    registry: str
    repository: str
    tag: str
    digest: str


_tag = matching("an image tag", r"\w[\w.-]*", 128)
digest: Parser[str] = matching("an image digest, 'sha256:' and 64 hexadecimal digits", "sha256:[0-9a-f]{64}", 71)


def split_image(image: str) -> ImageName:
    """Return the parts of an image. Raises ValueError, also without tag and digest, which means `latest`."""
    rest, _, digest_ = image.partition("@")
    name, colon, tag = rest.rpartition(":")
    if not colon or "/" in tag:
        name, tag = rest, ""
    first, slash, path = name.partition("/")
    # As container runtimes do: without '.' and ':', the first part belongs to the repository.
    has_registry = bool(slash) and (first == "localhost" or re.search("[.:]", first) is not None)
    found = ImageName(first if has_registry else "", path if has_registry else name, tag, digest_)
    if not (tag or digest_):
        raise Invalid("has neither tag nor digest")
    values.repository(found.repository)
    for part, parser in ((found.registry, values.registry), (tag, _tag), (digest_, digest)):
        parser(part) if part else None
    return found


def _image(value: object) -> str:
    split_image(string(value))
    return string(value)


image: Parser[str] = Parser("an image, such as 'registry.example.com/tools/fluent-bit:4.0'", _image)
