"""The spec of an ExternalSecret."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi

from pulumi_ixn.external_secrets import ExternalSource, RemoteKey

API_VERSION, KIND = "external-secrets.io/v1", "ExternalSecret"

_MARK = "\ue000"
"""A private-use character, which is in no value: it marks the name of a value from the store."""


def external_secret_spec(
    source: ExternalSource,
    secret_name: pulumi.Input[str],
    names: Mapping[str, str],
    data: Mapping[str, pulumi.Input[str]] | None = None,
) -> dict[str, Any]:
    """Return the spec: the values of `source` under the keys of `names`, or the templates `data` that use them.

    The operator owns the Secret and deletes it with the ExternalSecret; if a value disappears from the store, the
    Secret stays. Without a template, it would copy the ExternalSecret's annotations, which name its owner, to the
    Secret.
    """
    template: dict[str, Any] = {"engineVersion": "v2"}
    if data is not None:
        template["data"] = dict(data)
    return {
        "refreshInterval": source.refresh_interval,
        "secretStoreRef": {"kind": source.store.kind, "name": source.store.name},
        "target": {
            "name": secret_name,
            "creationPolicy": "Owner",
            "deletionPolicy": "Retain",
            "template": template,
        },
        "data": [{"secretKey": names[name], "remoteRef": _remote_ref(key)} for name, key in source.keys.items()],
    }


def value_from_store(name: str) -> str:
    """Return what stands for a value of the store in a JSON text for `json_template`."""
    return f"{_MARK}{name}{_MARK}"


def json_template(text: str) -> str:
    """Return a JSON text as a template that inserts the values of the store as JSON strings."""
    mark = json.dumps(_MARK)[1:-1]
    parts = text.split(f'"{mark}')
    found = [_escaped(parts[0])]
    for part in parts[1:]:
        name, _, rest = part.partition(f'{mark}"')
        found += ["{{ ." + name + " | toJson }}", _escaped(rest)]
    return "".join(found)


def _escaped(text: str) -> str:
    return text.replace("{{", '{{ "{{" }}')


def _remote_ref(key: RemoteKey) -> dict[str, pulumi.Input[str]]:
    known = {"key": key.key, "property": key.property, "version": key.version}
    return {name: value for name, value in known.items() if value is not None}
