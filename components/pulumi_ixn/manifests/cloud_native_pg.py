"""The custom resources from which CloudNativePG's operator creates a database and its role."""

from typing import Any

import pulumi

API_VERSION = "postgresql.cnpg.io/v1"
DATABASE, ROLE = "Database", "DatabaseRole"

ANNOTATIONS = {
    # `up` waits until the operator has done it.
    "pulumi.com/waitFor": "jsonpath={.status.applied}=true",
}

SECRET_TYPE = "kubernetes.io/basic-auth"  # noqa: S105 (a type)
SECRET_LABELS = {
    # The operator then sets a changed password.
    "cnpg.io/reload": "true",
}

IMMUTABLE = ("spec.name", "spec.cluster")
"""A change of these makes another database or role."""


def role_spec(
    cluster: pulumi.Input[str], name: pulumi.Input[str], secret_name: pulumi.Input[str]
) -> dict[str, Any]:
    """Return the spec of a login that owns a database and is no more than that; deletion leaves it."""
    return {
        "cluster": {"name": cluster},
        "name": name,
        "login": True,
        "inherit": True,
        "superuser": False,
        "createdb": False,
        "createrole": False,
        "replication": False,
        "bypassrls": False,
        "passwordSecret": {"name": secret_name},
        "databaseRoleReclaimPolicy": "retain",
    }


def database_spec(cluster: pulumi.Input[str], name: pulumi.Input[str], owner: pulumi.Input[str]) -> dict[str, Any]:
    """Return the spec of a database; deletion leaves it."""
    return {
        "cluster": {"name": cluster},
        "name": name,
        "owner": owner,
        "databaseReclaimPolicy": "retain",
    }
