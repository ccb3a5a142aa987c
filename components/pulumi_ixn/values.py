"""Parsers for the values of arguments and stack config."""

import ipaddress
import re
import uuid
from decimal import Decimal

from pulumi_ixn import parsing
from pulumi_ixn.parsing import Invalid, Parser, integer, matching, string
from pulumi_ixn.paths import nearest

MAX_PORT = 65535

MAX_DEADLINE = 60
"""Seconds for one connection of the connectivity check: beyond this, the kernel times out first."""

MAX_ROLLOUT = 24 * 60 * 60
"""Seconds for a rollout."""

SASL_MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")

MAX_SID_LENGTH = 52 - len("ixn-server-")
"""A StatefulSet's pods have a label (at most 63 characters) with its name and an 11-character suffix."""

MAX_JOB_NAME = 63 - len("-1a2b3c4")
"""The pods of a Job have a label (at most 63 characters) with its name, which ends with a digest."""


# Hosts

_HOST_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# The last label must not be a number: some resolvers take '127.1', '010.0.0.1' and '0x7f000001' for addresses.
_NAME = rf"(?=.{{1,253}}\Z)({_HOST_LABEL}\.)*(?!(?:[0-9]+|0[xX][0-9A-Fa-f]*)\.?\Z)({_HOST_LABEL})\.?"
_LOOPBACK_NAMES = ("localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback")
_NETWORK = r"[0-9A-Fa-f.:]+/[0-9]{1,3}"


def is_name(text: str) -> bool:
    """Return whether `text` is a DNS name."""
    return bool(re.fullmatch(_NAME, text))


def is_host(text: str) -> bool:
    """Return whether `text` is a DNS name, or an IP address without brackets or zone."""
    return is_name(text) or (_address(text) is not None and "%" not in text)


def is_loopback(host: str) -> bool:
    """Return whether `host` is a loopback or unspecified address, or a name of one."""
    name = host.lower().rstrip(".")
    if name in _LOOPBACK_NAMES or name.endswith(".localhost"):
        return True
    address = _address(name)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address is not None and (address.is_loopback or address.is_unspecified)


def split_endpoint(value: str) -> tuple[str, int | None]:
    """Split 'host:port', '[v6]:port' or 'host' (port None) into host and port. Raises ValueError."""
    match = re.fullmatch(r"(?:\[(?P<v6>[^\]]+)\]|(?P<host>[^:\[\]]+))(?::(?P<port>[0-9]{1,5}))?", value)
    if match is None:
        raise ValueError(value)
    port = int(match["port"]) if match["port"] else None
    if port is not None and not 1 <= port <= MAX_PORT:
        raise ValueError(value)
    return match["v6"] or match["host"], port


def _host(value: object) -> str:
    text = string(value)
    if is_loopback(text):
        raise Invalid(
            "is a loopback address: the vendor's sample uses the sidecar of a Consul service mesh, "
            "which is not supported; use the address of the peer itself"
        )
    if not is_host(text):
        raise ValueError(value)
    return text


def _dns_name(value: object) -> str:
    if not is_name(_host(value)):
        raise ValueError(value)
    return string(value)


def _endpoint(value: object) -> str:
    name, number = split_endpoint(string(value))
    _host(name)
    if number is None:
        raise ValueError(value)
    return string(value)


def _endpoint_or_host(value: object) -> str:
    _host(split_endpoint(string(value))[0])
    return string(value)


def _cidr(value: object) -> str:
    text = string(value)
    if not re.fullmatch(_NETWORK, text):
        raise ValueError(value)
    if ipaddress.ip_network(text).is_loopback:
        raise Invalid("is a loopback network, which is not allowed")
    return text


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


port: Parser[int] = Parser(
    f"a port number, an integer from 1 to {MAX_PORT}", lambda value: integer(value, 1, MAX_PORT)
)
host: Parser[str] = Parser("a host name or an IP address", _host)
dns_name: Parser[str] = Parser("a DNS name", _dns_name)
host_port: Parser[str] = Parser("an address with its port, 'host:port'", _endpoint, r":[0-9]{1,5}")
host_optional_port: Parser[str] = Parser("an address, 'host' or 'host:port'", _endpoint_or_host)
cidr: Parser[str] = Parser("a network in CIDR notation without host bits, such as '10.0.0.0/16'", _cidr, _NETWORK)


# Quantities

