"""Environment variables, except those that the contract reads from a Secret."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from pulumi_ixn.args import PodArgs
from pulumi_ixn.config.validators import invalid
from pulumi_ixn.contract import Contract, Credential
from pulumi_ixn.manifests.workload import env_issues


@dataclass(frozen=True, eq=False)
class NoSecretEnv:
    """Reject non-null values of variables that `contract` reads from a Secret."""

    contract: Contract

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._validate, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "properties": {name: {"type": "null"} for name in self._names()}}

    def _validate(self, env: Mapping[str, str | None]) -> Mapping[str, str | None]:
        for issue in env_issues(PodArgs(env=env), self.contract, ""):
            raise invalid(issue.message)
        return env

    def _names(self) -> list[str]:
        return [name for name, entry in self.contract.env.items() if isinstance(entry.value, Credential)]
