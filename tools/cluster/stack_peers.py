"""The objects on a cluster that a stack expects: its namespace, peers and Secrets."""

import json
from typing import Any

from pulumi_ixn.config.stack import Settings

from tools.cluster.client import Client
from tools.cluster.objects import MONITORING_KINDS, monitoring_definition
from tools.cluster.peer_manifests import PeerOptions, manifests_of, namespace
from tools.cluster.peers import Peers, peers_of
from tools.cluster.stack_links import links_of
from tools.cluster.stack_secrets import secrets_of
from tools.errors import UserError


def peers_of_stack(settings: Settings) -> Peers:
    """Return the peers of all tenants of a stack."""
    return peers_of(link for links in links_of(settings).values() for link in links)


def apply_surroundings(
    client: Client, settings: Settings, peers: Peers, options: PeerOptions, registry_credentials: str
) -> None:
    """Create the objects that the stack expects; existing Secrets keep their values."""
    for definition in map(monitoring_definition, MONITORING_KINDS):
        # The cluster may have its own, with a schema.
        if not client.run("get", "crd", definition["metadata"]["name"], "--ignore-not-found"):
            client.apply(definition)
    name = settings.environment.namespace.name
    if not settings.environment.namespace.create:
        client.apply(namespace(name, "restricted"))
    client.apply(*manifests_of(peers, options))
    found = client.get("secrets", f"--namespace={name}")["items"]
    known = {each["metadata"]["name"] for each in found}
    missing = [
        each for each in secrets_of(settings, registry_credentials) if each["metadata"]["name"] not in known
    ]
    if missing:
        _create(client, missing)


def wait_for_rollouts(client: Client, peers: Peers) -> None:
    """Wait until the pods of the peers run. Raises UserError if they do not."""
    for each in peers.pods:
        kind = "daemonset" if each.node_agent else "deployment"
        client.run("rollout", "status", f"{kind}/{each.name}", f"--namespace={each.namespace}", "--timeout=60s")


def _create(client: Client, objects: list[dict[str, Any]]) -> None:
    # Through stdin: an argument would show the values to every user of the machine.
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    try:
        client.run("create", "--filename=-", stdin=text)
    except UserError as error:
        if "not found" in str(error):
            raise UserError(
                "the stack's namespace does not exist, so its Secrets cannot: set create: false"
            ) from None
        raise