QUANTITY = r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE]([+-]?[0-9]{1,2})|([KMGTPE]i|[munkMGTPE]))?"
_DECIMAL = {"": 0, "m": -3, "u": -6, "n": -9, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}


def quantity(text: str) -> Decimal:
    """Return the amount of a Kubernetes quantity in its base unit (cores, bytes). Raises ValueError."""
    match = re.fullmatch(QUANTITY, text)
    if match is None:
        raise ValueError(text)
    number, exponent, suffix = match.groups(default="")
    if suffix in _BINARY:
        return Decimal(number) * 1024 ** _BINARY[suffix]
    return Decimal(number).scaleb(int(exponent) if exponent else _DECIMAL[suffix])


def _above_zero(value: object) -> str:
    if quantity(string(value)) <= 0:
        raise ValueError(value)
    return string(value)


def _bytes(value: object) -> str:
    text = _above_zero(value)
    # Kubernetes merely warns about '512m', half a byte, when '512M' was meant.
    if quantity(text) < 1 or text.endswith(("m", "u", "n")):
        raise Invalid("is a fraction of a byte, 'm' being a thousandth; did you mean 'M' or 'Mi'?")
    return text


cores: Parser[str] = Parser("a Kubernetes quantity above zero, such as '100m' or '2'", _above_zero, QUANTITY)
byte_count: Parser[str] = Parser("a Kubernetes quantity above zero, such as '512Mi' or '2Gi'", _bytes, QUANTITY)


# Kubernetes names

DNS_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_LABEL_NAME = r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?"

dns_label: Parser[str] = matching(
    "a Kubernetes name: lower-case letters, digits and '-', at most 63", DNS_LABEL, 63
)
object_name: Parser[str] = matching(
    "a Kubernetes object name: lower-case letters, digits, '-' and '.', at most 253",
    rf"{DNS_LABEL}(\.{DNS_LABEL})*",
    253,
)
label_key: Parser[str] = matching(
    "a label or annotation key", rf"({DNS_LABEL}(\.{DNS_LABEL})*/)?{_LABEL_NAME}", 317
)
label_value: Parser[str] = matching("a label value, at most 63 characters", rf"({_LABEL_NAME})?", 63)
env_name: Parser[str] = matching("the name of an environment variable", r"[A-Za-z_][A-Za-z0-9_.-]*", 253)
secret_key: Parser[str] = matching("a key of a Secret", r"[-._A-Za-z0-9]+", 253)
pull_policy: Parser[str] = matching("'Always', 'IfNotPresent' or 'Never'", "Always|IfNotPresent|Never", 12)


def without_prefixes(parser: Parser[str], prefixes: tuple[str, ...], reason: str) -> Parser[str]:
    """Return a parser that also rejects values with one of `prefixes`, with the message `reason`."""

    def parse(value: object) -> str:
        text = parser(value)
        if text.startswith(prefixes):
            raise Invalid(reason)
        return text

    return Parser(parser.expected, parse, parser.pattern, parser.max_length)


RESERVED = ("app.kubernetes.io/", "ixn-pulumi/")
RESERVED_ANNOTATIONS = ("checksum/", "ixn-pulumi/")
MESH = ("consul.hashicorp.com/",)
added_label_key: Parser[str] = without_prefixes(label_key, RESERVED, "is set by this package; remove it")
annotation_key: Parser[str] = without_prefixes(
    without_prefixes(label_key, MESH, "may not be set: the Consul service mesh is not supported; remove it"),
    RESERVED_ANNOTATIONS,
    "is set by this package; remove it",
)


# Images, tenants and others

_MECHANISM = "'PLAIN', 'SCRAM-SHA-256' or 'SCRAM-SHA-512'"
_GO_DURATION = r"(?=[1-9])((?P<hours>[0-9]{1,6})h)?((?P<minutes>[0-9]{1,6})m)?"
_VISIBLE = r"[^\s\x00-\x1f\x7f]"
_DOMAIN = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
_PATH = r"[a-z0-9]+((\.|__?|-+)[a-z0-9]+)*"


def _sasl_mechanism(value: object) -> str:
    text = string(value)
    if text not in SASL_MECHANISMS:
        near = nearest(text, SASL_MECHANISMS)
        raise Invalid(f"is not {_MECHANISM}{f'; did you mean {near!r}?' if near else ''}")
    return text


def minutes(duration: str) -> int:
    """Return the minutes of a duration in hours and minutes. Raises ValueError."""
    match = re.fullmatch(_GO_DURATION, duration)
    if match is None:
        raise ValueError(duration)
    return 60 * int(match["hours"] or 0) + int(match["minutes"] or 0)


