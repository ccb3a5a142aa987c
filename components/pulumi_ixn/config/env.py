"""Environment variables of a container, as settings: none in clear that its contract reads from a Secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from pulumi_ixn.config.validators import invalid
from pulumi_ixn.contract import Contract, Credential


@dataclass(frozen=True, eq=False)
class NoSecretEnv:
    """Refuses a value, though not null, for a variable that `contract` reads from a Secret."""

    contract: Contract

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._validate, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "properties": {name: {"type": "null"} for name in self._rows()}}

    def _validate(self, env: Mapping[str, str | None]) -> Mapping[str, str | None]:
        for name, row in self._rows().items():
            if env.get(name) is not None:
                raise invalid(
                    f"may not include {name}, which the container reads from a Secret (connection {row}): the pod "
                    "would hold it in plain text; use `secret` of that peer"
                )
        return env

    def _rows(self) -> dict[str, int]:
        """Return the connection whose Secret is read, by the name of the variable."""
        values = {name: key.value for name, key in self.contract.env.items()}
        return {name: value.row for name, value in values.items() if isinstance(value, Credential)}
