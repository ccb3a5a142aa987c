"""The validation rules of peers: for each field, and for each record as a whole."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from pulumi_ixn import values
from pulumi_ixn.peers import (
    CidrBlocks,
    DnsNames,
    Endpoint,
    NodeAgent,
    Peer,
    Peers,
    PodSelector,
    PortRange,
    SecretFile,
    SecretRef,
    Service,
)
from pulumi_ixn.validation import Each, Entries, FieldRule, RecordRule, Validator

Issues: TypeAlias = Iterator[tuple[str, str]]

_ALL_PODS = "must have at least one label: without one it selects every pod"
NON_EMPTY = "must have at least one entry: an empty list would match everything"
_NO_LOCATION = "must have at least one location: a rule without one matches all traffic"

_LABELS = Entries(values.label_key, values.label_value, _ALL_PODS)
_CIDRS = Each(values.cidr, NON_EMPTY)
LOCATIONS = Each(non_empty=_NO_LOCATION)

LOCATED: Mapping[str, FieldRule] = {"locations": LOCATIONS, "target_ports": Each(non_empty=NON_EMPTY)}

PEER_FIELDS: Mapping[type, Mapping[str, FieldRule]] = {
    PodSelector: {"namespace": values.dns_label, "labels": _LABELS},
    CidrBlocks: {"cidrs": _CIDRS},
    NodeAgent: {"cidrs": _CIDRS},
    DnsNames: {"names": Each(values.dns_name, NON_EMPTY)},
    Endpoint: {"host": values.host, "port": values.port},
    PortRange: {"first": values.port, "last": values.port},
    SecretRef: {"name": values.object_name},
    SecretFile: {"secret_name": values.object_name, "key": values.secret_key},
    Peer: LOCATED,
    Peers: {},
    Service: {
        "name": values.dns_label,
        "namespace": values.dns_label,
        "labels": _LABELS,
        "port": values.port,
        "target_port": values.port,
    },
}


def _port_range(record: PortRange) -> Issues:
    first, last = record.first, record.last
    if isinstance(first, int) and isinstance(last, int) and last < first:
        yield "", f"is not a range of ports: {last} is below {first}"


PEER_RECORDS: Mapping[type, RecordRule] = {PortRange: _port_range}

validate_peer: Validator = Validator(PEER_FIELDS, PEER_RECORDS)
"""Return a peer with parsed values. Raises InvalidInputs with every violation."""
