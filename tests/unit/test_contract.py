"""A team overrides the contract with public names alone: those of `pulumi_ixn` and `pulumi_ixn.contract`."""

import re
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from pulumi_ixn import Parameter, contract
from pulumi_ixn.contract import (
    NODE_CONTRACT,
    SERVER_CONTRACT,
    VQ_NODE_CONTRACT,
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
    TenantField,
    Value,
)
from pulumi_ixn.validation import InvalidInputs

from tests.unit.deployed import container, made, template
from tests.unit.samples import pod

PASSWORD = {"secretKeyRef": {"name": "ixn-node-db-secret-100", "key": "password"}}

VALUES: dict[str, tuple[Value, Any]] = {
    "a constant": (Constant("as it is"), {"value": "as it is"}),
    "a field of the tenant": (TenantField("sid"), {"value": "100"}),
    "a port of its own": (ListenPort(Parameter.NODE_PORTS), {"value": "13133"}),
    "the host of a destination": (Host(17), {"value": "postgres.infra.svc"}),
    "the port of a destination": (Port(17), {"value": "5432"}),
    "the addresses of a destination": (Addresses(17), {"value": "postgres.infra.svc:5432"}),
    "a property of a destination": (PeerProperty(17, "name"), {"value": "ixn"}),
    "a password": (
        Credential(17, "password"),
        {"valueFrom": PASSWORD},
    ),
}


@pytest.mark.parametrize(
    "contract", [SERVER_CONTRACT, NODE_CONTRACT, VQ_NODE_CONTRACT], ids=("server", "node", "vqnode")
)
def test_every_contract_key_has_a_provenance(contract: Contract) -> None:
    probes = (contract.startup, contract.readiness, contract.liveness)
    keys = [*contract.env.values(), *contract.settings.values(), *contract.mounts.values(), *probes]

    for key in keys:
        assert isinstance(key.provenance, FromVendor | Assumed)
        assert key.provenance.path if isinstance(key.provenance, FromVendor) else key.provenance.why


@pytest.mark.parametrize(("value", "expected"), VALUES.values(), ids=VALUES)
def test_a_contract_variable_accepts_any_value(value: Value, expected: dict[str, Any]) -> None:
    mine = replace(NODE_CONTRACT, env={"MINE": Key(value, Assumed("a test"))})
    found = made(node=pod(contract=mine))

    assert container(found, "node")["env"] == [{"name": "MINE", **expected}]


def test_a_contract_without_settings_has_no_file() -> None:
    mounts = {name: mount for name, mount in NODE_CONTRACT.mounts.items() if mount.content != "settings"}
    mine = replace(NODE_CONTRACT, settings={}, mounts=mounts)
    found = made(node=pod(contract=mine))

    assert not [each for each in found.manifests if each["kind"] == "ConfigMap"]
    assert "checksum/settings" not in template(found, "node")["metadata"].get("annotations", {})


def test_a_mounted_settings_file_without_settings_is_rejected() -> None:
    with pytest.raises(InvalidInputs, match="settings file at /mnt/settings"):
        replace(NODE_CONTRACT, settings={})


def test_settings_without_a_mounted_file_are_rejected() -> None:
    with pytest.raises(InvalidInputs, match="mount for the settings file"):
        replace(NODE_CONTRACT, mounts={})


@pytest.mark.parametrize(
    ("given", "contract_of", "kind", "name"),
    [
        ("server", contract.SERVER_CONTRACT, "StatefulSet", "ixn-server-100"),
        ("vq_node", contract.VQ_NODE_CONTRACT, "Deployment", "ixn-vqnode-100"),
    ],
)
def test_any_workload_may_have_a_settings_file(given: str, contract_of: Contract, kind: str, name: str) -> None:
    file = Mount("/etc/ixn", "settings", Assumed("a test"))
    mine = replace(
        contract_of,
        settings={"tenant.sid": Key(TenantField("sid"), Assumed("a test"))},
        mounts={**contract_of.mounts, "file": file},
    )
    changes: dict[str, Any] = {given: pod(contract=mine)}
    found = made(**changes)
    template = found.manifest(kind, name)["spec"]["template"]

    assert found.manifest("ConfigMap", f"{name}-settings")["data"] == {
        "settings.json": '{\n  "tenant": {\n    "sid": "100"\n  }\n}'
    }
    assert {"name": "file", "configMap": {"name": f"{name}-settings"}} in template["spec"]["volumes"]
    assert template["metadata"]["annotations"]["checksum/settings"]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (Host(6), "connection 6"),
        (ListenPort(Parameter.SERVER_PORT), "the port ixnService.ixnServer.port"),
        (PeerProperty(17, "size"), "'size' of connection 17; IXN Node DB has engine, name"),
        (Credential(15, "password"), "the password of connection 15"),
        (PeerProperty(13, "tls"), "of connection 13; Voice RQ has no properties"),
    ],
)
def test_a_value_that_the_workload_lacks_is_named(value: Value, message: str) -> None:
    mine = replace(NODE_CONTRACT, env={"MINE": Key(value, Assumed("a test"))})

    with pytest.raises(InvalidInputs, match=re.escape(message)):
        made(node=pod(contract=mine))


@pytest.mark.parametrize(
    "change",
    [
        {"settings": {"consul.host": Key(Host(1), Assumed("a test"))}},
        {"settings": {"consul": Key(Addresses(1), Assumed("a test"))}},
        {"env": {"CONSUL": Key(Addresses(1), Assumed("a test"))}},
    ],
)
def test_the_node_address_is_rejected_in_a_settings_file(change: Any) -> None:
    mine = replace(NODE_CONTRACT, **change)

    with pytest.raises(InvalidInputs, match="connection 1: Consul DaemonSet"):
        made(node=pod(contract=mine))


def test_every_kind_of_contract_value_is_tested() -> None:
    assert {type(value) for value, _ in VALUES.values()} == set(typing.get_args(Value))


def test_every_type_in_a_contract_is_public() -> None:
    assert {kind.__name__ for kind in made_of(contract.Contract)} <= set(contract.__all__)


def made_of(kind: Any) -> Iterator[type]:
    """Yield the contract types that a type is composed of, including itself."""
    if is_dataclass(kind) and isinstance(kind, type) and kind.__module__.startswith(contract.__name__):
        yield kind
        hints = typing.get_type_hints(kind)
        for field in fields(kind):
            yield from made_of(hints[field.name])
    for each in typing.get_args(kind):
        yield from made_of(each)
