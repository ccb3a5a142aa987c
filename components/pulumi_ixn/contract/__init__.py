"""The container contract: what each image expects of its environment, in one overridable place.

The vendor's images are not public, so every key states its origin: the vendor's sample values (`FromVendor`) or
an assumption of this package (`Assumed`). All names of environment variables are assumptions: the samples show
settings, but not what the vendor's chart renders from them. A `Key` is a value (`Constant`, `TenantField`,
`ListenPort`, `Host`, `Port`, `Addresses`, `PeerProperty`, `Credential`) and its origin. To change a
contract, pass a copy of it, from `dataclasses.replace`, as `PodArgs.contract`.
"""

from pulumi_ixn.contract.model import (
    Addresses,
    Assumed,
    CertificateFiles,
    Constant,
    Contract,
    Credential,
    FromVendor,
    Host,
    Key,
    ListenPort,
    Mount,
    PeerProperty,
    Port,
    Probe,
    Provenance,
    Scratch,
    Shutdown,
    TenantField,
    Value,
)
from pulumi_ixn.contract.node import NODE_CONTRACT
from pulumi_ixn.contract.server import SERVER_CONTRACT
from pulumi_ixn.contract.service_json import KAFKA_CERTIFICATES, KAFKA_JSON, REDIS_CERTIFICATES, REDIS_JSON
from pulumi_ixn.contract.vq_node import VQ_NODE_CONTRACT

__all__ = [
    "KAFKA_CERTIFICATES",
    "KAFKA_JSON",
    "NODE_CONTRACT",
    "REDIS_CERTIFICATES",
    "REDIS_JSON",
    "SERVER_CONTRACT",
    "VQ_NODE_CONTRACT",
    "Addresses",
    "Assumed",
    "CertificateFiles",
    "Constant",
    "Contract",
    "Credential",
    "FromVendor",
    "Host",
    "Key",
    "ListenPort",
    "Mount",
    "PeerProperty",
    "Port",
    "Probe",
    "Provenance",
    "Scratch",
    "Shutdown",
    "TenantField",
    "Value",
]
