"""The Secrets that a stack expects to exist, with values generated at run time."""

import base64
import json
import secrets
from collections.abc import Iterator
from typing import Any

from pulumi_ixn.config import peer_models
from pulumi_ixn.config import services as service_models
from pulumi_ixn.config.arguments import DATABASES, database_secret
from pulumi_ixn.config.stack import Settings
from pulumi_ixn.services import KAFKA_KEY, KAFKA_SECRET, REDIS_KEY, REDIS_SECRET

Manifest = dict[str, Any]


def secrets_of(settings: Settings, registry_credentials: str) -> Iterator[Manifest]:
    """Yield the existing Secrets of the peers and the pull Secrets; `registry_credentials` is `user:password`."""
    environment = settings.environment
    namespace = environment.namespace.name
    for name, key, peer in (
        (KAFKA_SECRET, KAFKA_KEY, environment.peers.kafka),
        (REDIS_SECRET, REDIS_KEY, environment.peers.ors_redis_stream),
    ):
        if not isinstance(peer, peer_models.Absent) and peer.secret.existing:
            content = {"bootstrap": ",".join(peer.endpoints), "password": secrets.token_urlsafe()}
            yield _secret(peer.secret.existing.name or name, namespace, {key: json.dumps(content)})
    for tenant in settings.tenants.values():
        for party, attribute in DATABASES.items():
            database: peer_models.Absent | service_models.DatabasePeer = getattr(tenant.peers, attribute)
            if not isinstance(database, peer_models.Absent) and (existing := database.secret.existing):
                content = {existing.username_key: "ixn", existing.password_key: secrets.token_urlsafe()}
                yield _secret(existing.name or database_secret(party, tenant.sid), namespace, content)
    for name in environment.image.pull_secrets:
        yield _pull_secret(name, namespace, environment.image.registry, registry_credentials)


def _secret(name: str, namespace: str, content: dict[str, str], kind: str = "Opaque") -> Manifest:
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": kind, "stringData": content}


def _pull_secret(name: str, namespace: str, registry: str, credentials: str) -> Manifest:
    auth = {"auth": base64.b64encode(credentials.encode()).decode()}
    content = {".dockerconfigjson": json.dumps({"auths": {registry.partition("/")[0]: auth}})}
    return _secret(name, namespace, content, "kubernetes.io/dockerconfigjson")
