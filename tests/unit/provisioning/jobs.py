"""A tenant whose databases are provisioned, and the parts of the manifests."""

from dataclasses import replace
from typing import Any

from pulumi_ixn import (
    Administrator,
    CertificateAuthority,
    Credentials,
    Database,
    DatabaseTls,
    Endpoint,
    Image,
    Provisioned,
)
from pulumi_ixn.testing import Deployment, Manifest

from tests.unit.samples import LOCATION

IMAGE = Image("tools/postgres", "15.14", "registry.example.com")
TLS = DatabaseTls("verify-full", CertificateAuthority("postgres-ca"))
PROVISIONED = Provisioned(Administrator("postgres-admin"), IMAGE)

SETTINGS: dict[str, Any] = {
    "administrator": {"name": "postgres-admin"},
    "image": {"repository": "tools/postgres", "tag": "15.14"},
}
"""The same in a stack config."""


def provisioned(name: str = "ixn", username: str = "ixn", **changes: Any) -> Database:
    """Return a provisioned database; `changes` are of how it is provisioned."""
    return Database(
        Endpoint("postgres.infra.svc", 5432),
        name,
        LOCATION,
        Credentials.generated(username),
        provisioned=replace(PROVISIONED, **changes),
    )


def job(found: Deployment[Any], name: str = "ixn-server-100-db") -> Manifest:
    """Return the only Job whose name is `name` and a digest."""
    (only,) = [
        each
        for each in found.manifests
        if each.get("kind") == "Job" and each["metadata"]["name"].rpartition("-")[0] == name
    ]
    return only
