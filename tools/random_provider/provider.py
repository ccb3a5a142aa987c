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
MINIMUMS: Final = {name: f"min{name.capitalize()}" for name in CLASSES}
OVERRIDE: Final = "overrideSpecial"
DEFAULTS: Final = {
    **dict.fromkeys(CLASSES, PropertyValue(True)),
    **dict.fromkeys(MINIMUMS.values(), PropertyValue(0.0)),
}


def filled(inputs: Inputs) -> dict[str, PropertyValue]:
    """Return the inputs with the real provider's defaults; `number` is its old name of `numeric`."""
    result = {**DEFAULTS, **inputs}
    return {**result, "number": result["numeric"]}


def invalid(inputs: Inputs) -> str:
    """Return why the inputs are invalid; an empty string if they are valid."""
    unsupported = inputs.keys() - DEFAULTS.keys() - {"length", "keepers", OVERRIDE}
    if unsupported:
        return f"{', '.join(sorted(unsupported))}: supported by the real random provider only"
    length = inputs["length"].value if "length" in inputs else None
    if length != UNKNOWN and not (isinstance(length, float) and length >= 1 and length.is_integer()):
        return f"length: {length!r}: expected a whole number of at least 1"
    if not "".join(alphabets(inputs).values()):
        return f"one of {', '.join(CLASSES)} must be true"
    least = {name: filled(inputs)[name].value for name in MINIMUMS.values()}
    if wrong := [name for name, value in least.items() if not isinstance(value, float) or value < 0]:
        return f"{', '.join(wrong)}: expected a number of at least 0"
    if isinstance(length, float) and length < sum(minimums(inputs).values()):
        return f"length: {length:.0f} is less than the sum of {', '.join(MINIMUMS.values())}"
    return ""


def alphabets(inputs: Inputs) -> dict[str, str]:
    """Return the characters of each class that is selected; `overrideSpecial` replaces the special ones."""
    given = inputs[OVERRIDE].value if OVERRIDE in inputs else None
    characters = {**CLASSES, **({"special": given} if isinstance(given, str) and given else {})}
    return {name: text for name, text in characters.items() if filled(inputs)[name].value}


def minimums(inputs: Inputs) -> dict[str, int]:
    """Return how many characters a password has at least of each class that is selected."""
    found = {name: filled(inputs)[MINIMUMS[name]].value for name in alphabets(inputs)}
    return {name: int(value) for name, value in found.items() if isinstance(value, float)}


def password(inputs: Inputs) -> str:
    """Generate a password for complete inputs from the system's random source."""
    classes, length = alphabets(inputs), inputs["length"].value
    assert isinstance(length, float), "checked by `invalid`"
    required = [classes[name] for name, least in minimums(inputs).items() for _ in range(least)]
    rest = ["".join(classes.values())] * (int(length) - len(required))
    characters = [secrets.choice(each) for each in (*required, *rest)]
    secrets.SystemRandom().shuffle(characters)
    return "".join(characters)


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
