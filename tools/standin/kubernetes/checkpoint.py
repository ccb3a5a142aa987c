"""Stand-in for the Pulumi Kubernetes plugin: the state kept of an object, with its secrets marked."""

from collections.abc import Mapping
from typing import Final

from pulumi.provider.experimental.property_value import PropertyValue

from tools.standin.kubernetes.normal_form import dashed, underscored
from tools.standin.plugin.values import Object, Properties, plain_object, property_value, property_values

INPUTS: Final = "__inputs"
API_VERSION: Final = "__initialApiVersion"
FIELD_MANAGER: Final = "__fieldManager"


def _open_mapping(value: PropertyValue) -> Properties | None:
    return value.value if isinstance(value.value, Mapping) and not value.is_secret else None


def with_secrets_of(outs: Properties, ins: Properties) -> dict[str, PropertyValue]:
    """Return the outputs, secret where the inputs are; a list with a secret in it is secret as a whole.

    As with the real plugin all the data of a Secret are secret, and nothing else of it is.
    """
    kind = outs.get("kind")
    if kind is not None and kind.value == "Secret":
        return {
            key: value.with_secret(True) if key in ("data", "stringData") else value for key, value in outs.items()
        }
    return {key: _with_secrets_of(value, ins[key]) if key in ins else value for key, value in outs.items()}


def _with_secrets_of(out: PropertyValue, source: PropertyValue) -> PropertyValue:
    inner_out, inner_source = _open_mapping(out), _open_mapping(source)
    if inner_out is not None and inner_source is not None:
        return out.with_value(with_secrets_of(inner_out, inner_source))
    return out.with_secret(True) if source.contains_secret() else out


def checkpoint(inputs: Object, live: Object, source: Properties, field_manager: str) -> dict[str, PropertyValue]:
    """Return the state of an object: its live fields, and beside them the inputs it was made from."""
    kept = with_secrets_of(property_values(underscored(inputs)), source)
    return {
        **with_secrets_of(property_values(underscored(live)), source),
        INPUTS: PropertyValue(kept),
        API_VERSION: property_value(inputs.get("apiVersion", "")),
        FIELD_MANAGER: PropertyValue(field_manager),
    }


def inputs_and_live(state: Properties) -> tuple[Object, Object]:
    """Return the two objects in a state, without secret marks."""
    live = dashed(plain_object(state))
    inputs = live.pop(INPUTS, {})
    for key in (API_VERSION, FIELD_MANAGER):
        live.pop(key, None)
    return (inputs if isinstance(inputs, dict) else {}), live
