"""Settings that are Kubernetes objects, or parts of them, validated as the library validates them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, core_schema

from pulumi_ixn.config.validators import invalid
from pulumi_ixn.fragments import rules
from pulumi_ixn.paths import parts_of
from pulumi_ixn.validation import NO_VALUE, FieldRule, Issue, Validator

_REFERENCE = "https://kubernetes.io/docs/reference/kubernetes-api"
_POD = f"{_REFERENCE}/workload-resources/pod-v1"

Object: TypeAlias = Mapping[str, Any]
"""A fragment with keys in snake case, as the library has it."""

NO_INPUT = "invalid_object"
"""The type of an error whose value is not shown."""


def validation_error(issues: Iterable[Issue]) -> ValidationError:
    """Return an error that adds all issues, each at its path, to the path of the value that is validated."""
    return ValidationError.from_exception_data(
        "Kubernetes object",
        [InitErrorDetails(type=_error(each), loc=parts_of(each.path), input=_input(each)) for each in issues],
    )


def _error(issue: Issue) -> PydanticCustomError:
    if issue.value is NO_VALUE:
        return PydanticCustomError(NO_INPUT, "{text}", {"text": issue.message})
    return invalid(issue.message)


def _input(issue: Issue) -> object:
    return None if issue.value is NO_VALUE else issue.value


@dataclass(frozen=True, eq=False)
class KubernetesObject:
    """The fields of a Kubernetes object, in its own camel case, or a `several`; `rule` parses them."""

    rule: FieldRule
    kind: str
    page: str
    several: bool = False
    of: str = "Kubernetes"

    @property
    def expected(self) -> str:
        """What the reference page says about its type."""
        link = f"[{self.kind}]({self.page}/#{self.kind})"
        return f"list: {self.of} {link}" if self.several else f"fields of a {self.of} {link}"

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self._validate)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        said = {"type": "object", "$comment": f"{self.of} {self.kind}: {self.page}/#{self.kind}"}
        return {"type": "array", "items": said} if self.several else said

    def _validate(self, value: object) -> object:
        issues: list[Issue] = []
        parsed = Validator({}, {}).field(value, "", self.rule, issues)
        if issues:
            raise validation_error(issues)
        return parsed


_DEPLOYMENT, _STATEFUL_SET = (
    f"{_REFERENCE}/workload-resources/{name}-v1" for name in ("deployment", "stateful-set")
)

PodFields: TypeAlias = Annotated[Object, KubernetesObject(rules.pod(rules.CAMEL), "PodSpec", _POD)]
ContainerFields: TypeAlias = Annotated[Object, KubernetesObject(rules.container(rules.CAMEL), "Container", _POD)]
Containers: TypeAlias = Annotated[
    list[Object], KubernetesObject(rules.sidecars(rules.CAMEL), "Container", _POD, several=True)
]
DeploymentFields: TypeAlias = Annotated[
    Object, KubernetesObject(rules.deployment_update(rules.CAMEL), "DeploymentSpec", _DEPLOYMENT)
]
StatefulSetFields: TypeAlias = Annotated[
    Object, KubernetesObject(rules.stateful_set_update(rules.CAMEL), "StatefulSetSpec", _STATEFUL_SET)
]
