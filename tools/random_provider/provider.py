"""The provider: RandomPassword, without its `bcryptHash`, and nothing else.

Its state has the real provider's format, so that a stack can switch to the real one.
"""

import os
import secrets
import select
import string
import sys
from collections.abc import Mapping
from importlib.metadata import version
from threading import Thread
from typing import Final, TypeAlias

from pulumi.provider.experimental import provider as rpc
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.provider.experimental.server import main
from pulumi.runtime.rpc import UNKNOWN

Inputs: TypeAlias = Mapping[str, PropertyValue]

TYPE: Final = "random:index/randomPassword:RandomPassword"

CLASSES: Final = {
    "lower": string.ascii_lowercase,
    "upper": string.ascii_uppercase,
    "numeric": string.digits,
    "special": "!@#$%&*()-_=+[]{}<>:?",
}
DEFAULTS: Final = {
    **dict.fromkeys(CLASSES, PropertyValue(True)),
    **{f"min{name.capitalize()}": PropertyValue(0.0) for name in CLASSES},
}


def filled(inputs: Inputs) -> dict[str, PropertyValue]:
    """Return the inputs with the real provider's defaults; `number` is its old name of `numeric`."""
    result = {**DEFAULTS, **inputs}
    return {**result, "number": result["numeric"]}


def invalid(inputs: Inputs) -> str:
    """Return why the inputs are invalid; an empty string if they are valid."""
    unsupported = inputs.keys() - CLASSES.keys() - {"length", "keepers"}
    if unsupported:
        return f"{', '.join(sorted(unsupported))}: supported by the real random provider only"
    length = inputs["length"].value if "length" in inputs else None
    if length != UNKNOWN and not (isinstance(length, float) and length >= 1 and length.is_integer()):
        return f"length: {length!r}: expected a whole number of at least 1"
    if not any(filled(inputs)[name].value for name in CLASSES):
        return f"one of {', '.join(CLASSES)} must be true"
    return ""


def password(inputs: Inputs) -> str:
    """Generate a password for complete inputs from the system's random source."""
    alphabet = "".join(characters for name, characters in CLASSES.items() if inputs[name].value)
    length = inputs["length"].value
    assert isinstance(length, float), "checked by `invalid`"
    return "".join(secrets.choice(alphabet) for _ in range(int(length)))


def changed(state: Inputs, inputs: Inputs) -> list[str]:
    """Return the inputs that differ from those in the state."""
    new = filled(inputs)
    names = (state.keys() | new.keys()) - {"id", "result", "bcryptHash"}
    return sorted(name for name in names if state.get(name) != new.get(name))


class RandomProvider(rpc.Provider):
    """The requests of the engine that the SDK does not answer."""

    async def configure(self, request: rpc.ConfigureRequest) -> rpc.ConfigureResponse:
        """Take plain inputs only, in previews too: the engine keeps track of those that are secret."""
        return rpc.ConfigureResponse(supports_preview=True)

    async def check(self, request: rpc.CheckRequest) -> rpc.CheckResponse:
        """Reject other resources and invalid inputs."""
        kind = request.urn.split("::")[2].rpartition("$")[2]
        reason = invalid(request.new_inputs)
        if kind != TYPE:
            reason = f"{kind} needs the real random provider: only RandomPassword is supported here"
        return rpc.CheckResponse(request.new_inputs, [rpc.CheckFailure("", reason)] if reason else [])

    async def diff(self, request: rpc.DiffRequest) -> rpc.DiffResponse:
        """Replace the password on any change."""
        names = changed(request.old_state, request.new_inputs)
        update = rpc.PropertyDiff(rpc.PropertyDiffKind.UPDATE_REPLACE, input_diff=True)
        return rpc.DiffResponse(
            changes=bool(names), replaces=names, diffs=names, detailed_diff=dict.fromkeys(names, update)
        )

    async def create(self, request: rpc.CreateRequest) -> rpc.CreateResponse:
        """Create the password as a secret."""
        inputs = filled(request.properties)
        result = PropertyValue(UNKNOWN if request.preview else password(inputs), is_secret=True)
        return rpc.CreateResponse("" if request.preview else "none", {**inputs, "result": result})

    async def delete(self, request: rpc.DeleteRequest) -> None:
        """Do nothing: the resource exists only in the state."""


def end_with_engine() -> None:
    """End this process once the engine, which reads its standard output, has exited for any reason."""
    poll = select.poll()
    poll.register(sys.stdout, 0)  # a closed pipe is reported without being asked for
    poll.poll()
    os._exit(0)


if __name__ == "__main__":
    Thread(target=end_with_engine, daemon=True).start()
    main(sys.argv[1:], version("pulumi-random"), RandomProvider())
