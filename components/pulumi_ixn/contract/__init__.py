"""The container contract: what each image expects of its environment, in one overridable place.

The vendor's images are not public, so this is a contract and not a description: what the vendor's sample values
show is taken over (`Vendor`), the rest is ours (`Ours`), and every key says which. Names of environment variables
are ours throughout: the samples show settings, not what their chart makes of them. Another contract, made with
`dataclasses.replace`, can be handed to each component: a `Key` is a value (`Literally`, `TenantField`,
`ListenPort`, `Host`, `Port`, `Addresses`, `PeerProperty`, `Credential`) and its origin.
"""

from pulumi_ixn.contract.model import (
    Addresses,
    Assumed,
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
    TenantField,
    Value,
)
from pulumi_ixn.contract.node import NODE_CONTRACT
from pulumi_ixn.contract.server import SERVER_CONTRACT
from pulumi_ixn.contract.vq_node import VQ_NODE_CONTRACT

__all__ = [
    "NODE_CONTRACT",
    "SERVER_CONTRACT",
    "VQ_NODE_CONTRACT",
    "Addresses",
    "Assumed",
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
    "TenantField",
    "Value",
]
