"""Stand-in for the Pulumi random plugin: the resources it has, and how each is made."""

import secrets
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from tools.standin.plugin.base import unsupported
from tools.standin.plugin.errors import StandinError
from tools.standin.plugin.values import Object
from tools.standin.random.alphabet import random_text, recipe, with_defaults


@dataclass(frozen=True)
class Resource:
    """A type of resource: the outputs it computes, those of them that are secret, and how they come about."""

    computed: tuple[str, ...]
    make: Callable[[Object], tuple[str, Object]]
    check: Callable[[Object], object] = lambda inputs: None
    secret: tuple[str, ...] = ()
    filled: Callable[[Object], Object] = lambda inputs: inputs


def _password(inputs: Object) -> tuple[str, Object]:
    return "none", {"result": random_text(recipe(inputs))}


def _string(inputs: Object) -> tuple[str, Object]:
    text = random_text(recipe(inputs))
    return text, {"result": text}


def _uuid(_: Object) -> tuple[str, Object]:
    text = str(uuid4())
    return text, {"result": text}


def _byte_length(inputs: Object) -> int:
    length = inputs.get("byteLength")
    if isinstance(length, bool) or not isinstance(length, int) or length < 1:
        raise StandinError("byteLength must be a whole number of at least 1")
    return length


def _id(inputs: Object) -> tuple[str, Object]:
    value = secrets.token_bytes(_byte_length(inputs))
    prefix = str(inputs.get("prefix") or "")
    url = urlsafe_b64encode(value).decode().rstrip("=")
    return url, {
        "b64Std": prefix + b64encode(value).decode(),
        "b64Url": prefix + url,
        "dec": prefix + str(int.from_bytes(value)),
        "hex": prefix + value.hex(),
    }


# RandomPassword is without `bcryptHash`: the standard library has no bcrypt, and nothing here wants the hash.
RESOURCES: Final = {
    "random:index/randomId:RandomId": Resource(("b64Std", "b64Url", "dec", "hex"), _id, _byte_length),
    "random:index/randomPassword:RandomPassword": Resource(
        ("result",), _password, recipe, ("result",), with_defaults
    ),
    "random:index/randomString:RandomString": Resource(("result",), _string, recipe, (), with_defaults),
    "random:index/randomUuid:RandomUuid": Resource(("result",), _uuid),
}


def resource(token: str) -> Resource:
    """Return the resource behind a token, or a refusal."""
    if token not in RESOURCES:
        raise unsupported(token)
    return RESOURCES[token]
