"""The registrations of a program's resources: parent, provider, options, outputs."""

from dataclasses import dataclass
from typing import Any

import pytest
from google.protobuf import json_format
from pulumi.runtime import mocks


@dataclass
class Registered:
    """A registration; `outputs` are None if none were registered or the resource is not a component."""

    type: str
    name: str
    urn: str
    parent: str
    provider: str
    protect: bool
    retained: bool
    delete_before_replace: bool
    ignore_changes: tuple[str, ...]
    aliases: tuple[str, ...]
    dependencies: tuple[str, ...]
    property_dependencies: dict[str, tuple[str, ...]]
    inputs: dict[str, Any]
    outputs: dict[str, Any] | None = None


class Registrations:
    """The registrations of the programs that ran, by type and name; the stack itself is left out."""

    def __init__(self) -> None:
        self.all: dict[str, Registered] = {}

    def one(self, type: str, name: str) -> Registered:
        (found,) = (each for each in self.all.values() if (each.type, each.name) == (type, name))
        return found

    def children(self, of: Registered) -> list[Registered]:
        return [each for each in self.all.values() if each.parent == of.urn]

    def add(self, request: Any, urn: str) -> None:
        self.all[urn] = Registered(
            type=request.type,
            name=request.name,
            urn=urn,
            parent=request.parent,
            provider=request.provider,
            protect=request.protect,
            retained=request.retainOnDelete,
            delete_before_replace=request.deleteBeforeReplace,
            ignore_changes=tuple(request.ignoreChanges),
            aliases=tuple(alias.spec.name for alias in request.aliases),
            dependencies=tuple(request.dependencies),
            property_dependencies={name: tuple(each.urns) for name, each in request.propertyDependencies.items()},
            inputs=json_format.MessageToDict(request.object),
        )

    def add_outputs(self, request: Any) -> None:
        if request.urn in self.all:
            self.all[request.urn].outputs = json_format.MessageToDict(request.outputs)


@pytest.fixture
def registrations(monkeypatch: pytest.MonkeyPatch) -> Registrations:
    """The registrations of what the test deploys."""
    found = Registrations()
    register, register_outputs = mocks.MockMonitor.RegisterResource, mocks.MockMonitor.RegisterResourceOutputs

    def registered(self: mocks.MockMonitor, request: Any) -> Any:
        response = register(self, request)
        if request.type != "pulumi:pulumi:Stack":
            found.add(request, response.urn)
        return response

    def outputs_registered(self: mocks.MockMonitor, request: Any) -> Any:
        found.add_outputs(request)
        return register_outputs(self, request)

    monkeypatch.setattr(mocks.MockMonitor, "RegisterResource", registered)
    monkeypatch.setattr(mocks.MockMonitor, "RegisterResourceOutputs", outputs_registered)
    return found
