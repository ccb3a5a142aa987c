"""The credentials of a service account that deploys a stack, with the permissions that a test grants."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import yaml

from tools.cluster.client import Client, Object
from tools.cluster.credentials import CONTEXT

NAMESPACE, NAME = "ops", "deployer"
CREATED, FORBIDDEN = 201, 403
USER = f"system:serviceaccount:{NAMESPACE}:{NAME}"

Permission = tuple[str, str, str, str]
"""A namespace (empty for the whole cluster), an API group, a resource and a verb."""


def make_deployer(client: Client, directory: Path) -> Path:
    """Create a service account without permissions; return its kubeconfig."""
    metadata = {"name": NAME, "namespace": NAMESPACE}
    client.apply(
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}},
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata},
    )
    token = client.run("create", "token", NAME, f"--namespace={NAMESPACE}").strip()
    content = yaml.safe_load(client.kubeconfig.read_text(encoding="utf-8"))
    content["users"] = [{"name": CONTEXT, "user": {"token": token}}]
    kubeconfig = directory / "deployer-kubeconfig"
    kubeconfig.write_text(json.dumps(content), encoding="utf-8")
    return kubeconfig


def grant(client: Client, roles: Iterable[Object], namespace: str = "ixn") -> None:
    """Grant the Roles and ClusterRoles to the service account; `namespace` is that of a Role without one."""
    placed = [{**role, "metadata": _placed(role, namespace)} for role in roles]
    client.apply(*placed)
    bind(client, placed, namespace)


def bind(client: Client, roles: Iterable[Object], namespace: str = "ixn") -> None:
    """Bind existing Roles and ClusterRoles to the service account."""
    for role in roles:
        metadata = _placed(role, namespace)
        group, _, _ = role["apiVersion"].partition("/")
        client.apply(
            {
                "apiVersion": role["apiVersion"],
                "kind": f"{role['kind']}Binding",
                "metadata": metadata,
                "roleRef": {"apiGroup": group, "kind": role["kind"], "name": metadata["name"]},
                "subjects": [{"kind": "ServiceAccount", "name": NAME, "namespace": NAMESPACE}],
            }
        )


def _placed(role: Object, namespace: str) -> Object:
    """Return the metadata of a role, with a namespace if it is a Role."""
    return {"namespace": namespace, **role["metadata"]} if role["kind"] == "Role" else role["metadata"]


def granted(roles: Sequence[Object], namespace: str = "ixn") -> set[Permission]:
    """Return the permissions that the roles grant."""
    return {
        (role["metadata"].get("namespace", namespace) if role["kind"] == "Role" else "", group, resource, verb)
        for role in roles
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }


def used(audit: Path) -> set[Permission]:
    """Return the permissions that the service account has used, from the API server's audit log."""
    events = map(json.loads, audit.read_text(encoding="utf-8").splitlines())
    known = [event for event in events if event["user"]["username"] == USER and "objectRef" in event]
    own = [event for event in known if event["responseStatus"]["code"] != FORBIDDEN]
    found = {_permission(each["objectRef"], each["verb"]) for each in own}
    # Server-side apply that creates an object needs this verb, too.
    found |= {
        _permission(each["objectRef"], "create") for each in own if each["responseStatus"]["code"] == CREATED
    }
    # Everybody may ask for their own permissions.
    return found - {
        ("", "authorization.k8s.io", resource, "create")
        for resource in ("selfsubjectrulesreviews", "selfsubjectaccessreviews")
    }


def _permission(ref: Mapping[str, str], verb: str) -> Permission:
    resource = "/".join(part for part in (ref["resource"], ref.get("subresource")) if part)
    return ref.get("namespace", ""), ref.get("apiGroup", ""), resource, verb
