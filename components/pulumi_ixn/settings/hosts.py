"""Names and addresses of hosts."""

import ipaddress
import re

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
