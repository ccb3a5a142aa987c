"""The types of the settings' fields: the library's parsers, for pydantic and the JSON Schema."""

from collections.abc import Callable, Iterable
from typing import Annotated, ClassVar, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from pulumi_ixn import images, values
from pulumi_ixn.config.validators import Expect, JsonSchemaExtra, Parsed, exact_type
from pulumi_ixn.spec import Row


class Model(BaseModel):
    """Base of the settings' models: camelCase keys, no unknown keys, no type coercion."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        defer_build=True,  # else each model builds its own copy of the models in it, at every start of the program
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        strict=True,
        hide_input_in_errors=True,
    )


M = TypeVar("M", bound=Model)


def empty(model: type[M]) -> Callable[[], M]:
    """Return a factory of a `model` with all defaults."""
    return lambda: model.model_validate({})


def connections_text(rows: Iterable[Row]) -> str:
    """Return the numbers of `rows`, as in 'connection 1' or 'connections 2, 3'."""
    numbers = [str(row.number) for row in rows]
    return f"connection{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"


def _whole_number_as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_NOT_LOOPBACK = JsonSchemaExtra({"not": {"pattern": r"^(localhost(:|$)|127\.|::1$|\[::1\])"}})

Port = Annotated[int, Field(ge=1, le=values.MAX_PORT), Parsed(values.port, "port")]
Replicas = Annotated[int, Field(ge=1, le=1000), Parsed(values.replicas, "pods")]
Deadline = Annotated[int, Field(ge=1, le=values.MAX_DEADLINE), Parsed(values.deadline, "seconds")]
RolloutTimeout = Annotated[int, Field(ge=1, le=values.MAX_ROLLOUT), Parsed(values.rollout_timeout, "seconds")]
OneReplica = Annotated[Literal[1], exact_type(int), Parsed(values.one_replica)]
OnlyTrue = Annotated[Literal[True], exact_type(bool), Expect("true (omit the key otherwise)")]
StrictBool = Annotated[bool, Parsed(values.boolean)]
Line = Annotated[str, Field(min_length=1), Parsed(values.line)]
Str = Annotated[str, Parsed(values.text)]
Host = Annotated[str, _NOT_LOOPBACK, Parsed(values.host)]
DnsName = Annotated[str, _NOT_LOOPBACK, Parsed(values.dns_name)]
HostPort = Annotated[str, JsonSchemaExtra({"pattern": r":[0-9]{1,5}$"}), _NOT_LOOPBACK, Parsed(values.host_port)]
HostOptionalPort = Annotated[str, _NOT_LOOPBACK, Parsed(values.host_optional_port)]
Cores = Annotated[str, Parsed(values.cores, "cores")]
Bytes = Annotated[str, Parsed(values.byte_count, "bytes")]
Uuid = Annotated[str, Parsed(values.tenant_id)]
Cidr = Annotated[str, Parsed(values.cidr)]
DnsLabel = Annotated[str, Parsed(values.dns_label)]
ObjectName = Annotated[str, Parsed(values.object_name)]
Sid = Annotated[
    str,
    BeforeValidator(_whole_number_as_text),
    JsonSchemaExtra({"type": ["string", "integer"]}),
    Parsed(values.sid),
]
TenantKey = Annotated[str, Parsed(values.tenant_key)]
LabelKey = Annotated[str, Parsed(values.label_key)]
LabelValue = Annotated[str, Parsed(values.label_value)]
AddedLabelKey = Annotated[str, Parsed(values.added_label_key)]
AnnotationKey = Annotated[str, Parsed(values.annotation_key)]
EnvName = Annotated[str, Parsed(values.env_name)]
SecretKey = Annotated[str, Parsed(values.secret_key)]
Duration = Annotated[str, Parsed(values.duration, "duration")]
HttpPath = Annotated[str, Parsed(values.http_path)]
Registry = Annotated[str, Parsed(values.registry)]
Repository = Annotated[str, Parsed(values.repository)]
ImageTag = Annotated[str, Parsed(values.image_tag)]
ImageDigest = Annotated[str, Parsed(images.digest)]
IsolationMode = Annotated[Literal["kubernetes", "cilium", "none"], Expect("'kubernetes', 'cilium' or 'none'")]
PullPolicy = Annotated[str, Parsed(values.pull_policy)]