def _json_value(value: object) -> str | int:
    if not isinstance(value, str | int):
        raise ValueError(value)
    return value


def _uuid(value: object) -> str:
    text = string(value)
    if str(uuid.UUID(text)) != text.lower():
        raise ValueError(value)
    return text.lower()


line: Parser[str] = matching(
    "a single-line string without leading or trailing spaces (quote it in the stack file)",
    rf"{_VISIBLE}([^\x00-\x1f\x7f]*{_VISIBLE})?",
    1024,
)
tenant_id: Parser[str] = Parser(
    "a UUID, such as '9350e2fc-a1dd-4c65-8d40-1f75a2e080dd'",
    _uuid,
    "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
)
tenant_key: Parser[str] = matching(
    "a tenant key: letters, digits, '-' and '_', at most 63", r"[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?", 63
)
sid: Parser[str] = matching(
    f"a tenant's short id: lower-case letters, digits and '-', at most {MAX_SID_LENGTH} "
    "(quote it where it begins with 0)",
    DNS_LABEL,
    MAX_SID_LENGTH,
)
registry: Parser[str] = matching(
    "an image registry without a scheme, such as 'registry.example.com' or 'localhost:5000/ixn'",
    rf"{_DOMAIN}(\.{_DOMAIN})*(:[0-9]{{1,5}})?(/{_PATH})*/?",
    255,
)
repository: Parser[str] = matching(
    "an image repository in lower case, without scheme and tag, such as 'ixn/ixn_node'",
    rf"{_PATH}(/{_PATH})*",
    255,
)
image_tag: Parser[str] = matching("an image tag, at most 63 characters", _LABEL_NAME, 63)
issuer_kind: Parser[str] = matching(
    "the kind of an issuer, such as 'Issuer' or 'ClusterIssuer'", "[A-Z][A-Za-z0-9]*", 63
)
go_duration: Parser[str] = matching(
    "a duration in hours and minutes, such as '2160h' or '1h30m'", _GO_DURATION, 32
)
common_name: Parser[str] = matching(
    "a common name, 1 to 64 visible characters and inner spaces", r"[!-~]([ -~]{0,62}[!-~])?", 64
)
json_field: Parser[str] = matching("the name of a JSON field: visible characters, at most 253", r"[!-~]+", 253)
duration: Parser[str] = matching(
    "a Prometheus duration, such as '30s' or '1m'", r"(?=[1-9])([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?", 32
)
http_path: Parser[str] = matching("a path that begins with '/'", r"/\S*", 255)
sasl_mechanism: Parser[str] = Parser(_MECHANISM, _sasl_mechanism, "|".join(SASL_MECHANISMS))
text: Parser[str] = Parser("a string (quote it in the stack file)", string)
json_value: Parser[str | int] = Parser("a string, a whole number, true or false", _json_value)
text_or_none: Parser[str | None] = Parser(
    "a string or None", lambda value: None if value is None else string(value)
)
whole_number: Parser[int] = Parser("a whole number", lambda value: integer(value, -(2**63), 2**63 - 1))
number: Parser[float] = Parser("a number", parsing.number)
int_or_text: Parser[int | str] = Parser(
    "a whole number or a string", lambda value: value if isinstance(value, str) else whole_number(value)
)
boolean: Parser[bool] = Parser("true or false", parsing.boolean)
password: Parser[str] = Parser("a string of at least one character", parsing.non_empty)
registry_or_none: Parser[str] = Parser(registry.expected, lambda value: registry(value) if value else "")
amount: Parser[str] = Parser("a Kubernetes quantity above zero, such as '100m' or '512Mi'", _above_zero, QUANTITY)
replicas: Parser[int] = Parser(
    "a number of replicas, an integer from 1 to 1000", lambda value: integer(value, 1, 1000)
)
one_replica: Parser[int] = Parser(
    "1: the primary/backup pair of IXN Server is not supported yet", lambda value: integer(value, 1, 1)
)
rollout_timeout: Parser[int] = Parser(
    f"a number of seconds, an integer from 1 to {MAX_ROLLOUT}", lambda value: integer(value, 1, MAX_ROLLOUT)
)
deadline: Parser[int] = Parser(
    f"a number of seconds, an integer from 1 to {MAX_DEADLINE}", lambda value: integer(value, 1, MAX_DEADLINE)
)
