"""The targets of a workload's connectivity check: its outgoing links, as lines and as a digest."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from itertools import chain
from typing import cast

import pulumi

from pulumi_ixn.addresses import NODE_IP, Address, addresses_of
from pulumi_ixn.inputs import apply, apply_all, as_output
from pulumi_ixn.links import Link, Links, ResolvedPortRange
from pulumi_ixn.policies import Isolation
from pulumi_ixn.validation import InvalidInputs, Issue

NODE_IP_VARIABLE = "NODE_IP"
"""The environment variable with the node's address; the kubelet expands references to it in the lines."""

_HOST = re.compile(r"[0-9A-Za-z_.:-]+")


def target_lines(outgoing: Links) -> pulumi.Output[list[str]]:
    """Return a line '<row> <host> <port>' for each address. Raises InvalidInputs for an invalid one."""
    return as_output(
        apply_all([_lines(link) for link in outgoing], lambda found: list(chain.from_iterable(found)))
    )


def links_digest(outgoing: Links, isolation: Isolation | None) -> pulumi.Output[str]:
    """Return a digest of the isolation, and of the locations and ports that policies allow for the links."""
    content: list[object] = [
        {
            "row": link.row.number,
            "locations": _as_data(link.locations),
            "ports": apply(link.allowed_ports, _pairs),
        }
        for link in outgoing
    ]
    if isolation is not None:
        content.append(_as_data(isolation))
    return pulumi.Output.json_dumps(content, sort_keys=True).apply(
        lambda text: hashlib.sha256(text.encode()).hexdigest()
    )


def _lines(link: Link) -> pulumi.Input[list[str]]:
    # Include the addresses to which clients are redirected: without them, the peer is unusable.
    return apply(
        addresses_of(link.all_endpoints),
        lambda both: list(dict.fromkeys(_line(link, address) for found in both for address in found)),
    )


def _line(link: Link, address: Address) -> str:
    host = address.host
    if link.is_node_local and host == NODE_IP:
        host = f"$({NODE_IP_VARIABLE})"
    elif not _HOST.fullmatch(host):
        # The script splits a line at blanks, and the kubelet expands '$(...)'.
        raise InvalidInputs([Issue(f"{link.path}.endpoints", "is not a host name or an IP address", host)])
    return f"{link.row.number} {host} {address.port}"


def _pairs(ranges: Sequence[ResolvedPortRange]) -> list[list[int]]:
    return [[each.first, each.last] for each in ranges]


def _as_data(value: object) -> object:
    """Return records as mappings, in which Pulumi resolves Outputs; keep their Inputs."""
    if is_dataclass(value):
        entries = {each.name: _as_data(getattr(value, each.name)) for each in fields(value)}
        return {"kind": type(value).__name__, **entries}
    if isinstance(value, Mapping):
        return dict(cast("Mapping[str, object]", value))
    if isinstance(value, list | tuple):
        return [_as_data(each) for each in cast("Sequence[object]", value)]
    return value
