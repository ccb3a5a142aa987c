"""Names and addresses of hosts."""

import ipaddress
import re

_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_NAME = re.compile(rf"(?=.{{1,253}}\Z)({_LABEL}\.)*(?![0-9]+\.?\Z)({_LABEL})\.?")
"""A DNS name. Its last label is not a number: '127.1' and '010.0.0.1' are addresses to some resolvers."""

_LOOPBACK_NAMES = ("localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback")


def is_host(text: str) -> bool:
    """Say whether `text` is a DNS name or an IP address, the latter without brackets and zone."""
    return bool(_NAME.fullmatch(text)) or (_address(text) is not None and "%" not in text)


def is_loopback(host: str) -> bool:
    """Say whether `host` is the machine itself, by name or by address."""
    name = host.lower().rstrip(".")
    if name in _LOOPBACK_NAMES or name.endswith(".localhost"):
        return True
    address = _address(name)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address is not None and (address.is_loopback or address.is_unspecified)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
