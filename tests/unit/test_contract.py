"""A team overrides the contract with public names alone: those of `pulumi_ixn` and `pulumi_ixn.contract`."""

import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from pulumi_ixn import Parameter, contract
from pulumi_ixn.contract import (
    NODE_CONTRACT,
    Addresses,
    Credential,
    Host,
    Key,
    Literally,
    Ours,
    OwnPort,
    Port,
    PropertyOf,
    TenantField,
    Value,
)
from pulumi_ixn.testing import deploy

from tests.unit.samples import ixn, pod

PASSWORD = {"secretKeyRef": {"name": "ixn-node-db-secret-100", "key": "password"}}

VALUES: dict[str, tuple[Value, Any]] = {
    "a literal": (Literally("as it is"), {"value": "as it is"}),
    "a field of the tenant": (TenantField("sid"), {"value": "100"}),
    "a port of its own": (OwnPort(Parameter.NODE_PORTS), {"value": "13133"}),
    "a host that it dials": (Host(17), {"value": "postgres.infra.svc"}),
    "a port that it dials": (Port(17), {"value": "5432"}),
    "addresses that it dials": (Addresses(17), {"value": "postgres.infra.svc:5432"}),
    "a property of what it dials": (PropertyOf(17, "name"), {"value": "ixn"}),
    "a password": (
        Credential(17, "password"),
        {"valueFrom": PASSWORD},
    ),
}


@pytest.mark.parametrize(("value", "expected"), VALUES.values(), ids=VALUES)
def test_a_variable_of_a_contract_takes_any_value(value: Value, expected: dict[str, Any]) -> None:
    mine = replace(NODE_CONTRACT, env={"MINE": Key(value, Ours("a test"))})
    deployment = deploy(lambda: ixn(node=pod(contract=mine))).manifest("Deployment", "ixn-node-100")

    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert container["env"] == [{"name": "MINE", **expected}]


def test_every_kind_of_value_is_tried_here() -> None:
    assert {type(value) for value, _ in VALUES.values()} == set(typing.get_args(Value))


def test_all_that_a_contract_is_made_of_is_public() -> None:
    assert {kind.__name__ for kind in made_of(contract.Contract)} <= set(contract.__all__)


def made_of(kind: Any) -> Iterator[type]:
    """Give the records of the contract's modules that a record is made of, itself included."""
    if is_dataclass(kind) and isinstance(kind, type) and kind.__module__.startswith(contract.__name__):
        yield kind
        hints = typing.get_type_hints(kind)
        for field in fields(kind):
            yield from made_of(hints[field.name])
    for each in typing.get_args(kind):
        yield from made_of(each)
