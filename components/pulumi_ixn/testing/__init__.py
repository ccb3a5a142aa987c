"""Helpers for unit tests of programs that use this package: run them on Pulumi mocks and inspect their resources.

    def test_the_tenant_listens_on_its_port() -> None:
        deployment = deploy(my_program)
        service = deployment.manifest("Service", "ixn-server-<tenant id>")
        assert service["spec"]["ports"][0]["port"] == 7120

Each `deploy` starts with an empty state. `preview=True` is the engine's preview mode, in which values that a
provider computes are unknown. The components do not use this module.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar, cast

import pulumi
from pulumi.output import Unknown
from pulumi.runtime import mocks, rpc, set_all_config, set_mocks

from pulumi_ixn.naming import POLICY_LABEL

T = TypeVar("T")

Manifest: TypeAlias = Mapping[str, Any]
"""The inputs of a resource, as in its YAML. A test indexes them at will, so their type is Any."""

_SECRET = "4dabf18193072939515e22adb298388d"
_SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"
"""The key and value that mark a secret in the engine's protocol."""

_POLICIES = {"NetworkPolicy": "podSelector", "CiliumNetworkPolicy": "endpointSelector"}
"""The kinds of policies, and the field of each that selects the pods."""

_PASSWORD = "random:index/randomPassword:RandomPassword"

UNKNOWN = "<unknown>"
"""In `Made.inputs`, a value that is unknown in a preview."""


@dataclass(frozen=True)
class Made:
    """A resource that a program registered: type token, Pulumi name, and inputs without secret markers."""

    type: str
    name: str
    inputs: Manifest
    secret: bool
    """Whether any of the inputs is secret."""


@dataclass(frozen=True)
class Deployment(Generic[T]):
    """The result of a program: its resources, in the order of registration, and its return value."""

    resources: Sequence[Made]
    result: T

    def of_type(self, token: str) -> list[Made]:
        """Return the resources of a type, such as `ixn:index:Ixn`."""
        return [made for made in self.resources if made.type == token]

    @property
    def manifests(self) -> list[Manifest]:
        """The Kubernetes objects, as manifests."""
        return [made.inputs for made in self.resources if made.type.startswith("kubernetes:")]

    def manifest(self, kind: str, name: str) -> Manifest:
        """Return the object of a kind and name. Raises a KeyError that lists the existing objects."""
        named = {(each["kind"], each["metadata"]["name"]): each for each in self.manifests if "kind" in each}
        if (kind, name) not in named:
            raise KeyError(f"no {kind} {name!r}; there are: {', '.join(map('/'.join, sorted(named)))}")
        return named[kind, name]

    def policy(self, workload: str) -> Manifest:
        """Return the policy of a workload, such as `ixn-server-100`; its own name ends with a digest of its rules.

        Raises KeyError that lists the workloads with such a policy; the program's own policies are not searched.
        """
        policies = [each for each in self.manifests if str(each.get("kind")) in _POLICIES]
        found = {name: each for each in policies if (name := _selected(each["spec"]))}
        if workload not in found:
            raise KeyError(f"no policy of {workload!r}; there are: {', '.join(sorted(found))}")
        return found[workload]


class _Recorder(mocks.Mocks):
    """Respond as providers do: with the inputs and the computed values (unknown in a preview)."""

    def __init__(self, *, preview: bool) -> None:
        self.made: list[Made] = []
        self._preview = preview

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, object]]:
        inputs = cast("dict[str, object]", args.inputs)  # pyright: ignore[reportUnknownMemberType]
        if args.resource_id and args.custom is None:  # a `get` reads an object and registers none
            return args.resource_id, dict(inputs)
        secret = _SECRET in json.dumps(inputs, default=str)
        self.made.append(Made(args.typ, args.name, {key: _plain(each) for key, each in inputs.items()}, secret))
        if args.typ == _PASSWORD:
            return self._password(self.made[-1])
        return (None if self._preview else f"{args.name}-id"), dict(inputs)

    def _password(self, made: Made) -> tuple[str | None, dict[str, object]]:
        computed = {"result": f"generated-{made.name}", "bcryptHash": f"hash-of-generated-{made.name}"}
        outputs = {
            name: {_SECRET: _SECRET_SIGNATURE, "value": rpc.UNKNOWN if self._preview else value}
            for name, value in computed.items()
        }
        return (None if self._preview else "none"), {**made.inputs, **outputs}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, object], list[tuple[str, str]] | None]:
        return {}, []


def deploy(
    program: Callable[[], pulumi.Input[T]],
    *,
    preview: bool = False,
    project: str = "ixn",
    stack: str = "test",
    config: Mapping[str, object] | None = None,
    secret_keys: Sequence[str] = (),
) -> Deployment[T]:
    """Run `program` on mocks and return its resources and result; raise what it raises.

    `config` holds stack config by full key (`ixn:tenants`), `secret_keys` the keys of secret values. `result` is
    the resolved return value of the program, None if it is unknown. No cluster is contacted.
    """
    recorder = _Recorder(preview=preview)
    set_mocks(recorder, project=project, stack=stack, preview=preview)
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in (config or {}).items()}
    set_all_config(texts, list(secret_keys))
    results: list[T] = []

    def run() -> pulumi.Output[None]:
        return pulumi.Output.from_input(program()).apply(results.append)

    pulumi.runtime.test(run)()  # pyright: ignore[reportUnknownMemberType]
    return Deployment(recorder.made, cast("T", results[0] if results else None))


def unknown(kind: type[T]) -> pulumi.Output[T]:  # noqa: ARG001 (it is only for the type checker)
    """Return an unknown Output, as in a preview of a resource that does not exist yet.

    `kind` is the type of its value. Call it inside a program that `deploy` runs.
    """
    return pulumi.Output(set(), _now(cast("T", rpc.UNKNOWN)), _now(value=False))


def _selected(spec: Manifest) -> str | None:
    """Return the workload whose pods a policy selects; None for a policy of others."""
    selectors = [spec[field] for field in _POLICIES.values() if field in spec]
    return next((labels[POLICY_LABEL] for labels in map(_labels, selectors) if POLICY_LABEL in labels), None)


def _labels(selector: Manifest) -> Manifest:
    return selector.get("matchLabels", {})


async def _now(value: T) -> T:
    return value


def _plain(value: object) -> object:
    """Remove the protocol's markers; convert whole floats to int, since the protocol has only floats."""
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, Mapping):
        mapping = cast("Mapping[str, object]", value)
        if _SECRET in mapping:
            return _plain(mapping["value"])
        return {key: _plain(each) for key, each in mapping.items()}
    if isinstance(value, list):
        return [_plain(each) for each in cast("list[object]", value)]
    return int(value) if isinstance(value, float) and value.is_integer() else value
