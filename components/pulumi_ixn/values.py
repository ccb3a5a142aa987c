"""Values that arguments and stack config take: port, host, quantity."""

import ipaddress
import re
from decimal import Decimal

_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_NAME = re.compile(rf"(?=.{{1,253}}\Z)({_LABEL}\.)*(?!(?:[0-9]+|0[xX][0-9A-Fa-f]*)\.?\Z)({_LABEL})\.?")
"""A DNS name. Its last label is no number: '127.1', '010.0.0.1', '0x7f000001' are addresses to some resolvers."""

_LOOPBACK_NAMES = ("localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback")


def is_name(text: str) -> bool:
    """Say whether `text` is a DNS name."""
    return bool(_NAME.fullmatch(text))


def is_host(text: str) -> bool:
    """Say whether `text` is a DNS name or an IP address, the latter without brackets and zone."""
    return is_name(text) or (_address(text) is not None and "%" not in text)


def is_loopback(host: str) -> bool:
    """Say whether `host` is the machine itself, by name or by address."""
    name = host.lower().rstrip(".")
    if name in _LOOPBACK_NAMES or name.endswith(".localhost"):
        return True
    address = _address(name)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address is not None and (address.is_loopback or address.is_unspecified)


def split_endpoint(value: str) -> tuple[str, int | None]:
    """Split 'host:port', '[v6]:port' or 'host' (the port is then None); ValueError where it is none of these."""
    match = re.fullmatch(r"(?:\[(?P<v6>[^\]]+)\]|(?P<host>[^:\[\]]+))(?::(?P<port>[0-9]{1,5}))?", value)
    if match is None:
        raise ValueError(value)
    port = int(match["port"]) if match["port"] else None
    if port is not None and not 1 <= port <= 65535:
        raise ValueError(value)
    return match["v6"] or match["host"], port


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


PATTERN = r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE]([+-]?[0-9]{1,2})|([KMGTPE]i|[munkMGTPE]))?"
"""What a quantity looks like: number, then exponent or suffix."""

_DECIMAL = {"": 0, "m": -3, "u": -6, "n": -9, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}


def quantity(text: str) -> Decimal:
    """Return the amount of a Kubernetes quantity, in its base unit (cores, bytes); ValueError if it is none."""
    match = re.fullmatch(PATTERN, text)
    if match is None:
        raise ValueError(text)
    number, exponent, suffix = match.groups(default="")
    if suffix in _BINARY:
        return Decimal(number) * 1024 ** _BINARY[suffix]
    return Decimal(number).scaleb(int(exponent) if exponent else _DECIMAL[suffix])


def port_number(value: object, what: str = "a port") -> int:
    """Return the port, 1 to 65535. ValueError that begins with `what` for what is none: text and true are not."""
    # Out of another stack's outputs every number comes as a float: 5432.0 would be written into manifests so.
    number = int(value) if isinstance(value, float) and value.is_integer() else value
    if type(number) is not int or not 1 <= number <= 65535:
        raise ValueError(f"{what} is a whole number from 1 to 65535, not {value!r}")
    return number
