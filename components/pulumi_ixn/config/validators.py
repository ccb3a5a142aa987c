"""Building blocks of the field types: validators, with their messages and their part of the JSON Schema."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic import BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from pulumi_ixn.parsing import Invalid, Parser
from pulumi_ixn.rules import RECORDS


def invalid(text: str) -> PydanticCustomError:
    """Return an error with this message."""
    return PydanticCustomError("invalid", "{text}", {"text": text})


@dataclass(frozen=True)
class Expect:
    """State what is expected, in place of pydantic's own message; keep messages of `invalid`.

    `unit` is for the reference page.
    """

    expected: str
    unit: str = ""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(self._validate, handler(source))

    def _validate(self, value: object, handler: Callable[[object], object]) -> object:
        try:
            return handler(value)
        except PydanticCustomError:
            raise
        except ValueError as error:
            if self._needs_quotes(value, handler):
                kind = "boolean" if isinstance(value, bool) else "number"
                raise invalid(
                    f"is a {kind} instead of a string: quote it, or set it with `--type string`"
                ) from None
            own = (
                [e for e in error.errors() if e["type"] == "invalid"] if isinstance(error, ValidationError) else []
            )
            raise invalid(own[0]["msg"] if own else f"is not {self.expected}") from None

    def _needs_quotes(self, value: object, handler: Callable[[object], object]) -> bool:
        if not isinstance(value, int | float):
            return False
        try:
            handler(str(value).lower())
        except (ValueError, PydanticCustomError):
            return False
        return True


class Parsed(Expect):
    """Parse a value as the library does, and describe it in the JSON Schema."""

    def __init__(self, parser: Parser[object], unit: str = "") -> None:
        super().__init__(parser.expected, unit)
        object.__setattr__(self, "parser", parser)

    parser: Parser[object]

    # `typing` caches equal annotations, but parsers with the same description may differ.
    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        parsed = core_schema.no_info_after_validator_function(self._parse, handler(source))
        return core_schema.no_info_wrap_validator_function(self._validate, parsed)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        described = dict(handler(schema))
        if self.parser.pattern:
            described.setdefault("pattern", f"^({self.parser.pattern})$")
        if self.parser.max_length:
            described["maxLength"] = self.parser.max_length
        return described

    def _parse(self, value: object) -> object:
        try:
            return self.parser(value)
        except Invalid as error:
            raise invalid(str(error)) from None


@dataclass(frozen=True, eq=False)
class JsonSchemaExtra:
    """JSON Schema keywords that match a validator."""

    keywords: Mapping[str, object]

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), **self.keywords}


def exact_type(kind: type) -> BeforeValidator:
    """Reject values of other types than `kind`, even if equal, as true and 1.0 equal 1."""

    def validate(value: object) -> object:
        if type(value) is not kind:
            raise ValueError(value)
        return value

    return BeforeValidator(validate)


def check_record(record: object) -> None:
    """Raise an error if `record` violates the library's rule for its type."""
    for _, message in RECORDS[type(record)](record):
        raise invalid(message)
