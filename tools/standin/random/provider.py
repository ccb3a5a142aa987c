"""Stand-in for the Pulumi random plugin: the answers to the engine."""

from typing import Final

from pulumi.provider.experimental import provider as sdk
from pulumi.provider.experimental.property_value import PropertyValue

from tools.standin.plugin.base import StandinProvider, token_of
from tools.standin.plugin.engine import Engine
from tools.standin.plugin.server import serve
from tools.standin.plugin.values import UNKNOWN, Object, Properties, has_unknown, plain_object, property_value
from tools.standin.random.resources import Resource, resource

REAL_VERSION: Final = "4.21.4"
"""The plugin this one stands in for."""


def changed_inputs(state: Object, inputs: Object, computed: tuple[str, ...]) -> list[str]:
    """Return the inputs that differ from the state; each of them replaces the resource."""
    names = (state.keys() | inputs.keys()) - set(computed) - {"id"}
    return sorted(name for name in names if state.get(name) != inputs.get(name))


def _state(kind: Resource, inputs: Properties, outputs: Object) -> dict[str, PropertyValue]:
    filled = {
        name: inputs[name] if name in inputs else property_value(value)
        for name, value in kind.filled(plain_object(inputs)).items()
    }
    made = {name: property_value(value).with_secret(name in kind.secret) for name, value in outputs.items()}
    return {**filled, **made}


class RandomProvider(StandinProvider):
    """Makes random values once and keeps them in the state."""

    async def check(self, request: sdk.CheckRequest) -> sdk.CheckResponse:
        """Refuse inputs nothing can be made from."""
        inputs = plain_object(request.new_inputs)
        kind = resource(token_of(request.urn))
        if not has_unknown(inputs):
            kind.check(inputs)
        return sdk.CheckResponse(request.new_inputs)

    async def diff(self, request: sdk.DiffRequest) -> sdk.DiffResponse:
        """Any change makes a new value."""
        kind = resource(token_of(request.urn))
        state, inputs = plain_object(request.old_state), kind.filled(plain_object(request.new_inputs))
        changed = changed_inputs(state, inputs, kind.computed)
        replaces = sdk.PropertyDiff(sdk.PropertyDiffKind.UPDATE_REPLACE, input_diff=True)
        return sdk.DiffResponse(
            changes=bool(changed), replaces=changed, detailed_diff=dict.fromkeys(changed, replaces)
        )

    async def create(self, request: sdk.CreateRequest) -> sdk.CreateResponse:
        """Make the value, secret from the start where it is one."""
        kind = resource(token_of(request.urn))
        if request.preview:
            unknown: Object = dict.fromkeys(kind.computed, UNKNOWN)
            return sdk.CreateResponse("", _state(kind, request.properties, unknown))
        resource_id, outputs = kind.make(plain_object(request.properties))
        return sdk.CreateResponse(resource_id, _state(kind, request.properties, outputs))

    async def delete(self, request: sdk.DeleteRequest) -> None:
        """There is nothing outside the state to delete."""


def _provider(_: Engine) -> RandomProvider:
    return RandomProvider()


def main(arguments: list[str]) -> None:
    """Serve the engine."""
    serve(_provider, REAL_VERSION, arguments)
