"""The random provider on mocks: its outputs are the same in each run, and secret where the real one's are.

Nothing is random, and `bcryptHash` is not a real hash.
"""

import uuid
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import shake_256
from typing import Any, Final, TypeAlias

Inputs: TypeAlias = Mapping[str, Any]
Made: TypeAlias = tuple[str, dict[str, Any]]
"""The id of a resource, and its computed outputs."""


@dataclass(frozen=True)
class Random:
    """A resource type: its computed outputs, whether they are secret, and how they derive from name and inputs."""

    computed: tuple[str, ...]
    make: Callable[[str, Inputs], Made]
    secret: bool = False


def _password(name: str, _: Inputs) -> Made:
    return "none", {"result": f"generated-{name}", "bcryptHash": f"hash-of-generated-{name}"}


def _string(name: str, _: Inputs) -> Made:
    return f"generated-{name}", {"result": f"generated-{name}"}


def _pet(name: str, _: Inputs) -> Made:
    return f"generated-{name}", {}


def _uuid(name: str, _: Inputs) -> Made:
    text = str(uuid.uuid5(uuid.NAMESPACE_OID, name))
    return text, {"result": text}


def _id(name: str, inputs: Inputs) -> Made:
    value, prefix = _bytes_of(name, inputs["byteLength"]), inputs.get("prefix") or ""
    url = urlsafe_b64encode(value).decode().rstrip("=")
    return url, {
        "b64Std": prefix + b64encode(value).decode(),
        "b64Url": prefix + url,
        "dec": prefix + str(int.from_bytes(value)),
        "hex": prefix + value.hex(),
    }


def _bytes(name: str, inputs: Inputs) -> Made:
    value = _bytes_of(name, inputs["length"])
    return "none", {"base64": b64encode(value).decode(), "hex": value.hex()}


def _integer(_: str, inputs: Inputs) -> Made:
    return str(inputs["min"]), {"result": inputs["min"]}


def _shuffle(_: str, inputs: Inputs) -> Made:
    return "-", {"results": inputs["inputs"][: inputs.get("resultCount")]}


def _bytes_of(name: str, length: int) -> bytes:
    return shake_256(name.encode()).digest(length)


RESOURCES: Final[Mapping[str, Random]] = {
    "random:index/randomBytes:RandomBytes": Random(("base64", "hex"), _bytes, secret=True),
    "random:index/randomId:RandomId": Random(("b64Std", "b64Url", "dec", "hex"), _id),
    "random:index/randomInteger:RandomInteger": Random(("result",), _integer),
    "random:index/randomPassword:RandomPassword": Random(("bcryptHash", "result"), _password, secret=True),
    "random:index/randomPet:RandomPet": Random((), _pet),
    "random:index/randomShuffle:RandomShuffle": Random(("results",), _shuffle),
    "random:index/randomString:RandomString": Random(("result",), _string),
    "random:index/randomUuid4:RandomUuid4": Random(("result",), _uuid),
    "random:index/randomUuid7:RandomUuid7": Random(("result",), _uuid),
    "random:index/randomUuid:RandomUuid": Random(("result",), _uuid),
}
"""The resource types of the provider, by type token."""
