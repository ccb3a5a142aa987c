"""Building blocks of the field types: validators with their expectation and their part of the JSON Schema."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


def invalid(text: str) -> PydanticCustomError:
    """Return an error with this message."""
    return PydanticCustomError("refused", "{text}", {"text": text})


@dataclass(frozen=True)
class Expect:
    """Says `what` is expected, in place of pydantic's own words; what a invalid of ours says is kept.

    `unit` is for the reference page.
    """

    what: str
    unit: str = ""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(self._validate, handler(source))

    def _validate(self, value: object, handler: Callable[[object], object]) -> object:
        try:
            return handler(value)
        except PydanticCustomError:
            raise
        except ValueError as error:
            if self._only_lacks_quotes(value, handler):
                kind = "boolean" if isinstance(value, bool) else "number"
                raise invalid(
                    f"is a {kind} instead of a string: quote it, or set it with `--type string`"
                ) from None
            refused = [e for e in getattr(error, "errors", list[Any])() if e["type"] == "refused"]
            raise invalid(refused[0]["msg"] if refused else f"is not {self.what}") from None

    def _only_lacks_quotes(self, value: object, handler: Callable[[object], object]) -> bool:
        if not isinstance(value, int | float):
            return False
        try:
            handler(str(value).lower())
        except (ValueError, PydanticCustomError):
            return False
        return True


@dataclass(frozen=True)
class Matching:
    """Rejects strings that do not match `pattern` as a whole or are longer than `longest`."""

    pattern: str
    longest: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._validate, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "pattern": f"^({self.pattern})$", "maxLength": self.longest}

    def _validate(self, value: str) -> str:
        if len(value) > self.longest or not re.fullmatch(self.pattern, value):
            raise ValueError(value)
        return value


@dataclass(frozen=True, eq=False)
class JsonSchemaExtra:
    """Keywords for the JSON Schema that match a validator."""

    keywords: Mapping[str, Any]

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), **self.keywords}


def exact_type(kind: type) -> BeforeValidator:
    """Reject values that only equal one of `kind`, as true and 1.0 equal 1."""

    def validate(value: object) -> object:
        if type(value) is not kind:
            raise ValueError(value)
        return value

    return BeforeValidator(validate)
