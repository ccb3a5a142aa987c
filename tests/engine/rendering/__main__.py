"""A program that would render a password, unless a context is configured."""

import pulumi
import pulumi_kubernetes as k8s
from pulumi_ixn import (
    CidrBlocks,
    Credentials,
    Database,
    DatabaseReference,
    DatabaseReferenceArgs,
    Endpoint,
)

config = pulumi.Config()
context = config.get("context")
provider = k8s.Provider(
    "kubernetes",
    render_yaml_to_directory=None if context else f"build/rendered/{pulumi.get_stack()}",
    context=context,
    kubeconfig='{"contexts": [{"name": "nowhere", "context": {}}]}' if context else "",
)
database = Database(
    Endpoint("postgres.example.com", 5432),
    "ixn",
    (CidrBlocks(("10.0.0.0/24",)),),
    Credentials.managed("ixn", config.require_secret("password")),
)
opts = pulumi.ResourceOptions(provider=provider)
DatabaseReference("database", DatabaseReferenceArgs("ixn", database, "ixn-db-secret-100"), opts)
