"""Stand-in for a Pulumi plugin: property values as plain data and back, what is unknown, what is secret."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.runtime.rpc import UNKNOWN as _UNKNOWN

from tools.standin.plugin.errors import StandinError

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"
Object: TypeAlias = dict[str, Plain]
Properties: TypeAlias = Mapping[str, PropertyValue]

UNKNOWN: Final[str] = _UNKNOWN
"""What stands for a value not known before the run. The SDK's PropertyValue hands it on as a string."""


def plain(value: PropertyValue) -> Plain:
    """Return the value without secret marks; whole numbers become int, since the wire has only floats."""
    match value.value:
        case None | bool() | str():
            return value.value
        case float() as number:
            return int(number) if number.is_integer() else number
        case Mapping() as mapping:
            return {key: plain(item) for key, item in mapping.items()}
        case Sequence() as items:
            return [plain(item) for item in items]
        case other:
            raise StandinError(f"the stand-in does not take a value of type {type(other).__name__}")


def plain_object(properties: Properties) -> Object:
    """Return the properties without secret marks."""
    return {key: plain(value) for key, value in properties.items()}


def property_value(value: Plain) -> PropertyValue:
    """Return the plain value as the SDK carries it, nothing secret."""
    match value:
        case bool() | None | str():
            return PropertyValue(value)
        case int() | float():
            return PropertyValue(float(value))
        case list():
            return PropertyValue([property_value(item) for item in value])
        case dict():
            return PropertyValue({key: property_value(item) for key, item in value.items()})


def property_values(values: Object) -> dict[str, PropertyValue]:
    """Return the plain values as the SDK carries them, nothing secret."""
    return {key: property_value(value) for key, value in values.items()}


def has_unknown(value: Plain) -> bool:
    """Whether some part of the value is not known yet."""
    match value:
        case dict():
            return any(has_unknown(item) for item in value.values())
        case list():
            return any(has_unknown(item) for item in value)
        case _:
            return value == UNKNOWN


def contains_secret(properties: Properties) -> bool:
    """Whether some part of the properties is secret."""
    return any(value.contains_secret() for value in properties.values())
