"""The types of the settings' fields, each with what is expected."""

import ipaddress
import re
import uuid
from collections.abc import Callable, Iterable
from typing import Annotated, ClassVar, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from pulumi_ixn.args import MAX_DEADLINE
from pulumi_ixn.config.validators import Expect, JsonSchemaExtra, Matching, exact_type, invalid
from pulumi_ixn.naming import DNS_LABEL, MAX_SID_LENGTH
from pulumi_ixn.spec import Row
from pulumi_ixn.values import PATTERN, is_host, is_loopback, is_name, quantity, split_endpoint


class Model(BaseModel):
    """Base of the settings' models: camelCase keys, no unknown ones, no conversion."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        strict=True,
        hide_input_in_errors=True,
    )


def connections_text(rows: Iterable[Row]) -> str:
    """Return the numbers of `rows`, as in 'connection 1' or 'connections 2, 3'."""
    numbers = [str(row.number) for row in rows]
    return f"connection{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"


M = TypeVar("M", bound=Model)


def empty(model: type[M]) -> Callable[[], M]:
    """Return a factory of a `model` with all defaults."""
    return lambda: model.model_validate({})


_NETWORK = r"[0-9A-Fa-f.:]+/[0-9]{1,3}"


def _host(value: str) -> str:
    if is_loopback(value):
        raise invalid(
            "is a loopback address: the vendor's sample uses the sidecar of a Consul service mesh, "
            "which is not supported; use the address of the peer itself"
        )
    if not is_host(value):
        raise ValueError(value)
    return value


def _dns_name(value: str) -> str:
    if not is_name(_host(value)):
        raise ValueError(value)
    return value


def _endpoint(value: str) -> str:
    host, port = split_endpoint(value)
    _host(host)
    if port is None:
        raise ValueError(value)
    return value


def _endpoint_or_host(value: str) -> str:
    _host(split_endpoint(value)[0])
    return value


def _quantity(value: str) -> str:
    if quantity(value) <= 0:
        raise ValueError(value)
    return value


def _bytes(value: str) -> str:
    # Kubernetes only warns of '512m', half a byte, where '512M' was meant.
    if quantity(_quantity(value)) < 1 or value.endswith(("m", "u", "n")):
        raise invalid("is a fraction of a byte, 'm' being a thousandth; did you mean 'M' or 'Mi'?")
    return value


def _uuid(value: str) -> str:
    if str(uuid.UUID(value)) != value.lower():
        raise ValueError(value)
    return value.lower()


def _cidr(value: str) -> str:
    if not re.fullmatch(_NETWORK, value):
        raise ValueError(value)
    if ipaddress.ip_network(value).is_loopback:
        raise invalid("is a loopback network, which is not allowed")
    return value


def _whole_number_as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_LABEL_NAME = r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?"
_CONTROL = r"\x00-\x1f\x7f"
_VISIBLE = rf"[^\s{_CONTROL}]"
_DOMAIN = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
_PATH = r"[a-z0-9]+((\.|__?|-+)[a-z0-9]+)*"
_NOT_LOOPBACK = JsonSchemaExtra({"not": {"pattern": r"^(localhost(:|$)|127\.|::1$|\[::1\])"}})
_QUANTITY = JsonSchemaExtra({"pattern": f"^({PATTERN})$"})

Port = Annotated[int, Field(ge=1, le=65535), Expect("a port number, an integer from 1 to 65535", "port")]
Replicas = Annotated[int, Field(ge=1, le=1000), Expect("a number of replicas, an integer from 1 to 1000", "pods")]
Deadline = Annotated[
    int,
    Field(ge=1, le=MAX_DEADLINE),
    Expect(f"a number of seconds, an integer from 1 to {MAX_DEADLINE}", "seconds"),
]
OnlyTrue = Annotated[Literal[True], exact_type(bool), Expect("true (omit the key otherwise)")]
StrictBool = Annotated[bool, Expect("true or false")]
Line = Annotated[
    str,
    Field(min_length=1),
    Matching(rf"{_VISIBLE}([^{_CONTROL}]*{_VISIBLE})?", 1024),
    Expect("a string of one line without surrounding blanks (quote it in the stack file)"),
]
Str = Annotated[str, Expect("a string (quote it in the stack file)")]
Host = Annotated[str, AfterValidator(_host), _NOT_LOOPBACK, Expect("a host name or an IP address")]
DnsName = Annotated[str, AfterValidator(_dns_name), _NOT_LOOPBACK, Expect("a DNS name")]
HostPort = Annotated[
    str,
    AfterValidator(_endpoint),
    JsonSchemaExtra({"pattern": r":[0-9]{1,5}$"}),
    _NOT_LOOPBACK,
    Expect("an address with its port, 'host:port'"),
]
HostMaybePort = Annotated[
    str, AfterValidator(_endpoint_or_host), _NOT_LOOPBACK, Expect("an address, 'host' or 'host:port'")
]
Cores = Annotated[
    str,
    AfterValidator(_quantity),
    _QUANTITY,
    Expect("a Kubernetes quantity above zero, such as '100m' or '2'", "cores"),
]
Bytes = Annotated[
    str,
    AfterValidator(_bytes),
    _QUANTITY,
    Expect("a Kubernetes quantity above zero, such as '512Mi' or '2Gi'", "bytes"),
]
Uuid = Annotated[
    str,
    AfterValidator(_uuid),
    JsonSchemaExtra({"pattern": "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"}),
    Expect("a UUID, such as '9350e2fc-a1dd-4c65-8d40-1f75a2e080dd'"),
]
Cidr = Annotated[
    str,
    AfterValidator(_cidr),
    JsonSchemaExtra({"pattern": f"^{_NETWORK}$"}),
    Expect("a network in CIDR notation, such as '10.0.0.0/16', without host bits"),
]
DnsLabel = Annotated[
    str,
    Matching(DNS_LABEL, 63),
    Expect("a Kubernetes name: lower-case letters, digits and '-', at most 63"),
]
ObjectName = Annotated[
    str,
    Matching(rf"{DNS_LABEL}(\.{DNS_LABEL})*", 253),
    Expect("a Kubernetes object's name: lower-case letters, digits, '-' and '.', at most 253"),
]
Sid = Annotated[
    str,
    BeforeValidator(_whole_number_as_text),
    Matching(DNS_LABEL, 63),
    JsonSchemaExtra({"type": ["string", "integer"]}),
    Expect(
        f"a tenant's short id: lower-case letters, digits and '-', at most {MAX_SID_LENGTH} "
        "(quote it where it begins with 0)"
    ),
]
TenantKey = Annotated[
    str,
    Matching(r"[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?", 63),
    Expect("a tenant's key: letters, digits, '-' and '_', at most 63"),
]
LabelKey = Annotated[
    str,
    Matching(rf"({DNS_LABEL}(\.{DNS_LABEL})*/)?{_LABEL_NAME}", 317),
    Expect("a label's or annotation's key"),
]
LabelValue = Annotated[str, Matching(rf"({_LABEL_NAME})?", 63), Expect("a label's value, at most 63 characters")]
EnvName = Annotated[str, Matching(r"[A-Za-z_][A-Za-z0-9_.-]*", 253), Expect("an environment variable's name")]
SecretKey = Annotated[str, Matching(r"[-._A-Za-z0-9]+", 253), Expect("a key of a Secret")]
Duration = Annotated[
    str,
    Matching(r"(?=[1-9])([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?", 32),
    Expect("a Prometheus duration, such as '30s' or '1m'", "duration"),
]
HttpPath = Annotated[str, Matching(r"/\S*", 255), Expect("a path that begins with '/'")]
Registry = Annotated[
    str,
    Matching(rf"{_DOMAIN}(\.{_DOMAIN})*(:[0-9]{{1,5}})?(/{_PATH})*/?", 255),
    Expect("a registry of images, without a scheme, such as 'registry.example.com' or 'localhost:5000/ixn'"),
]
Repository = Annotated[
    str,
    Matching(rf"{_PATH}(/{_PATH})*", 255),
    Expect("a repository of images, in lower case, without a scheme and a tag, such as 'ixn/ixn_node'"),
]
ImageTag = Annotated[str, Matching(_LABEL_NAME, 63), Expect("an image's tag, at most 63 characters")]
IsolationMode = Annotated[Literal["kubernetes", "cilium", "none"], Expect("'kubernetes', 'cilium' or 'none'")]
PullPolicy = Annotated[
    str, Matching("Always|IfNotPresent|Never", 12), Expect("'Always', 'IfNotPresent' or 'Never'")
]
