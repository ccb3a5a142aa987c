"""Stand-in for the Pulumi Kubernetes plugin: the one form of objects that mean the same."""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from typing import Final

from tools.standin.kubernetes.kinds import is_built_in, metadata_of, type_of_object
from tools.standin.plugin.values import Object, Plain, has_unknown

_SERVER_FIELDS: Final = (
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "uid",
)

_DASHED: Final = {
    name.replace("-", "_"): name
    for name in (
        "x-kubernetes-embedded-resource",
        "x-kubernetes-int-or-string",
        "x-kubernetes-list-map-keys",
        "x-kubernetes-list-type",
        "x-kubernetes-map-type",
        "x-kubernetes-preserve-unknown-fields",
        "x-kubernetes-validations",
    )
}
_UNDERSCORED: Final = {dashed: name for name, dashed in _DASHED.items()}


def _renamed(value: Plain, names: dict[str, str]) -> Plain:
    match value:
        case dict():
            return {names.get(key, key): _renamed(item, names) for key, item in value.items()}
        case list():
            return [_renamed(item, names) for item in value]
        case _:
            return value


def dashed(obj: Object) -> Object:
    """Return the object with the field names Kubernetes has where the SDKs cannot have a dash."""
    return {_DASHED.get(key, key): _renamed(value, _DASHED) for key, value in obj.items()}


def underscored(obj: Object) -> Object:
    """Return the object with the field names the SDKs have."""
    return {_UNDERSCORED.get(key, key): _renamed(value, _UNDERSCORED) for key, value in obj.items()}


def _without_nulls(value: Plain) -> Plain:
    match value:
        case dict():
            return {key: _without_nulls(item) for key, item in value.items() if item is not None}
        case list():
            return [_without_nulls(item) for item in value]
        case _:
            return value


def _encoded_again(value: Plain) -> Plain:
    try:
        return b64encode(b64decode(value)).decode() if isinstance(value, str) else value
    except (NotBase64, ValueError):
        return value


def _normal_secret(obj: Object) -> Object:
    """With `stringData` encoded into `data`, as an API server does it."""
    text, data = obj.get("stringData"), obj.get("data")
    given = data if isinstance(data, dict) else {}
    if isinstance(text, dict) and text and all(isinstance(value, str) for value in text.values()):
        encoded: Object = {key: b64encode(str(value).encode()).decode() for key, value in text.items()}
        return {
            **{key: value for key, value in obj.items() if key != "stringData"},
            "data": {**given, **encoded},
        }
    return {**obj, "data": {key: _encoded_again(value) for key, value in given.items()}} if given else obj


def _normal_definition(obj: Object) -> Object:
    spec = obj.get("spec")
    if isinstance(spec, dict) and spec.get("preserveUnknownFields") is False:
        obj = {**obj, "spec": {key: value for key, value in spec.items() if key != "preserveUnknownFields"}}
    return {key: value for key, value in obj.items() if key != "status"}


def normal_form(obj: Object) -> Object:
    """Return the object in its normal form; one with unknown parts keeps what cannot be judged yet."""
    gvk = type_of_object(obj)
    if is_built_in(gvk) and not has_unknown(obj):
        match gvk.group, gvk.kind:
            case "", "Secret":
                obj = _normal_secret(obj)
            case "apiextensions.k8s.io", "CustomResourceDefinition":
                obj = _normal_definition(obj)
            case _:
                obj = {key: _without_nulls(value) for key, value in obj.items() if value is not None}
    if "metadata" in obj and isinstance(obj["metadata"], dict):
        kept = {key: value for key, value in metadata_of(obj).items() if key not in _SERVER_FIELDS}
        obj = {**obj, "metadata": kept}
    return obj
