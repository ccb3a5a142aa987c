"""Environment variables and the settings file of a container, rendered from its contract."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict, cast

import pulumi

from pulumi_ixn.addresses import NODE_IP, Address, address_list, addresses_of
from pulumi_ixn.contract.model import (
    Addresses,
    Constant,
    Contract,
    Credential,
    Host,
    Key,
    ListenPort,
    PeerProperty,
    Port,
    TenantField,
    Value,
    row_of,
)
from pulumi_ixn.inputs import all_of, apply, apply_all
from pulumi_ixn.links import Link, Links
from pulumi_ixn.naming import Tenant
from pulumi_ixn.peers import Absent, Peer, PropertyValue, SecretFile, SecretRef
from pulumi_ixn.spec import Parameter
from pulumi_ixn.validation import invalid

if TYPE_CHECKING:
    from pulumi_kubernetes.core.v1 import EnvVarArgsDict, SecretKeySelectorArgsDict


class _HostPort(TypedDict):
    host: str
    port: int


Json: TypeAlias = "PropertyValue | Sequence[Json] | Mapping[str, Json]"


@dataclass(frozen=True)
class RenderContext:
    """What a contract's values are rendered from: the tenant and the links of one workload."""

    tenant: Tenant
    links: Links

    def link(self, row: int) -> Link:
        """Return the outgoing link of connection `row`. Raises InvalidInputs if there is none."""
        for link in self.links:
            if link.row.number == row and link.outgoing:
                return link
        raise invalid(
            "contract", f"refers to connection {row}, which is not an outgoing connection of this workload"
        )

    def port(self, parameter: Parameter) -> pulumi.Input[int]:
        """Return the workload's port of `parameter`. Raises InvalidInputs if it has none."""
        for link in self.links:
            if link.row.parameter is parameter and link.port is not None:
                return link.port
        raise invalid("contract", f"refers to the port {parameter}, on which this workload does not listen")

    def secret(self, row: int) -> SecretRef:
        """Return the Secret of the peer of connection `row`. Raises InvalidInputs if it has none."""
        link = self.link(row)
        if not isinstance(link.peer, Peer) or link.peer.secret is None:
            raise invalid("contract", f"needs the Secret of a peer that has none ({link.label})")
        return link.peer.secret

    def certificates(self, row: int) -> Mapping[str, SecretFile]:
        """Return the certificates of the peer of connection `row`, by file name; none if it has none."""
        peer = self.link(row).peer
        return peer.certificates if isinstance(peer, Peer) else {}

    def secret_key(self, credential: Credential) -> "SecretKeySelectorArgsDict":
        """Return the Secret and key of a credential. Raises InvalidInputs if the Secret has no such key."""
        secret = self.secret(credential.row)
        if credential.name not in secret.keys:
            what = f"the {credential.name} of connection {credential.row}"
            raise invalid("contract", f"needs {what}, but the Secret has no key for it")
        return {"name": secret.name, "key": secret.keys[credential.name]}

    def property_of(self, row: int, name: str) -> pulumi.Input[PropertyValue]:
        """Return a property of the peer of connection `row`. Raises InvalidInputs if it has none of that name."""
        peer = self.link(row).peer
        if isinstance(peer, Absent) or name not in peer.properties:
            properties = () if isinstance(peer, Absent) else tuple(peer.properties)
            known = f"{self.link(row).row.destination} has {', '.join(properties) or 'no properties'}"
            raise invalid("contract", f"refers to the property {name!r} of connection {row}; {known}")
        return peer.properties[name]


def env_vars(contract: Contract, context: RenderContext) -> list["EnvVarArgsDict"]:
    """Return the container's environment variables."""
    return [env_var(name, entry.value, context) for name, entry in _present(contract.env, context).items()]


def env_var(name: str, value: Value, context: RenderContext) -> "EnvVarArgsDict":
    """Return one environment variable; credentials and the address of the pod's node are references."""
    if isinstance(value, Credential):
        return {"name": name, "value_from": {"secret_key_ref": context.secret_key(value)}}
    if isinstance(value, Host) and context.link(value.row).is_node_local:
        return {"name": name, "value_from": {"field_ref": {"field_path": NODE_IP}}}
    return {"name": name, "value": _text(_json(value, context))}


def settings_json(contract: Contract, context: RenderContext) -> pulumi.Input[str]:
    """Return the JSON text of the settings file: a dotted path becomes nested objects."""
    entries = _present(contract.settings, context)
    values = [_json(entry.value, context) for entry in entries.values()]
    return apply_all(values, lambda known: json.dumps(_nest(entries, known), indent=2, sort_keys=True))


def _present(entries: Mapping[str, Key], context: RenderContext) -> dict[str, Key]:
    """Return the entries except those of absent peers."""
    return {
        name: entry
        for name, entry in entries.items()
        if (row := row_of(entry.value)) is None or not context.link(row).absent
    }


def _json(value: Value, context: RenderContext) -> pulumi.Input[Json]:
    match value:
        case Constant(plain):
            return plain
        case TenantField(name):
            return getattr(context.tenant, name)
        case ListenPort(parameter):
            return cast("pulumi.Input[Json]", context.port(parameter))
        case Host(row):
            link = _not_node_local(context.link(row))
            return apply(link.endpoints, lambda found: cast("pulumi.Input[Json]", found[0].host))
        case Port(row):
            return apply(context.link(row).endpoints, lambda found: cast("pulumi.Input[Json]", found[0].port))
        case Addresses(row, item):
            link = _not_node_local(context.link(row))
            return _objects(link, {new: context.property_of(row, old) for new, old in item.items()})
        case PeerProperty(row, name):
            return cast("pulumi.Input[Json]", context.property_of(row, name))
        case Credential():
            raise invalid(
                "contract",
                "has a credential in the settings file, which is in a ConfigMap; use an environment variable",
            )


def _not_node_local(link: Link) -> Link:
    if link.is_node_local:
        raise invalid(
            "contract",
            f"uses the address of the pod's node ({link.label}): use `Host` in an environment variable instead",
        )
    return link


def _objects(link: Link, item: Mapping[str, pulumi.Input[PropertyValue]]) -> pulumi.Input[Json]:
    def objects(found: Sequence[Address], extra: Sequence[PropertyValue]) -> Json:
        return [{"host": at.host, "port": at.port, **dict(zip(item, extra, strict=True))} for at in found]

    extra = all_of(list(item.values()))
    return apply(
        addresses_of([link.endpoints]), lambda found: apply(extra, lambda known: objects(found[0], known))
    )


def _text(value: pulumi.Input[Json]) -> pulumi.Input[str]:
    def text(known: Json) -> str:
        if isinstance(known, bool):
            return str(known).lower()
        if isinstance(known, Sequence) and not isinstance(known, str):
            several = cast("Sequence[_HostPort]", known)
            return address_list(Address(at["host"], at["port"]) for at in several)
        return str(known)

    return apply(value, cast("Callable[[Json], str]", text))


def _nest(paths: Iterable[str], values: Sequence[Json]) -> dict[str, object]:
    nested: dict[str, Any] = {}
    for path, value in zip(paths, values, strict=True):
        *parents, last = path.split(".")
        target = nested
        for parent in parents:
            target = target.setdefault(parent, {})
        target[last] = value
    return nested
