"""The kinds of value that settings take, each with the words that say what is expected."""

import ipaddress
import re
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WrapValidator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from pulumi_ixn.settings.hosts import is_host, is_loopback


class Model(BaseModel):
    """Base of the settings' models: camelCase keys, unknown ones refused, nothing converted."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        strict=True,
        hide_input_in_errors=True,
    )


M = TypeVar("M", bound=Model)


def empty(model: type[M]) -> Callable[[], M]:
    """Return what makes a `model` of nothing but defaults."""
    return lambda: model.model_validate({})


def refusal(text: str) -> PydanticCustomError:
    """Return the error that says what a value should have been."""
    return PydanticCustomError("refused", "{text}", {"text": text})


def expect(what: str) -> WrapValidator:
    """Say `what` is expected, in place of pydantic's own words; what a refusal of ours says is kept."""

    def validate(value: object, handler: Callable[[object], object]) -> object:
        try:
            return handler(value)
        except PydanticCustomError:
            raise
        except ValueError as error:
            refused = [e for e in getattr(error, "errors", list[Any])() if e["type"] == "refused"]
            raise refusal(refused[0]["msg"] if refused else f"is not {what}") from None

    return WrapValidator(validate)


def matching(pattern: str, longest: int) -> AfterValidator:
    """Refuse text that does not match `pattern` as a whole or is longer than `longest`."""
    compiled = re.compile(pattern)

    def validate(value: str) -> str:
        if len(value) > longest or not compiled.fullmatch(value):
            raise ValueError(value)
        return value

    return AfterValidator(validate)


def exactly(kind: type) -> BeforeValidator:
    """Refuse what only equals a value of `kind`, as true and 1.0 equal 1."""

    def validate(value: object) -> object:
        if type(value) is not kind:
            raise ValueError(value)
        return value

    return BeforeValidator(validate)


def _host(value: str) -> str:
    if is_loopback(value):
        raise refusal(
            "is a loopback address: the vendor's sample dials it through a Consul mesh sidecar, "
            "which is not supported; give the neighbour's own address"
        )
    if not is_host(value):
        raise ValueError(value)
    return value


def split_endpoint(value: str) -> tuple[str, int | None]:
    """Split 'host:port', '[v6]:port' or 'host' (the port is then None); ValueError where it is none of these."""
    match = re.fullmatch(r"(?:\[(?P<v6>[^\]]+)\]|(?P<host>[^:\[\]]+))(?::(?P<port>[0-9]{1,5}))?", value)
    if match is None:
        raise ValueError(value)
    port = int(match["port"]) if match["port"] else None
    if port is not None and not 1 <= port <= 65535:
        raise ValueError(value)
    return match["v6"] or match["host"], port


def _endpoint(value: str) -> str:
    host, port = split_endpoint(value)
    _host(host)
    if port is None:
        raise ValueError(value)
    return value


def _endpoint_or_host(value: str) -> str:
    _host(split_endpoint(value)[0])
    return value


_SUFFIXES = {
    "": 0, "m": -3, "u": -6, "n": -9, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18,
}  # fmt: skip
_BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}
_QUANTITY = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE]([+-]?[0-9]{1,2})|([KMGTPE]i|[munkMGTPE]))?")


def quantity(value: str) -> Decimal:
    """Return the amount of a Kubernetes quantity, in its base unit (cores, bytes); ValueError if it is none."""
    match = _QUANTITY.fullmatch(value)
    if match is None:
        raise ValueError(value)
    number, exponent, suffix = match.groups(default="")
    if suffix in _BINARY:
        return Decimal(number) * 1024 ** _BINARY[suffix]
    return Decimal(number).scaleb(int(exponent) if exponent else _SUFFIXES[suffix])


def _quantity(value: str) -> str:
    if quantity(value) <= 0:
        raise ValueError(value)
    return value


def _uuid(value: str) -> str:
    if str(uuid.UUID(value)) != value.lower():
        raise ValueError(value)
    return value.lower()


