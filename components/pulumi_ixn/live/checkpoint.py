"""What the Kubernetes provider stores in the state about an object, made from the object on the cluster."""

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from pulumi_ixn.live.cluster import Object

Resource: TypeAlias = Object
"""A resource as `pulumi stack export` prints it."""

MASKED = "[secret]"
"""What `pulumi preview --json` prints instead of a secret value."""

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What it prints instead of a value that is known after the update."""

_SIGNATURE, _SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_Json: TypeAlias = "bool | int | float | str | list[_Json] | Mapping[str, _Json] | None"


def secret(value: object) -> dict[str, str]:
    """Return a secret value in plain text; `pulumi stack import` encrypts it."""
    return {_SIGNATURE: _SECRET, "plaintext": json.dumps(value)}


def is_secret(value: _Json) -> bool:
    """Return whether a value of the state is secret, encrypted or not."""
    return isinstance(value, Mapping) and value.get(_SIGNATURE) == _SECRET


def object_id(item: Object) -> str:
    """Return the provider's ID of an object: `namespace/name`, or `name` if it has no namespace."""
    metadata = item["metadata"]
    return "/".join(filter(None, [metadata.get("namespace"), metadata["name"]]))


def recorded(planned: Resource, live: Object) -> Resource:
    """Return the resource that the provider would have stored after creating `live` from the planned inputs.

    Inputs that are masked or unknown in the plan are taken from the object. The field manager is the one that
    created the object: another one would conflict with it in the next update.
    """
    inputs = _known_inputs(planned["inputs"], live)
    outputs = {
        **_marked(live, inputs),
        "__inputs": inputs,
        "__initialApiVersion": live["apiVersion"],
        "__fieldManager": _field_manager(live),
    }
    return {**planned, "id": object_id(live), "inputs": inputs, "outputs": outputs}


def _known_inputs(inputs: Object, live: Object) -> Object:
    known = {key: _filled(value, live.get(key)) for key, value in inputs.items()}
    if live["kind"] == "Secret" and inputs.get("stringData") != known.get("stringData"):
        # The API server returns `data` instead, and the provider treats them alike.
        return {**_without(known, "stringData"), "data": secret(live.get("data", {}))}
    return known


def _filled(value: _Json, live: _Json) -> _Json:
    """Return the value with the object's in place of what is masked or unknown: null if there is none."""
    if value in (MASKED, UNKNOWN):
        return live
    if isinstance(value, Mapping) and not is_secret(value):
        there: Mapping[str, _Json] = live if isinstance(live, Mapping) else {}
        return {key: _filled(each, there.get(key)) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, other) for each, other in zip(value, _padded(live, value), strict=True)]
    return value


def _marked(live: Object, inputs: Object) -> Object:
    """Return the object with what is secret in the inputs, and the data of a Secret, marked as secret."""
    outputs = {key: _like(value, inputs.get(key)) for key, value in live.items()}
    if live["kind"] != "Secret":
        return outputs
    data = {"data": secret(live["data"])} if "data" in live else {}
    annotations: Mapping[str, str] = live["metadata"].get("annotations") or {}
    hidden = {key: secret(value) if key == _LAST_APPLIED else value for key, value in annotations.items()}
    metadata = {**live["metadata"], **({"annotations": hidden} if hidden else {})}
    return {**outputs, **data, "metadata": metadata}


def _like(value: _Json, inputs: _Json) -> _Json:
    if is_secret(inputs):
        return {**secret(value)}
    if isinstance(value, Mapping) and isinstance(inputs, Mapping):
        return {key: _like(each, inputs.get(key)) for key, each in value.items()}
    if isinstance(value, list):
        return [_like(each, other) for each, other in zip(value, _padded(inputs, value), strict=True)]
    return value


def _padded(items: _Json, others: list[_Json]) -> list[_Json]:
    """Return the items of a list, with nulls, as many as the others; only nulls if it is no list."""
    found = items if isinstance(items, list) else []
    return [*found, *[None] * len(others)][: len(others)]


def _without(values: Object, key: str) -> Object:
    return {name: value for name, value in values.items() if name != key}


def _field_manager(live: Object) -> str:
    """Return the last of this provider's managers that applied the object.

    Without server-side apply, there is only one name.
    """
    fields: Sequence[Object] = live["metadata"].get("managedFields") or []
    applied = [each for each in fields if each["operation"] == "Apply"]
    ours = [each for each in applied if each["manager"].startswith("pulumi-kubernetes-")]
    return max(ours, key=lambda each: each.get("time", ""))["manager"] if ours else "pulumi-kubernetes"
