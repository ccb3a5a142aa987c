"""A contract and the facts of one workload become environment variables and a settings file."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import pulumi

from pulumi_ixn.addresses import NODE_IP, Address, addresses_of
from pulumi_ixn.contract.model import (
    Addresses,
    Contract,
    Credential,
    Host,
    Key,
    Literally,
    OwnPort,
    Port,
    PropertyOf,
    TenantField,
    Value,
    row_of,
)
from pulumi_ixn.identity import Tenant
from pulumi_ixn.inputs import join, lift, lift_all
from pulumi_ixn.references import Property, Reference
from pulumi_ixn.spec import Parameter, Party
from pulumi_ixn.topology import Link, Links

if TYPE_CHECKING:
    from pulumi_kubernetes.core.v1 import EnvVarArgsDict, SecretKeySelectorArgsDict

Json: TypeAlias = "Property | Sequence[Json] | Mapping[str, Json]"


@dataclass(frozen=True)
class Facts:
    """What a contract's values are taken from: one workload's tenant, links and references."""

    tenant: Tenant
    links: Links
    references: Mapping[Party, Reference]

    def link(self, row: int) -> Link:
        """Return the outgoing link of connection `row`; ValueError where this workload has none."""
        for link in self.links:
            if link.row.number == row and link.outgoing:
                return link
        raise ValueError(f"the contract names connection {row}, which this workload does not dial")

    def port(self, parameter: Parameter) -> pulumi.Input[int]:
        """Return the port that this workload listens at; ValueError where it is not one of its own."""
        for link in self.links:
            if link.row.parameter is parameter and link.port is not None:
                return link.port
        raise ValueError(f"the contract names the port {parameter}, which this workload does not listen at")

    def reference(self, row: int) -> Reference:
        """Return the reference to the neighbour of connection `row`; ValueError where none was given."""
        party = self.link(row).row.destination
        if party not in self.references:
            raise ValueError(f"connection {row}: no reference to {party} was given; it carries the Secret")
        return self.references[party]

    def secret_key(self, wanted: Credential) -> "SecretKeySelectorArgsDict":
        """Return where a credential stands; ValueError where its Secret has no such key."""
        secret = self.reference(wanted.row).secret
        if wanted.name not in secret.keys:
            what = f"the {wanted.name} of connection {wanted.row}"
            raise ValueError(f"the contract names {what}, whose Secret has no such key")
        return {"name": secret.name, "key": secret.keys[wanted.name]}

    def property_of(self, row: int, name: str) -> pulumi.Input[Property]:
        """Return a property of the neighbour of connection `row`; ValueError where it has none of that name."""
        properties = self.reference(row).properties
        if name not in properties:
            known = f"{self.link(row).row.destination} has {', '.join(properties) or 'no properties'}"
            raise ValueError(f"the contract names {name!r} of connection {row}; {known}")
        return properties[name]


def env_vars(contract: Contract, facts: Facts) -> list["EnvVarArgsDict"]:
    """Return the container's environment variables."""
    return [env_var(name, key.value, facts) for name, key in _present(contract.env, facts).items()]


def env_var(name: str, value: Value, facts: Facts) -> "EnvVarArgsDict":
    """Return one environment variable; a credential and the own node's address are read by reference."""
    if isinstance(value, Credential):
        return {"name": name, "value_from": {"secret_key_ref": facts.secret_key(value)}}
    if isinstance(value, Host) and facts.link(value.row).dials_own_node:
        return {"name": name, "value_from": {"field_ref": {"field_path": NODE_IP}}}
    return {"name": name, "value": _text(_json(value, facts))}


def settings_json(contract: Contract, facts: Facts) -> pulumi.Input[str]:
    """Return the text of the settings file: dotted paths become nested objects."""
    keys = _present(contract.settings, facts)
    values = [_json(key.value, facts) for key in keys.values()]
    return lift_all(values, lambda known: json.dumps(_nest(keys, known), indent=2, sort_keys=True))


def _present(keys: Mapping[str, Key], facts: Facts) -> dict[str, Key]:
    """Leave out the keys of neighbours that were declared absent."""
    return {
        name: key for name, key in keys.items() if (row := row_of(key.value)) is None or not facts.link(row).absent
    }


def _json(value: Value, facts: Facts) -> pulumi.Input[Json]:
    match value:
        case Literally(plain):
            return plain
        case TenantField(name):
            return getattr(facts.tenant, name)
        case OwnPort(parameter):
            return cast("pulumi.Input[Json]", facts.port(parameter))
        case Host(row):
            link = _dialled_by_address(facts.link(row))
            return lift(link.endpoints, lambda found: cast("pulumi.Input[Json]", found[0].host))
        case Port(row):
            return lift(facts.link(row).endpoints, lambda found: cast("pulumi.Input[Json]", found[0].port))
        case Addresses(row, item):
            link = _dialled_by_address(facts.link(row))
            return _objects(link, {new: facts.property_of(row, old) for new, old in item.items()})
        case PropertyOf(row, name):
            return cast("pulumi.Input[Json]", facts.property_of(row, name))
        case Credential():
            raise ValueError("a credential may be an environment variable only: the settings file is no Secret")


def _dialled_by_address(link: Link) -> Link:
    if link.dials_own_node:
        told = "only a variable can be told it, as `Host`"
        raise ValueError(f"connection {link.row.number}: the address is the own node's: {told}")
    return link


def _objects(link: Link, item: Mapping[str, pulumi.Input[Property]]) -> pulumi.Input[Json]:
    def objects(found: Sequence[Address], extra: Sequence[Property]) -> Json:
        return [{"host": at.host, "port": at.port, **dict(zip(item, extra, strict=True))} for at in found]

    extra = join(list(item.values()))
    return lift(addresses_of([link.endpoints]), lambda found: lift(extra, lambda known: objects(found[0], known)))


def _text(value: pulumi.Input[Json]) -> pulumi.Input[str]:
    def text(known: Json) -> str:
        if isinstance(known, bool):
            return str(known).lower()
        if isinstance(known, Sequence) and not isinstance(known, str):
            several = cast("list[dict[str, Any]]", known)
            return ",".join(str(Address(at["host"], at["port"])) for at in several)
        return str(known)

    return lift(value, cast("Callable[[Json], str]", text))


def _nest(paths: Iterable[str], values: Sequence[Json]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for path, value in zip(paths, values, strict=True):
        *parents, last = path.split(".")
        target = nested
        for parent in parents:
            target = target.setdefault(parent, {})
        target[last] = value
    return nested