def _cidr(value: str) -> str:
    if not re.fullmatch(r"[0-9A-Fa-f.:]+/[0-9]{1,3}", value):
        raise ValueError(value)
    if ipaddress.ip_network(value).is_loopback:
        raise refusal("is a loopback network, in which no neighbour is")
    return value


def _whole_number_as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_LABEL_NAME = r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?"
_DNS_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"

Port = Annotated[int, Field(ge=1, le=65535), expect("a port number, an integer from 1 to 65535")]
Count = Annotated[int, Field(ge=1, le=1000), expect("a number of replicas, an integer from 1 to 1000")]
UserId = Annotated[int, Field(ge=1), expect("a user or group id, an integer from 1")]
Truth = Annotated[Literal[True], exactly(bool), expect("true: leave the key out where it is not so")]
Switch = Annotated[bool, expect("true or false")]
Text = Annotated[str, Field(min_length=1), expect("text (quote it in the stack file)")]
AnyText = Annotated[str, expect("text (quote it in the stack file)")]
Host = Annotated[str, AfterValidator(_host), expect("a host name or an IP address")]
HostPort = Annotated[str, AfterValidator(_endpoint), expect("an address with its port, 'host:port'")]
HostMaybePort = Annotated[str, AfterValidator(_endpoint_or_host), expect("an address, 'host' or 'host:port'")]
Quantity = Annotated[
    str, AfterValidator(_quantity), expect("a Kubernetes quantity above zero, such as '100m' or '2Gi'")
]
Uuid = Annotated[str, AfterValidator(_uuid), expect("a UUID, such as '9350e2fc-a1dd-4c65-8d40-1f75a2e080dd'")]
Cidr = Annotated[
    str, AfterValidator(_cidr), expect("a network in CIDR notation, such as '10.0.0.0/16', its host bits zero")
]
DnsLabel = Annotated[
    str,
    matching(_DNS_LABEL, 63),
    expect("a Kubernetes name: lower-case letters, digits and '-', at most 63"),
]
ObjectName = Annotated[
    str,
    matching(rf"{_DNS_LABEL}(\.{_DNS_LABEL})*", 253),
    expect("a Kubernetes object's name: lower-case letters, digits, '-' and '.', at most 253"),
]
Sid = Annotated[
    str,
    BeforeValidator(_whole_number_as_text),
    matching(_DNS_LABEL, 63),
    expect(
        "a tenant's short id: lower-case letters, digits and '-', at most 63 (quote it where it begins with 0)"
    ),
]
TenantKey = Annotated[
    str,
    matching(r"[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?", 63),
    expect("a tenant's key: letters, digits, '-' and '_', at most 63"),
]
LabelKey = Annotated[
    str,
    matching(rf"({_DNS_LABEL}(\.{_DNS_LABEL})*/)?{_LABEL_NAME}", 317),
    expect("a label's or annotation's key"),
]
LabelValue = Annotated[
    str, matching(rf"({_LABEL_NAME})?", 63), expect("a label's value, text of at most 63 characters")
]
EnvName = Annotated[str, matching(r"[A-Za-z_][A-Za-z0-9_.-]*", 253), expect("an environment variable's name")]
SecretKey = Annotated[str, matching(r"[-._A-Za-z0-9]+", 253), expect("a key of a Secret")]
Duration = Annotated[
    str,
    matching(r"(?=[1-9])([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?", 32),
    expect("a Prometheus duration, such as '30s' or '1m'"),
]
HttpPath = Annotated[str, matching(r"/\S*", 255), expect("a path that begins with '/'")]
ImagePart = Annotated[
    str,
    matching(r"[A-Za-z0-9][A-Za-z0-9._/:-]*", 255),
    expect("a registry or repository of images, without a scheme"),
]
ImageTag = Annotated[str, matching(_LABEL_NAME, 63), expect("an image's tag, text of at most 63 characters")]
PullPolicy = Annotated[
    str, matching("Always|IfNotPresent|Never", 12), expect("'Always', 'IfNotPresent' or 'Never'")
]
